"""The files of a language, read and checked: `fr/search.yaml` holds the keys `search.…`; numbers,
distances and days as the language writes them, by the rules of the CLDR.

Babel's own formatting takes 20 µs a number, and a page has hundreds: its symbols and names are read
once.
"""

import re
import string
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import yaml
from babel import Locale

from discovery.errors import MappingsError, Problem
from discovery.mappings.vocabulary import LANGS
from discovery.mappings.yamlfile import composed
from discovery.model import dataclass

NEAR_KM = 10.0
"""Below it a distance is said to the hectometre, from there on to the kilometre."""
_BOUND = (
    ("« ", "«\u00a0"),
    *((f" {sign}", f"\u00a0{sign}") for sign in ":»%€"),
    *((f" {sign}", f"\u202f{sign}") for sign in ";?!"),
)
"""French signs after, or before, a plain space → with the space that keeps them on the line."""
_SIGNS = re.compile("[«:»%€;?!]")
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
    return frozenset(_locale(lang).plural_form.tags | {"other"})


@lru_cache(maxsize=4096)
def plural(count: int, lang: str) -> str:
    """The category of a number: French has `one` for 0 and 1, English for 1 alone."""
    return _locale(lang).plural_form(count)


def written(value: str | int | float, lang: str = "fr") -> str:
    """12.5 → "12,5", 1234 → "1 234" (narrow no-break space) in French; "12.5" and "1,234" in
    English. Texts as they are; one decimal at most.
    """
    if isinstance(value, str):
        return value
    text = f"{value:,d}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
    return text.translate(_symbols(lang)) if len(text) > 2 else text


def typeset(text: str, lang: str) -> str:
    """A text as printed: in French, no line begins with ":" or "?", nor ends with "«". Files have
    plain spaces.
    """
    if lang == "fr" and _SIGNS.search(text):
        for loose, bound in _BOUND:
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


FOLDER = Path(__file__).parent
NONE, OTHER = "none", "other"
"""Plural forms beside those of the language: zero, and the one that every text with forms has."""

Text = str | Mapping[str, str]
"""One text, or one for each plural form."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and where it stands."""

    key: str
    text: Text
    file: Path
    line: int

    @property
    def forms(self) -> Mapping[str, str]:
        """Form → text; a text without forms is its own `other`."""
        return {OTHER: self.text} if isinstance(self.text, str) else self.text

    def placeholders(self) -> frozenset[str]:
        """The `{name}`s of all its forms. Raises ValueError: braces that don't match."""
        parsed = (part for text in self.forms.values() for part in string.Formatter().parse(text))
        return frozenset(name for _, name, _, _ in parsed if name is not None)


def load(lang: str, folder: Path = FOLDER) -> dict[str, Text]:
    """Key → text of a language. Raises MappingsError: what is wrong with which line."""
    problems: list[Problem] = []
    found = {one.key: one.text for one in entries(lang, problems, folder)}
    if problems:
        raise MappingsError(problems)
    return found


def entries(lang: str, problems: list[Problem], folder: Path = FOLDER) -> Iterator[Entry]:
    """Every text of a language, file by file; what can't be used is added to `problems`."""
    for file in sorted((folder / lang).glob("*.yaml")):
        try:
            root = composed(file, "put the text between double quotes")
        except MappingsError as error:
            problems += error.problems
            continue
        if isinstance(root, yaml.MappingNode):
            yield from _below(root, file.stem, file, lang, problems)
        else:
            problems.append(Problem(file, 0, "holds no texts", "write one line a text: key: text"))


def _below(
    node: yaml.MappingNode, prefix: str, file: Path, lang: str, problems: list[Problem]
) -> Iterator[Entry]:
    for name, value in node.value:
        key, line = f"{prefix}.{name.value}", name.start_mark.line + 1
        if isinstance(value, yaml.MappingNode) and OTHER not in {
            below.value for below, _ in value.value
        }:
            yield from _below(value, key, file, lang, problems)
        elif isinstance(value, yaml.MappingNode):
            forms = {below.value: text.value for below, text in value.value}
            strange = forms.keys() - plurals(lang) - {NONE}
            if strange or not all(isinstance(text, str) for text in forms.values()):
                known = ", ".join([NONE, *sorted(plurals(lang))])
                problems.append(
                    Problem(
                        file, line, f"{key}: no such plural form", f"known: {known}; each a text"
                    )
                )
            yield Entry(key, forms, file, line)
        elif isinstance(value, yaml.ScalarNode) and value.value.strip():
            yield Entry(key, value.value, file, line)
        else:
            problems.append(
                Problem(
                    file,
                    line,
                    f"{key} is no text",
                    "write one text, between double quotes if need be",
                )
            )


def check(folder: Path = FOLDER) -> list[Problem]:
    """What is wrong with all files: unreadable ones, a key that one language lacks, `{name}`s that
    differ.
    """
    problems: list[Problem] = []
    by_lang = {lang: {one.key: one for one in entries(lang, problems, folder)} for lang in LANGS}
    if problems:
        return problems
    return [problem for lang in LANGS for other in LANGS if other != lang
            for problem in _differences(by_lang[lang], by_lang[other], other)]  # fmt: skip


def _differences(
    held: Mapping[str, Entry], others: Mapping[str, Entry], other: str
) -> Iterator[Problem]:
    for key, one in held.items():
        if key not in others:
            where = f"{other}/{one.file.name}"
            yield Problem(
                one.file,
                one.line,
                f"{key} is missing in {where}",
                "add it there, or remove it here",
            )
            continue
        try:
            mine, theirs = one.placeholders(), others[key].placeholders()
        except ValueError as error:
            yield Problem(
                one.file,
                one.line,
                f"{key}: {error}",
                "write {name}; a brace itself is written twice",
            )
            continue
        if missing := theirs - mine:
            names = ", ".join(f"{{{name}}}" for name in sorted(missing))
            yield Problem(
                one.file,
                one.line,
                f"{key} lacks {names}, which {other} has",
                "write it in both, or in neither",
            )
        if isinstance(one.text, str) != isinstance(others[key].text, str):
            yield Problem(
                one.file,
                one.line,
                f"{key} has plural forms in one language only",
                "give both of them forms",
            )
