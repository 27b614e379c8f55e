"""Numbers as people read them: one way to write them, one way to round a distance. Pure."""

from __future__ import annotations

NEAR_KM = 10.0
"""Below it a distance is said to the hectometre, from there on to the kilometre."""


def written(value: str | int | float, lang: str = "fr") -> str:
    """12.5 → "12,5", 1234 → "1 234" (narrow no-break space) in French; "12.5" and "1,234" in English."""
    if isinstance(value, str):
        return value
    text = f"{value:,d}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
    return text if lang == "en" else text.replace(",", "\u202f").replace(".", ",")


def shown_km(km: float) -> float | int:
    """A distance as cards and reasons say it: 2.349 → 2.4 (the API gives 2.35), 12.6 → 13.

    By way of the two decimals that the API gives, so that whoever starts from those says the same.
    """
    given = round(km, 2)
    return round(given, 1) if given < NEAR_KM else round(given)
