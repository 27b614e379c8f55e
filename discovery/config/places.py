"""Places that analysts own: `places/areas.yaml` and `places/names.yaml`, read at start and again when they change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem
from discovery.config.vocabulary_schema import SENTENCE, SLUG
from discovery.gazetteer import gazetteer
from discovery.gazetteer.named_places import Adjectives, AreaEntry, Entries, NamedPlaces
from discovery.gazetteer.resolve_places import resolve

AREAS, NAMES = "places/areas.yaml", "places/names.yaml"

_NAME = fields.String(validate=validate.Length(min=2))


class _Area(Schema):
    slug = fields.String(required=True, validate=SLUG, error_messages=REQUIRED)
    name = fields.String(required=True, validate=validate.Length(min=2), error_messages=REQUIRED)
    names = fields.List(_NAME, load_default=list)
    members = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    why = fields.String(required=True, validate=SENTENCE, error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> AreaEntry:
        return AreaEntry(**{**data, "names": tuple(data["names"]), "members": tuple(data["members"])})


class _AreasFile(Schema):
    areas = fields.List(fields.Nested(_Area), required=True, error_messages=REQUIRED)


class _Adjectives(Schema):
    body = fields.List(fields.String(), load_default=list)
    around = fields.List(fields.String(), load_default=list)
    of = fields.Dict(
        fields.String(), fields.List(fields.String(), validate=validate.Length(equal=2)), load_default=dict
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Adjectives:
        for pattern in (*data["body"], *data["around"]):
            if "{m}" not in pattern and "{f}" not in pattern:
                raise ValidationError(f"'{pattern}' has neither {{m}} nor {{f}}", "body")
        of = {code: (forms[0], forms[1]) for code, forms in data["of"].items()}
        return Adjectives(tuple(data["body"]), tuple(data["around"]), of)


class _NamesFile(Schema):
    names = fields.Dict(fields.String(), fields.List(_NAME), load_default=dict)
    adjectives = fields.Nested(_Adjectives, load_default=Adjectives)


def places_files(folder: Path) -> list[Path]:
    """The files that `read_places` reads, where they exist."""
    return [folder / AREAS, folder / NAMES]


def read_places(folder: Path, problems: list[Problem]) -> NamedPlaces:
    """The areas and names; absent files hold none. Faults are appended to `problems`."""
    read: dict[str, Any] = {}
    for name, schema in ((AREAS, _AreasFile()), (NAMES, _NamesFile())):
        if (folder / name).exists():
            try:
                read |= yamlfile.load(folder / name, schema)
            except MappingsError as error:
                problems += error.problems
                return NamedPlaces()
    names = {code: tuple(names) for code, names in read.get("names", {}).items()}
    entries = Entries(tuple(read.get("areas", ())), names, read.get("adjectives", Adjectives()))
    faults: list[Any] = []
    found = resolve(entries, gazetteer(), faults)
    texts = {folder / name: _lines(folder / name) for name in (AREAS, NAMES)}
    for fault in faults:
        file, line = _written(texts, fault.text)
        problems.append(Problem(file, line, fault.said, fault.fix))
    return found


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _written(texts: dict[Path, list[str]], text: str) -> tuple[Path, int]:
    """Where a text stands; the first file as a whole when it can't be told."""
    for file, lines in texts.items():
        for number, line in enumerate(lines, 1):
            if text in line:
                return file, number
    return next(iter(texts)), 0
