"""Days as each language writes them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def day(value: str, lang: str) -> str:
    """An ISO day → "2 mars 2024", "1er avril 2024", "2 March 2024"; anything else as it is."""
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return value
    first = "er" if lang == "fr" and found.day == 1 else ""
    return f"{found.day}{first} {MONTHS[lang][found.month - 1]} {found.year}"
