"""Numbers, distances and days as each language writes them, by the rules of the CLDR. Pure.

Babel's own formatting takes 20 µs a number, and a page has hundreds: its symbols and names are read once.
"""

from datetime import date
from functools import cache, lru_cache

from babel import Locale

NEAR_KM = 10.0
"""Below it a distance is said to the hectometre, from there on to the kilometre."""
_BOUND = (
    ("« ", "«\u00a0"),
    *((f" {sign}", f"\u00a0{sign}") for sign in ":»%€"),
    *((f" {sign}", f"\u202f{sign}") for sign in ";?!"),
)
"""French signs after, or before, a plain space → with the space that keeps them on the line."""
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
"""Our languages in the CLDR. Of English, the one of Europe: 2 March 2024."""


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(_LOCALES.get(lang, _LOCALES["fr"]))


@cache
def _symbols(lang: str) -> dict[int, str]:
    """What Python writes for thousands and decimals → what the language writes."""
    symbols = _locale(lang).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"]})


def plurals(lang: str) -> frozenset[str]:
    """The plural categories of a language: `one`, `other`…"""
    return frozenset(_locale(lang).plural_form.tags | {"other"})


@lru_cache(maxsize=4096)
def plural(count: int, lang: str) -> str:
    """The category of a number: French has `one` for 0 and 1, English for 1 alone."""
    return _locale(lang).plural_form(count)


def written(value: str | int | float, lang: str = "fr") -> str:
    """12.5 → "12,5", 1234 → "1 234" (narrow no-break space) in French; "12.5" and "1,234" in English. Texts as they
    are; one decimal at most."""
    if isinstance(value, str):
        return value
    text = f"{value:,d}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
    return text.translate(_symbols(lang)) if len(text) > 2 else text


def typeset(text: str, lang: str) -> str:
    """A text as printed: in French, no line begins with ":" or "?", nor ends with "«". Files have plain spaces."""
    for loose, bound in _BOUND if lang == "fr" else ():
        text = text.replace(loose, bound)
    return text


def decimal(value: float, lang: str) -> str:
    """37.5 → "37,5", 30.0 → "30": every decimal that was given."""
    return f"{value:g}".translate(_symbols(lang))


def percent(value: float, lang: str) -> str:
    """37.5 → "37,5 %" (no-break space) in French, "37.5%" in English."""
    pattern: str = _locale(lang).percent_formats[None].pattern  # "#,##0 %"
    return pattern.replace("#,##0", decimal(value, lang))


def shown_km(km: float) -> float | int:
    """A distance as cards and reasons say it: 2.349 → 2.4 (the API gives 2.35), 12.6 → 13.

    By way of the two decimals that the API gives, so that whoever starts from those says the same.
    """
    given = round(km, 2)
    return round(given, 1) if given < NEAR_KM else round(given)


@lru_cache(maxsize=4096)
def day(value: str, lang: str) -> str:
    """An ISO day → "2 mars 2024", "1er avril 2024", "2 March 2024"; anything else as it is."""
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return value
    first = "er" if lang == "fr" and found.day == 1 else ""
    return f"{found.day}{first} {_locale(lang).months['format']['wide'][found.month]} {found.year}"


def month(value: str, lang: str) -> str:
    """ "2024-03" → "mars 2024", "March 2024"."""
    found = date.fromisoformat(f"{value}-01")
    return f"{_locale(lang).months['stand-alone']['wide'][found.month]} {found.year}"
