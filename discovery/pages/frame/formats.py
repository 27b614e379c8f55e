"""How pages write numbers, distances and days, in each language; and, for programs, JSON-LD of schema.org. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from discovery.texts import day, decimal, fixed, percent, shown_km, written


def km(value: float, lang: str) -> str:
    """3.24 → "3,2"; 12.6 → "13"."""
    return written(shown_km(value), lang)


def siret(number: str) -> str:
    """ "78467169500103" → "784 671 695 00103", as it is written on paper, unbreakable."""
    return "\u00a0".join(part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part)


def filters(lang: str) -> dict[str, Callable[..., str]]:
    """Jinja's filters that write numbers, distances and days as a language does."""
    return {
        "number": lambda value: written(value, lang),
        "km": lambda value: km(value, lang),
        "fixed": lambda value, digits: fixed(value, digits, lang),
        "decimal": lambda value: decimal(value, lang),
        "siret": siret,
        "percent": lambda value: percent(value, lang),
        "day": lambda value: day(value, lang),
    }


def json_ld(told: Mapping[str, Any]) -> Markup:
    """Safe within a script element; members that have nothing to say are left out."""
    text = json.dumps(_present({"@context": "https://schema.org", **told}), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def item_list(addresses: Iterable[str], first: int, total: int) -> Markup:
    """A page of results as an ItemList: the whole addresses of its suppliers, in their order, and how many there are
    in all."""
    entries = [
        {"@type": "ListItem", "position": position, "url": address} for position, address in enumerate(addresses, first)
    ]
    return json_ld({"@type": "ItemList", "numberOfItems": total, "itemListElement": entries})


def _present(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _present(held) for name, held in value.items() if held not in (None, "", [], {})}
    return value
