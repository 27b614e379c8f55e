"""What the search chooses for people who give no distance: `mappings/places/near.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem

FILE = "places/near.yaml"


@dataclass(frozen=True, slots=True)
class Near:
    """The numbers by which "near" is chosen.

    `radii_km`: the circles to try, smallest first. `enough`: suppliers in the circle chosen, if any holds as many.
    `offered`: wider circles shown with their counts. `nearest`: suppliers shown when nobody is at the place asked.
    `plenty`: suppliers that do a trade, from which on who only speaks of it is no answer at a place, unless in a
    field of `said_in`.
    """

    radii_km: tuple[int, ...]
    enough: int
    offered: int
    nearest: int
    plenty: int
    said_in: tuple[str, ...]


class _Number(Schema):
    value = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=100), error_messages=REQUIRED)
    why = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)


class _Fields(Schema):
    value = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    why = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)


def _ascending(radii: list[int]) -> None:
    if not radii or sorted(set(radii)) != radii or radii[0] < 1 or radii[-1] > 500:
        raise ValidationError("whole kilometres from 1 to 500, each once, smallest first")


class _Radii(Schema):
    value = fields.List(fields.Integer(strict=True), required=True, validate=_ascending, error_messages=REQUIRED)
    why = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)


class NearSchema(Schema):
    radii_km = fields.Nested(_Radii, required=True, error_messages=REQUIRED)
    enough = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    offered = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    nearest = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    plenty = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    said_in = fields.Nested(_Fields, required=True, error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, dict[str, Any]], **_: Any) -> Near:
        found = {name: part["value"] for name, part in data.items()}
        lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
        return Near(**{**found, **lists})


def read_near(folder: Path, problems: list[Problem]) -> Near:
    """The file's numbers; with faults, which are appended to `problems`, none that can be used."""
    try:
        found: Near = yamlfile.load(folder / FILE, NearSchema())
    except MappingsError as error:
        problems += error.problems
        return Near((), 0, 0, 0, 0, ())
    return found
