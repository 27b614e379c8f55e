"""The filters of templates: numbers, distances and days as each language writes them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from discovery.locales import day, decimal, percent, shown_km, written


def km(value: float, lang: str) -> str:
    """3.24 → "3,2"; 12.6 → "13"."""
    return written(shown_km(value), lang)


def filters(lang: str) -> dict[str, Callable[[Any], str]]:
    """Jinja's filters that write numbers, distances and days as a language does."""
    return {
        "number": lambda value: written(value, lang),
        "km": lambda value: km(value, lang),
        "decimal": lambda value: decimal(value, lang),
        "percent": lambda value: percent(value, lang),
        "day": lambda value: day(value, lang),
    }
