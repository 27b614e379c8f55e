"""What a place is worth to a buyer: the rules of `mappings/judgments/grading.yaml`, which analysts
own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from marshmallow import Schema, fields, post_load, validate

from discovery.mappings import yamlfile
from discovery.mappings.files import file_of
from tools.judge.needs import REQUIRED

FILE = "judgments/grading.yaml"
Way = Literal["seated", "close", "around", "declared", "presumed", "beside", "country"]
"""How a supplier stands to a place; the file says what each means."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of serving a place, and the grade it is worth.

    `km`: the seat is that near to the place at most; None for any distance, an unknown one too.
    """

    way: Way
    grade: int
    km: float | None

    def holds(self, ways: Collection[Way], distance: float | None) -> bool:
        """Whether a supplier serves the place in the rule's way, near enough. `distance`:
        kilometres, None when unknown.
        """
        if self.way not in ways:
            return False
        return self.km is None or (distance is not None and distance <= self.km)


@dataclass(frozen=True, slots=True)
class Grading:
    """The rules of the file.

    `overseas`: the grade across an ocean, whatever the rules say.
    """

    rules: tuple[Rule, ...]
    overseas: int

    def best(self, ways: Collection[Way], distance: float | None) -> int:
        """The best grade of the rules that hold; 0 when none does. `distance` in kilometres, None
        when unknown.
        """
        return max((one.grade for one in self.rules if one.holds(ways, distance)), default=0)


@cache
def load(folder: Path) -> Grading:
    """The rules of a mappings folder. Raises MappingsError with each fault's line."""
    found: Grading = yamlfile.load(file_of(folder, FILE), _GradingSchema())
    return found


def _grade() -> fields.Integer:
    return fields.Integer(
        strict=True,
        validate=validate.Range(min=0, max=3, error="a grade is 0, 1, 2 or 3"),
        **REQUIRED,
    )


def _why() -> fields.String:
    return fields.String(validate=validate.Length(min=1), **REQUIRED)


class _RuleSchema(Schema):
    way = fields.String(data_key="rule", validate=validate.OneOf(get_args(Way)), **REQUIRED)
    grade = _grade()
    km = fields.Float(validate=validate.Range(min=0, min_inclusive=False), load_default=None)
    why = _why()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Rule:
        return Rule(data["way"], data["grade"], data["km"])


class _OverseasSchema(Schema):
    grade = _grade()
    why = _why()


class _GradingSchema(Schema):
    rules = fields.List(fields.Nested(_RuleSchema), validate=validate.Length(min=1), **REQUIRED)
    overseas = fields.Nested(_OverseasSchema, **REQUIRED)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Grading:
        return Grading(tuple(data["rules"]), data["overseas"]["grade"])
