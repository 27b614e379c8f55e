"""Numbers and days as each language writes them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from discovery.search.days import day
from discovery.search.numbers import shown_km, written


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


def filters(lang: str) -> dict[str, Callable[[Any], str]]:
    """The filters of the templates, in one language."""
    return {
        "number": lambda value: number(value, lang),
        "km": lambda value: km(value, lang),
        "decimal": lambda value: decimal(value, lang),
        "day": lambda value: day(value, lang),
    }
