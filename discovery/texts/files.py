"""The files of a language, read and checked: `fr/search.yaml` holds the keys `search.…`."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from discovery.errors import MappingsError, Problem
from discovery.mappings.vocabulary import LANGS
from discovery.mappings.yamlfile import composed
from discovery.texts.formats import plurals

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


def _below(node: yaml.MappingNode, prefix: str, file: Path, lang: str, problems: list[Problem]) -> Iterator[Entry]:
    for name, value in node.value:
        key, line = f"{prefix}.{name.value}", name.start_mark.line + 1
        if isinstance(value, yaml.MappingNode) and OTHER not in {below.value for below, _ in value.value}:
            yield from _below(value, key, file, lang, problems)
        elif isinstance(value, yaml.MappingNode):
            forms = {below.value: text.value for below, text in value.value}
            strange = forms.keys() - plurals(lang) - {NONE}
            if strange or not all(isinstance(text, str) for text in forms.values()):
                known = ", ".join([NONE, *sorted(plurals(lang))])
                problems.append(Problem(file, line, f"{key}: no such plural form", f"known: {known}; each a text"))
            yield Entry(key, forms, file, line)
        elif isinstance(value, yaml.ScalarNode) and value.value.strip():
            yield Entry(key, value.value, file, line)
        else:
            problems.append(
                Problem(file, line, f"{key} is no text", "write one text, between double quotes if need be")
            )


def check(folder: Path = FOLDER) -> list[Problem]:
    """What is wrong with all files: unreadable ones, a key that one language lacks, `{name}`s that differ."""
    problems: list[Problem] = []
    by_lang = {lang: {one.key: one for one in entries(lang, problems, folder)} for lang in LANGS}
    if problems:
        return problems
    return [problem for lang in LANGS for other in LANGS if other != lang
            for problem in _differences(by_lang[lang], by_lang[other], other)]  # fmt: skip


def _differences(held: Mapping[str, Entry], others: Mapping[str, Entry], other: str) -> Iterator[Problem]:
    for key, one in held.items():
        if key not in others:
            where = f"{other}/{one.file.name}"
            yield Problem(one.file, one.line, f"{key} is missing in {where}", "add it there, or remove it here")
            continue
        try:
            mine, theirs = one.placeholders(), others[key].placeholders()
        except ValueError as error:
            yield Problem(one.file, one.line, f"{key}: {error}", "write {name}; a brace itself is written twice")
            continue
        if missing := theirs - mine:
            names = ", ".join(f"{{{name}}}" for name in sorted(missing))
            yield Problem(
                one.file, one.line, f"{key} lacks {names}, which {other} has", "write it in both, or in neither"
            )
        if isinstance(one.text, str) != isinstance(others[key].text, str):
            yield Problem(one.file, one.line, f"{key} has plural forms in one language only", "give both of them forms")
