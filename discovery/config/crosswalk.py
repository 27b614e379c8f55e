"""The crosswalk: what a CPV or ROME code means, in sectors. Analysts own `vocabulary/crosswalk/`.

Registered activity codes (NAF) feed documents, hence stand in the vocabulary; here they are asked the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem
from discovery.config.vocabulary import Vocabulary
from discovery.config.why_schema import WhySchema

Classification = Literal["cpv", "naf", "rome"]

SHORTEST_CPV = 2
"""Digits of a CPV division, the shortest prefix that means something."""
CPV_DIGITS = 8
"""Of a whole code, without its check digit."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What codes that begin with `prefix` mean: `sectors` (the trade itself) and `related` ones, half as sure; sector
    or group slugs. `none`: no inclusive supplier works there, and `why`."""

    prefix: str
    sectors: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    none: bool = False
    why: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Slugs of all its sectors, the surest first."""
        return (*self.sectors, *self.related)


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The crosswalk: codes with their meanings.

    `cpv` by prefix of digits, `rome` by whole code. `without_cpv`: sectors that CPV has no code for. Compared by
    identity: a reload makes others.
    """

    cpv: Mapping[str, Meaning] = field(default_factory=dict)
    rome: Mapping[str, Meaning] = field(default_factory=dict)
    without_cpv: frozenset[str] = frozenset()

    def meaning(self, classification: Classification, code: str, vocabulary: Vocabulary) -> Meaning | None:
        """What a code means; None where nobody decided. The code without its dots and check digit: "90911200",
        "8121Z", "K2204".

        A CPV code is decided by its longest prefix, as the classification is a tree.
        """
        if classification == "naf":
            registered = vocabulary.naf.get(code)
            return Meaning(code, registered.sectors) if registered else None
        if classification == "rome":
            return self.rome.get(code)
        lengths = range(len(code), SHORTEST_CPV - 1, -1)
        return next((self.cpv[code[:length]] for length in lengths if code[:length] in self.cpv), None)


class _Entry(Schema):
    """One row; the subclass names its key."""

    sectors = fields.List(fields.String(), load_default=list)
    related = fields.List(fields.String(), load_default=list)
    none = fields.Boolean(load_default=False)
    why = fields.String(load_default="")

    @validates_schema
    def _decided(self, data: dict[str, Any], **_: Any) -> None:
        if data["none"] == bool(data["sectors"] or data["related"]):
            raise ValidationError("give `sectors` (or `related`), or `none: true`: one of them, not both")
        if data["none"] and not data["why"]:
            raise ValidationError("say why inclusive suppliers do not work there", "why")


class CpvEntry(_Entry):
    prefix = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Regexp(r"^\d{2,8}$", error="two to eight digits, between quotes"),
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Meaning:
        return _meaning(data, data["prefix"])


class RomeEntry(_Entry):
    code = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Regexp(r"^[A-N]\d{4}$", error="a letter and four digits"),
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Meaning:
        return _meaning(data, data["code"])


def _meaning(data: dict[str, Any], prefix: str) -> Meaning:
    return Meaning(prefix, tuple(data["sectors"]), tuple(data["related"]), data["none"], data["why"])


class WithoutCode(WhySchema):
    sectors = fields.List(fields.String(), required=True, error_messages=REQUIRED)

    def make(self, **parts: Any) -> tuple[str, ...]:
        return tuple(parts["sectors"])


class CpvFile(Schema):
    entries = fields.List(fields.Nested(CpvEntry), required=True, error_messages=REQUIRED)
    without_code = fields.List(fields.Nested(WithoutCode), load_default=list)


class RomeFile(Schema):
    entries = fields.List(fields.Nested(RomeEntry), required=True, error_messages=REQUIRED)


CPV, ROME = "cpv.yaml", "rome.yaml"


def codes_files(folder: Path) -> list[Path]:
    """The files that `read_codes` reads."""
    return [folder / "vocabulary" / "crosswalk" / name for name in (CPV, ROME)]


def read_codes(folder: Path, problems: list[Problem]) -> Codes:
    """Read the crosswalk. What is wrong is appended to `problems`; nothing is raised."""
    cpv, rome = codes_files(folder)
    codes, jobs = _read(cpv, CpvFile(), problems), _read(rome, RomeFile(), problems)
    without = frozenset(slug for slugs in codes.get("without_code", ()) for slug in slugs)
    return Codes(_by_prefix(cpv, codes, problems), _by_prefix(rome, jobs, problems), without)


def _read(file: Path, form: Schema, problems: list[Problem]) -> dict[str, Any]:
    try:
        read: dict[str, Any] = yamlfile.load(file, form)
    except MappingsError as error:
        problems += error.problems
        return {}
    return read


def _by_prefix(file: Path, read: Mapping[str, Any], problems: list[Problem]) -> dict[str, Meaning]:
    entries: list[Meaning] = read.get("entries", [])
    found: dict[str, Meaning] = {}
    for place, entry in enumerate(entries):
        if entry.prefix in found:
            line = yamlfile.line(file, ("entries", place))
            problems.append(Problem(file, line, f"'{entry.prefix}' is decided twice", "keep one of the two"))
        found[entry.prefix] = entry
    return found
