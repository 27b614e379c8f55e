"""Marshmallow schema of `profiles/*.yaml`: sections of numbers, each with its `why`; one may extend another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config.problems import REQUIRED
from discovery.config.profiles import (
    MAX_PINNED,
    Frequent,
    Match,
    Named,
    Profile,
    Typos,
)
from discovery.config.ranking_schema import SignalsSchema, TiersSchema
from discovery.config.vocabulary_schema import SLUG, Labels
from discovery.config.why_schema import WeightSchema, WhySchema, about, number, whole
from discovery.schema.signals import SHARES

SECTIONS = ("fields", "match", "minimum_match", "relax_below", "frequent", "equivalences", "typos", "tiers", "signals")
"""What makes a profile, besides its name and label; a profile that extends another gives only what differs."""
PARTS = {
    "minimum_match": ("strict", "lenient"),
    "tiers": ("trade", "place", "circle", "sea"),
    "signals": ("text", "distance", *SHARES, "freshness"),
}
"""Sections whose parts are taken over one by one; so are the fields of `fields`."""


class RelaxSchema(WhySchema):
    value = whole(0, 1000, "Words that find fewer suppliers, over the whole index, are read leniently; 0 = never.")

    def make(self, **parts: Any) -> int:
        return int(parts["value"])


class MatchModeSchema(WhySchema):
    mode = fields.String(
        required=True,
        validate=validate.OneOf(["best_field", "all_fields"]),
        error_messages=REQUIRED,
        metadata=about("A word counts in its best field, or in all of its fields added up."),
    )
    tie_breaker = fields.Float(
        validate=validate.Range(0, 1),
        metadata=about("With best_field: the share of their score that the other fields add."),
    )

    @validates_schema
    def one_number(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a `tie_breaker` without `best_field`, and the other way round."""
        if (data["mode"] == "best_field") != ("tie_breaker" in data):
            raise ValidationError("goes with `mode: best_field`, and only with it", "tie_breaker")

    def make(self, **parts: Any) -> float:
        return float(parts.get("tie_breaker", 1.0))


class MinimumSchema(WhySchema):
    all_up_to = whole(0, 20, "Up to so many words, all of them must match.")
    share = number(0.01, 1, "Of more words, the share that must match.")

    def make(self, **parts: Any) -> Match:
        return Match(**parts)


class TyposSchema(WhySchema):
    minimum_length = whole(3, 20, "Shorter words are never corrected.")
    weight = number(0, 1, "A corrected word counts so much of a word typed; 0 = nothing is corrected.")

    def make(self, **parts: Any) -> Typos:
        return Typos(**parts)


class RotationSchema(WhySchema):
    by_day = fields.Boolean(
        required=True,
        truthy={True},
        falsy={False},
        error_messages=REQUIRED,
        metadata=about("Whether suppliers of the same score change places by day and search."),
    )

    def make(self, **parts: Any) -> bool:
        return bool(parts["by_day"])


class FrequentSchema(WhySchema):
    share = number(0.0001, 1, "Share of the suppliers that hold a frequent word.")
    at_least = whole(1, 100_000, "Suppliers that hold a frequent word, in any index.")

    def make(self, **parts: Any) -> Frequent:
        return Frequent(**parts)


class MinimumMatchSchema(Schema):
    strict = fields.Nested(MinimumSchema)
    lenient = fields.Nested(MinimumSchema)


class NamedSchema(WhySchema):
    queries = fields.List(
        fields.String(validate=validate.Length(min=1)),
        required=True,
        validate=validate.Length(min=1),
        error_messages=REQUIRED,
        metadata=about("Words as typed, case and accents aside; places and kinds are read out of them first."),
    )
    ids = fields.List(
        fields.String(validate=validate.Length(min=1)),
        required=True,
        validate=validate.Length(min=1, max=MAX_PINNED),
        error_messages=REQUIRED,
        metadata=about("Suppliers' ids, in order. Those that the search does not find are not added."),
    )

    def make(self, **parts: Any) -> Named:
        return Named(tuple(parts["queries"]), tuple(parts["ids"]))


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """One file as written: `sections` holds only what it gives; `extends` names the profile that has the rest."""

    name: str
    labels: Mapping[str, str]
    extends: str | None
    sections: Mapping[str, Any]

    def complete(self, base: ProfileFile | None = None) -> Profile:
        """The profile, with what the file leaves out taken from `base`."""
        given = self.sections if base is None else _merged(base.sections, self.sections)
        return Profile(
            name=self.name,
            labels=self.labels,
            fields=tuple((field, weight) for field, weight in given["fields"].items() if weight),
            tie_breaker=given["match"],
            strict=given["minimum_match"]["strict"],
            lenient=given["minimum_match"]["lenient"],
            relax_below=given["relax_below"],
            frequent=given["frequent"],
            equivalence_weight=given["equivalences"],
            typos=given["typos"],
            rotation=given.get("rotation", False),
            pins=tuple(given.get("pins", ())),
            buries=tuple(given.get("buries", ())),
            **given["tiers"],
            **given["signals"],
        )


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Sections made of parts are merged part by part, the others replaced."""
    parted = {name: {**base.get(name, {}), **own[name]} for name in (*PARTS, "fields") if name in own}
    return {**base, **own, **parted}


class ProfileSchema(Schema):
    class Meta:
        title = "A ranking profile"

    name = fields.String(
        required=True,
        validate=SLUG,
        error_messages=REQUIRED,
        metadata=about("What `profile=` takes, and the file's own name."),
    )
    label = fields.Nested(Labels, required=True, error_messages=REQUIRED)
    extends = fields.String(
        validate=SLUG, metadata=about("The profile that gives what this file leaves out; it extends none itself.")
    )
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(WeightSchema),
        data_key="fields",
        validate=validate.Length(min=1),
        metadata=about("Text fields of suppliers.json; one that is not named is not searched."),
    )
    match = fields.Nested(MatchModeSchema)
    minimum_match = fields.Nested(MinimumMatchSchema)
    relax_below = fields.Nested(RelaxSchema)
    frequent = fields.Nested(FrequentSchema)
    equivalences = fields.Nested(WeightSchema)
    typos = fields.Nested(TyposSchema)
    tiers = fields.Nested(TiersSchema)
    signals = fields.Nested(SignalsSchema)
    rotation = fields.Nested(RotationSchema, metadata=about("May be left out: equals then stay in the order of ids."))
    pins = fields.List(fields.Nested(NamedSchema), metadata=about("Suppliers put first for some queries."))
    buries = fields.List(fields.Nested(NamedSchema), metadata=about("Suppliers put last for some queries."))

    @validates_schema
    def whole_or_extending(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a profile that lacks a section and extends no other."""
        if "extends" in data:
            return
        said = "is missing (or `extends:` a profile that has it)"
        given = {**data, "fields": data.get("fields_")}
        missing: dict[str, Any] = {section: [said] for section in SECTIONS if not given.get(section)}
        for section, parts in PARTS.items():
            if section not in missing and (lacking := [part for part in parts if part not in data[section]]):
                missing[section] = {part: [said] for part in lacking}
        if missing:
            raise ValidationError(missing)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ProfileFile:
        if "fields_" in data:
            data["fields"] = data.pop("fields_")
        return ProfileFile(data.pop("name"), data.pop("label"), data.pop("extends", None), data)
