"""The files of the grammar read and checked: one of `mappings/grammar/` for each class of `grammar.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from marshmallow import Schema, post_load
from marshmallow import fields as forms

from discovery.config import yamlfile
from discovery.config.grammar import Grammar
from discovery.config.grammar_fields import (
    Deed,
    DeedList,
    NumberTable,
    PhraseList,
    Phrases,
    PhraseTable,
    Reading,
    ReadingList,
    ValueTable,
    WordList,
    Words,
)
from discovery.config.problems import MappingsError, Problem

_FORMS: dict[Any, type[forms.Field[Any]]] = {
    Phrases: PhraseList,
    frozenset[str]: WordList,
    Mapping[Words, float]: NumberTable,
    Mapping[str, tuple[str, ...]]: ValueTable,
    tuple[Reading, ...]: ReadingList,
    Mapping[str, Phrases]: PhraseTable,
    tuple[Deed, ...]: DeedList,
}


@cache
def sections() -> Mapping[str, type[Any]]:
    """File of the grammar → its class."""
    hints = get_type_hints(Grammar)
    return {one.name: hints[one.name] for one in fields(Grammar) if one.init}


@cache
def _schema(name: str) -> type[Schema]:
    made = sections()[name]
    hints = get_type_hints(made)
    said = {"required": "is missing: give the list, [] for none", "null": "is empty: write [] for none"}
    columns: dict[str, forms.Field[Any]] = {
        one.name: one.metadata.get("form", _FORMS[hints[one.name]])(required=True, error_messages=said)
        for one in fields(made)
    }

    class Built(Schema):
        error_messages: dict[str, str] = {"unknown": "is no section of this file"}  # noqa: RUF012

        @post_load
        def build(self, data: dict[str, Any], **_: Any) -> Any:
            return made(**data)

    return type(f"{name}_grammar", (Built,), columns)


def grammar_files(folder: Path) -> list[Path]:
    """The files that `grammar` is read from."""
    return [folder / "grammar" / f"{name}.yaml" for name in sections()]


def read_grammar(folder: Path, problems: list[Problem]) -> Grammar | None:
    """Read the grammar; None when some file can't be used. What is wrong is appended to `problems`."""
    parts: dict[str, Any] = {}
    for name in sections():
        try:
            parts[name] = yamlfile.load(folder / "grammar" / f"{name}.yaml", _schema(name)())
        except MappingsError as error:
            problems += error.problems
    return Grammar(**parts) if len(parts) == len(sections()) else None
