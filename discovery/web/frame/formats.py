"""The filters of templates: numbers, distances and days as each language writes them. Pure."""

from __future__ import annotations

from collections.abc import Callable

from discovery.locales import day, decimal, fixed, percent, shown_km, written


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
