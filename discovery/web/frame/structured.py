"""What pages tell programs, as JSON-LD in the words of schema.org. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup


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
