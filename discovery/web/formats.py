"""Numbers and days as each language writes them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from discovery.search.numbers import shown_km, written

MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def number(value: int, lang: str) -> str:
    """1234 → "1 234" (narrow no-break space) in French, "1,234" in English."""
    return written(value, lang)


def km(value: float, lang: str) -> str:
    """3.24 → "3,2"; 12.6 → "13"."""
    return written(shown_km(value), lang)


def decimal(value: float, lang: str) -> str:
    """37.5 → "37,5", 30.0 → "30": every decimal that was given."""
    text = f"{value:g}"
    return text.replace(".", ",") if lang == "fr" else text


def day(value: str, lang: str) -> str:
    """An ISO day → "2 mars 2024", "1er avril 2024", "2 March 2024"; anything else as it is."""
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return value
    first = "er" if lang == "fr" and found.day == 1 else ""
    return f"{found.day}{first} {MONTHS[lang][found.month - 1]} {found.year}"


def filters(lang: str) -> dict[str, Callable[[Any], str]]:
    """The filters of the templates, in one language."""
    return {
        "number": lambda value: number(value, lang),
        "km": lambda value: km(value, lang),
        "day": lambda value: day(value, lang),
    }
