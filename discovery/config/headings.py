"""How notices and programmes name what they tell: `mappings/needs/headings.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as members
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem
from discovery.gazetteer.names import normalise

FILE = "needs/headings.yaml"


@dataclass(frozen=True, slots=True)
class Headings:
    """Folded names of each thing told; the fields of `COLUMNS` are those of a programme."""

    lot: frozenset[str]
    title: frozenset[str]
    cpv: frozenset[str]
    place: frozenset[str]
    amount: frozenset[str]
    date: frozenset[str]

    def of(self, text: str) -> str:
        """Which of `COLUMNS` a heading names: the longest name that it is, or begins with; "" = none."""
        folded = normalise(text)
        found = [
            (len(name), column)
            for column in COLUMNS
            for name in getattr(self, column)
            if folded == name or folded.startswith(f"{name} ")
        ]
        return max(found)[1] if found else ""


COLUMNS = ("title", "cpv", "place", "amount", "date")
NONE = Headings(*([frozenset[str]()] * 6))


def _names() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.Length(min=2)),
        required=True,
        validate=validate.Length(min=1),
        error_messages=REQUIRED,
    )


class HeadingsSchema(Schema):
    lot = _names()
    title = _names()
    cpv = _names()
    place = _names()
    amount = _names()
    date = _names()

    @post_load
    def build(self, data: dict[str, list[str]], **_: Any) -> Headings:
        return Headings(**{one.name: frozenset(map(normalise, data[one.name])) for one in members(Headings)})


def read_headings(folder: Path, problems: list[Problem]) -> Headings:
    """Read the headings. What is wrong is appended to `problems`: a name of two things is one."""
    try:
        found: Headings = yamlfile.load(folder / FILE, HeadingsSchema())
    except MappingsError as error:
        problems += error.problems
        return NONE
    seen: dict[str, str] = {}
    for column in ("lot", *COLUMNS):
        for name in sorted(getattr(found, column)):
            if name in seen:
                said = f"'{name}' names both {seen[name]} and {column}"
                problems.append(Problem(folder / FILE, 0, said, "keep one of them"))
            seen[name] = column
    return found
