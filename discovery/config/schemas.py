"""The form of the files under `mappings/`, as marshmallow schemas that build the typed objects."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config.profiles import DistanceDecay, FreshnessDecay, Match, Profile, Typos
from discovery.config.vocabulary import Band, Family, Kind, Naf, Sector, Term

REQUIRED: dict[str, str | list[Any] | dict[Any, Any]] = {"required": "is missing"}
SLUG = validate.Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", error="not a slug: lower case letters, digits and single hyphens")


class Labels(Schema):
    """French is required (what users read first), English as well: one catalogue, both complete."""

    fr = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    en = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)


class Synonyms(Schema):
    fr = fields.List(fields.String(validate=validate.Length(min=1)), load_default=list)
    en = fields.List(fields.String(validate=validate.Length(min=1)), load_default=list)

    @post_load
    def freeze(self, data: dict[str, list[str]], **_: Any) -> dict[str, tuple[str, ...]]:
        return {lang: tuple(names) for lang, names in data.items()}


class TermSchema(Schema):
    """`code` or `slug` is the value; exactly one of them."""

    code = fields.String()
    slug = fields.String(validate=SLUG)
    label = fields.Nested(Labels, required=True, error_messages=REQUIRED)
    synonyms = fields.Nested(Synonyms, load_default=lambda: {"fr": (), "en": ()})

    @validates_schema
    def one_value(self, data: dict[str, Any], **_: Any) -> None:
        if ("code" in data) == ("slug" in data):
            raise ValidationError("needs a `code` or a `slug`, one of them")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        return self.make(
            value=data.pop("code", None) or data.pop("slug"),
            labels=data.pop("label"),
            synonyms=data.pop("synonyms"),
            **data,
        )

    def make(self, **parts: Any) -> Any:
        return Term(**parts)


class KindSchema(TermSchema):
    group = fields.String(required=True, validate=validate.OneOf(["insertion", "handicap"]), error_messages=REQUIRED)
    clause_sociale = fields.Boolean(required=True, error_messages=REQUIRED)
    plural = fields.Nested(Labels, required=True, error_messages=REQUIRED)
    short = fields.Nested(Labels, required=True, error_messages=REQUIRED)

    def make(self, **parts: Any) -> Kind:
        return Kind(**parts)


class FamilySchema(TermSchema):
    kinds = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)

    def make(self, **parts: Any) -> Family:
        return Family(**{**parts, "kinds": tuple(parts["kinds"])})


class NafSchema(TermSchema):
    sectors = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)

    def make(self, **parts: Any) -> Naf:
        return Naf(**{**parts, "sectors": tuple(parts["sectors"])})


class BandSchema(Schema):
    value = fields.String(required=True, error_messages=REQUIRED)
    label = fields.Nested(Labels, required=True, error_messages=REQUIRED)
    min = fields.Integer(required=True, strict=True, error_messages=REQUIRED)
    max = fields.Integer(required=True, strict=True, allow_none=True, error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Band:
        return Band(
            value=data["value"],
            labels=data["label"],
            synonyms={"fr": (), "en": ()},
            minimum=data["min"],
            maximum=data["max"],
        )


class KindsFile(Schema):
    kinds = fields.List(fields.Nested(KindSchema), required=True, error_messages=REQUIRED)
    hidden = fields.List(fields.String(), required=True, error_messages=REQUIRED)
    groups = fields.List(fields.Nested(TermSchema), required=True, error_messages=REQUIRED)
    families = fields.List(fields.Nested(FamilySchema), load_default=list)


class SectorSchema(TermSchema):
    def make(self, **parts: Any) -> Term:
        return Term(**parts)


class SectorsFile(TermSchema):
    """One group of sectors: the group is a term, and each sector learns its group."""

    sectors = fields.List(
        fields.Nested(SectorSchema), required=True, validate=validate.Length(min=1), error_messages=REQUIRED
    )

    def make(self, **parts: Any) -> tuple[Term, list[Sector]]:
        sectors = parts.pop("sectors")
        group = Term(**parts)
        return group, [
            Sector(value=term.value, labels=term.labels, synonyms=term.synonyms, group=group.value) for term in sectors
        ]


def list_file(name: str, entry: type[Schema]) -> Schema:
    """A file holding one list under its own name: `certifications: [...]`."""
    return Schema.from_dict(
        {name: fields.List(fields.Nested(entry), required=True, error_messages=REQUIRED)}, name=f"{name}_file"
    )()


class WhySchema(Schema):
    """Everything that carries numbers says why they are what they are."""

    why = fields.String(
        required=True,
        validate=validate.Length(min=10, error="say why in a sentence"),
        error_messages={"required": "every number needs its reason: add `why:`"},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        del data["why"]
        return self.make(**data)

    def make(self, **parts: Any) -> Any:
        return parts


def number(low: float, high: float) -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(low, high), error_messages=REQUIRED)


def whole(low: int, high: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(low, high), error_messages=REQUIRED)


class ValueSchema(WhySchema):
    value = number(0, 1000)

    def make(self, **parts: Any) -> float:
        return float(parts["value"])


class WeightSchema(WhySchema):
    weight = number(0, 100)

    def make(self, **parts: Any) -> float:
        return float(parts["weight"])


class MatchSchema(WhySchema):
    all_up_to = whole(0, 20)
    share = number(0.01, 1)

    def make(self, **parts: Any) -> Match:
        return Match(**parts)


class TyposSchema(WhySchema):
    minimum_length = whole(3, 20)
    weight = number(0, 1)

    def make(self, **parts: Any) -> Typos:
        return Typos(**parts)


class DistanceSchema(WhySchema):
    weight = number(0, 100)
    offset_km = number(0, 500)
    scale_km = number(0.1, 1000)
    decay = number(0.01, 0.99)

    def make(self, **parts: Any) -> DistanceDecay:
        return DistanceDecay(**parts)


class FreshnessSchema(WhySchema):
    weight = number(0, 100)
    offset_days = whole(0, 3650)
    scale_days = whole(1, 36500)
    decay = number(0.01, 0.99)

    def make(self, **parts: Any) -> FreshnessDecay:
        return FreshnessDecay(**parts)


class SignalsSchema(Schema):
    distance = fields.Nested(DistanceSchema, required=True, error_messages=REQUIRED)
    completeness = fields.Nested(WeightSchema, required=True, error_messages=REQUIRED)
    certifications = fields.Nested(WeightSchema, required=True, error_messages=REQUIRED)
    freshness = fields.Nested(FreshnessSchema, required=True, error_messages=REQUIRED)
    same_activity = fields.Nested(WeightSchema, required=True, error_messages=REQUIRED)


class MinimumMatchSchema(Schema):
    strict = fields.Nested(MatchSchema, required=True, error_messages=REQUIRED)
    lenient = fields.Nested(MatchSchema, required=True, error_messages=REQUIRED)


class ProfileSchema(Schema):
    name = fields.String(required=True, validate=SLUG, error_messages=REQUIRED)
    label = fields.Nested(Labels, required=True, error_messages=REQUIRED)
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(WeightSchema),
        required=True,
        data_key="fields",
        validate=validate.Length(min=1),
        error_messages=REQUIRED,
    )
    tie_breaker = fields.Nested(ValueSchema, required=True, error_messages=REQUIRED)
    minimum_match = fields.Nested(MinimumMatchSchema, required=True, error_messages=REQUIRED)
    relax_below = fields.Nested(ValueSchema, required=True, error_messages=REQUIRED)
    equivalences = fields.Nested(WeightSchema, required=True, error_messages=REQUIRED)
    typos = fields.Nested(TyposSchema, required=True, error_messages=REQUIRED)
    signals = fields.Nested(SignalsSchema, required=True, error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Profile:
        return Profile(
            name=data["name"],
            labels=data["label"],
            fields=tuple(data["fields_"].items()),
            tie_breaker=data["tie_breaker"],
            strict=data["minimum_match"]["strict"],
            lenient=data["minimum_match"]["lenient"],
            relax_below=int(data["relax_below"]),
            equivalence_weight=data["equivalences"],
            typos=data["typos"],
            **data["signals"],
        )
