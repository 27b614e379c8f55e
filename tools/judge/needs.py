"""What a buyer who types a judged query needs: from which its grades follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from discovery.mappings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle that a need is limited to.

    `of`: a commune's place code; the circle is around its point.
    """

    km: float
    of: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What a phrase takes out: kinds, and seats in these places."""

    kinds: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """What answers a query. What is asked for (sectors, text, naf) gives the grade; all the rest
    must hold.

    `text`: regular expressions over the supplier's own words, folded. `places`: place codes, any of
    which the supplier is in or serves. `within`: it is seated in that circle. `near`: a commune's
    place code, the nearer the better. `national`: the trade is offered over all of France.
    `groups`: a grade for every sector of a group that `sectors` does not name. `refused`: whoever
    is one of those is no answer, and showing it is a fault.
    """

    sectors: Mapping[str, int] = field(default_factory=dict)
    text: tuple[tuple[re.Pattern[str], int], ...] = ()
    naf: Mapping[str, int] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    certifications: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    within: Circle | None = None
    near: str = ""
    national: bool = False
    groups: Mapping[str, int] = field(default_factory=dict)
    refused: Refused | None = None

    def every_sector(self, vocabulary: Vocabulary) -> Need:
        """The need with its groups told sector by sector."""
        told = {
            one.value: grade
            for group, grade in self.groups.items()
            for one in vocabulary.sectors_of(group)
        }
        return replace(self, sectors={**told, **self.sectors})


GRADE = validate.Range(min=0, max=3, error="a grade is 0, 1, 2 or 3")
REQUIRED: dict[str, Any] = {"required": True, "error_messages": {"required": "is missing"}}


def grades(keys: fields.Field[Any] | None = None) -> fields.Dict:
    """A field of grades by key."""
    return fields.Dict(
        keys=keys or fields.String(),
        values=fields.Integer(strict=True, validate=GRADE),
        load_default=dict,
    )


def _place(*types: str) -> fields.String:
    form = "|".join(types)
    return fields.String(
        validate=validate.Regexp(f"^({form}):[0-9AB]+$", error=f"not a place code ({form}:…)")
    )


class Pattern(fields.String):
    """A regular expression."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return re.compile(super()._deserialize(value, *args, **kwargs))
        except re.error as error:
            raise ValidationError(f"not a regular expression: {error}") from None


class CircleSchema(Schema):
    km = fields.Float(validate=validate.Range(min=0, min_inclusive=False), **REQUIRED)
    of = _place("commune")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Circle:
        return Circle(**data)


class RefusedSchema(Schema):
    kinds = fields.List(fields.String(), load_default=list)
    places = fields.List(
        _place("commune", "department", "region"), data_key="in", load_default=list
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Refused:
        return Refused(frozenset(data["kinds"]), tuple(data["places"]))


class NeedSchema(Schema):
    sectors = grades()
    groups = grades()
    text = grades(Pattern())
    naf = grades()
    kinds = fields.List(fields.String(), load_default=list)
    certifications = fields.List(fields.String(), load_default=list)
    networks = fields.List(fields.String(), load_default=list)
    places = fields.List(
        _place("commune", "department", "region"), data_key="in", load_default=list
    )
    within = fields.Nested(CircleSchema, load_default=None)
    near = fields.String(load_default="")
    national = fields.Boolean(load_default=False)
    refused = fields.Nested(RefusedSchema, load_default=None)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Need:
        for name in ("kinds", "certifications", "networks"):
            data[name] = frozenset(data[name])
        return Need(**data | {"places": tuple(data["places"]), "text": tuple(data["text"].items())})
