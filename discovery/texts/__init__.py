"""What users read, in each language: texts by key, of `fr/` and `en/`, numbers and days as the CLDR
writes them.

`search.hint` is the line `hint` of `fr/search.yaml` and of `en/search.yaml`. A text may leave room
for `{name}`s. One that depends on a number has a form for each plural category of its language
(`one`, `other`…), told apart by the argument `count`, and `none` for zero where that reads better.
"""

from collections.abc import Callable, Mapping
from functools import cache

from discovery.disk_cache import cached
from discovery.mappings.vocabulary import LANGS, Lang
from discovery.texts.files import (
    Text,
    day,
    decimal,
    load,
    month,
    percent,
    plural,
    shown_km,
    typeset,
    written,
)

__all__ = ["day", "decimal", "month", "percent", "shown_km", "typeset", "written"]

Translate = Callable[..., str]
"""`t` of one language."""


def t(key: str, lang: str, /, **args: str | int | float) -> str:
    """The text, its `{name}`s filled in; numbers are written as the language writes them.

    An unknown language reads French. Raises KeyError: no such key, or an argument that the text
    needs is missing.
    """
    text = _catalogue(lang)[key]
    if not isinstance(text, str):
        text = _form(text, args["count"], lang)
    if not args:
        return text.format()
    return text.format_map({name: written(value, lang) for name, value in args.items()})


def has(key: str) -> bool:
    """Whether there is such a text (the files of both languages hold the same keys)."""
    return key in _catalogue(LANGS[0])


def template(key: str, lang: str) -> str:
    """The text with its `{name}`s, for a script that fills them in."""
    text = _catalogue(lang)[key]
    if not isinstance(text, str):
        raise TypeError(f"{key} has plural forms: scripts take one text")
    return text


@cache
def section(prefix: str, lang: str) -> Mapping[str, str]:
    """The texts right below a key, in the file's order: last step of the key → text."""
    found = {
        key.removeprefix(f"{prefix}."): key
        for key in _catalogue(lang)
        if key.startswith(f"{prefix}.")
    }
    return {name: template(key, lang) for name, key in found.items() if "." not in name}


@cache
def translator(lang: str) -> Translate:
    """`t` bound to a language: call it with (key, **args)."""

    def translate(key: str, /, **args: str | int | float) -> str:
        return t(key, lang, **args)

    return translate


@cache
def typesetter(lang: str) -> Translate:
    """The same for pages: texts as they are printed."""
    if lang != "fr":
        return translator(lang)

    def translate(key: str, /, **args: str | int | float) -> str:
        return typeset(t(key, lang, **args), lang)

    return translate


def language(asked: str | None) -> Lang:
    """The language of `lang=`; French for anything else, so that an error can always be said."""
    return "en" if (asked or "").strip().lower() == "en" else "fr"


def warm() -> None:
    """Read the files now rather than during a first request. Raises MappingsError."""
    _catalogues()


@cache
def _catalogue(lang: str) -> Mapping[str, Text]:
    return _catalogues()[language(lang)]


@cache
def _catalogues() -> Mapping[str, Mapping[str, Text]]:
    return cached(__file__, lambda: {lang: load(lang) for lang in LANGS})


def _form(forms: Mapping[str, str], count: str | int | float, lang: str) -> str:
    if not isinstance(count, int):
        raise TypeError(f"count is {count!r}: plural forms need a whole number")
    if not count and "none" in forms:
        return forms["none"]
    return forms.get(plural(count, lang), forms["other"])
