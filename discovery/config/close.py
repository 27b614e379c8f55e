"""Trades that a buyer does not tell apart: `mappings/vocabulary/close.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem

FILE = "vocabulary/close.yaml"


@dataclass(frozen=True, slots=True)
class Close:
    """Trades that do as well as the one asked for.

    `also`: a sector or group asked for → the others that do as well.
    """

    also: Mapping[str, tuple[str, ...]]

    def with_close(self, sectors: tuple[str, ...]) -> tuple[str, ...]:
        """The sectors, then those that do as well."""
        return tuple(dict.fromkeys((*sectors, *(other for one in sectors for other in self.also.get(one, ())))))

    def slugs(self) -> Iterator[str]:
        """Every sector and group that the file names."""
        for asked, others in self.also.items():
            yield asked
            yield from others


class _Entry(Schema):
    asked = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    also = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    why = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)


class CloseSchema(Schema):
    close = fields.List(fields.Nested(_Entry), required=True, error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, list[dict[str, Any]]], **_: Any) -> Close:
        """Make the typed object of a checked file."""
        also: dict[str, dict[str, None]] = {}
        for entry in data["close"]:
            for asked in entry["asked"]:
                also.setdefault(asked, {}).update((other, None) for other in entry["also"] if other != asked)
        return Close({asked: tuple(others) for asked, others in also.items()})


def read_close(folder: Path, problems: list[Problem]) -> Close:
    """What the file says; nothing is close where it is absent. Faults are appended to `problems`."""
    if not (folder / FILE).exists():
        return Close({})
    try:
        found: Close = yamlfile.load(folder / FILE, CloseSchema())
    except MappingsError as error:
        problems += error.problems
        return Close({})
    return found
