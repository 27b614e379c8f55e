"""Thresholds from which a buyer's means are proposed: `mappings/potential.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem
from discovery.config.vocabulary import LANGS

FILE = "potential.yaml"
_ARTICLE = r"^[LRD]\d{4}-\d{1,2}(?:-\d{1,2})?$"


@dataclass(frozen=True, slots=True)
class Step:
    """Proposed when more than `more_than` suppliers do it there and, if `independent`, none would hang on it.
    `label` and `says`: language → a name, a text."""

    name: str
    label: Mapping[str, str]
    more_than: int
    articles: tuple[str, ...]
    says: Mapping[str, str]
    independent: bool = False


@dataclass(frozen=True, slots=True)
class Direct:
    """What is said where a purchase may be made without a tender."""

    articles: tuple[str, ...]
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Social:
    """What is said of trades that may be reserved to the social economy.

    `sectors`: slugs; a need of these alone may be reserved to the social economy.
    """

    sectors: frozenset[str]
    articles: tuple[str, ...]
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers and steps by which a buyer's means are proposed.

    `dependency_percent`: of a typical yearly turnover. `turnovers`: known ones that make one typical. `steps`: the
    most demanding first; the last holds always.
    """

    dependency_percent: int
    direct_below_euros: int
    turnovers: int
    steps: tuple[Step, ...]
    direct: Direct
    social: Social


def _text(**options: Any) -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED, **options)


class _Number(Schema):
    value = fields.Integer(required=True, strict=True, validate=validate.Range(min=1), error_messages=REQUIRED)
    why = _text()


def _articles() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.Regexp(_ARTICLE, error="an article, as L2113-12")),
        required=True,
        validate=validate.Length(min=1),
        error_messages=REQUIRED,
    )


def _says() -> fields.Dict:
    def complete(given: dict[str, str]) -> None:
        if set(given) != set(LANGS):
            raise ValidationError(f"one text in each of {', '.join(LANGS)}")

    return fields.Dict(fields.String(), _text(), required=True, validate=complete, error_messages=REQUIRED)


class _Step(Schema):
    name = _text()
    label = _says()
    more_than = fields.Integer(required=True, strict=True, validate=validate.Range(min=-1), error_messages=REQUIRED)
    independent = fields.Boolean(load_default=False)
    articles = _articles()
    why = _text()
    says = _says()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Step:
        del data["why"]
        return Step(**{**data, "articles": tuple(data["articles"])})


class _Direct(Schema):
    articles = _articles()
    says = _says()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Direct:
        return Direct(tuple(data["articles"]), data["says"])


class _Social(Schema):
    sectors = fields.List(_text(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    articles = _articles()
    why = _text()
    says = _says()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Social:
        return Social(frozenset(data["sectors"]), tuple(data["articles"]), data["says"])


def _descending(steps: list[Step]) -> None:
    numbers = [step.more_than for step in steps]
    if not steps or sorted(set(numbers), reverse=True) != numbers:
        raise ValidationError("the most demanding first, each `more_than` once")
    if numbers[-1] != -1 or steps[-1].independent:
        raise ValidationError("the last holds always: `more_than: -1`, and not `independent`")
    if len({step.name for step in steps}) < len(steps):
        raise ValidationError("each name once")


class PotentialSchema(Schema):
    dependency_percent = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    direct_below_euros = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    turnovers = fields.Nested(_Number, required=True, error_messages=REQUIRED)
    steps = fields.List(fields.Nested(_Step), required=True, validate=_descending, error_messages=REQUIRED)
    direct = fields.Nested(_Direct, required=True, error_messages=REQUIRED)
    social = fields.Nested(_Social, required=True, error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Thresholds:
        numbers = {name: data[name]["value"] for name in ("dependency_percent", "direct_below_euros", "turnovers")}
        return Thresholds(**numbers, steps=tuple(data["steps"]), direct=data["direct"], social=data["social"])


def read_potential(folder: Path, problems: list[Problem]) -> Thresholds | None:
    """Read the thresholds; None with faults, which are appended to `problems`."""
    try:
        found: Thresholds = yamlfile.load(folder / FILE, PotentialSchema())
    except MappingsError as error:
        problems += error.problems
        return None
    return found
