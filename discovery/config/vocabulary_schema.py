"""Marshmallow schemas of the files under `mappings/vocabulary/`; loading one builds the typed objects."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config.problems import REQUIRED
from discovery.config.vocabulary import (
    Band,
    Certification,
    Evidence,
    Family,
    Instead,
    Kind,
    Naf,
    Origin,
    Sector,
    ServiceType,
    Term,
)

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
        """Refuse an entry without a code or slug, or with both."""
        if ("code" in data) == ("slug" in data):
            raise ValidationError("needs a `code` or a `slug`, one of them")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """Make the typed object of a checked entry, by `make`."""
        return self.make(
            value=data.pop("code", None) or data.pop("slug"),
            labels=data.pop("label"),
            synonyms=data.pop("synonyms"),
            **data,
        )

    def make(self, **parts: Any) -> Any:
        """The typed object of this list; subclasses make their own. `parts`: the fields, and `value`, `labels`,
        `synonyms`."""
        return Term(**parts)


SENTENCE = validate.Regexp(r"^\S.*[.…]$", error="not a sentence: it ends with a full stop")


class Sentences(Labels):
    """One sentence in each language."""

    fr = fields.String(required=True, validate=SENTENCE, error_messages=REQUIRED)
    en = fields.String(required=True, validate=SENTENCE, error_messages=REQUIRED)


class KindSchema(TermSchema):
    group = fields.String(required=True, validate=validate.OneOf(["insertion", "handicap"]), error_messages=REQUIRED)
    clause_sociale = fields.Boolean(required=True, error_messages=REQUIRED)
    plural = fields.Nested(Labels, required=True, error_messages=REQUIRED)
    short = fields.Nested(Sentences, required=True, error_messages=REQUIRED)
    for_buyers = fields.Nested(Sentences, required=True, error_messages=REQUIRED)

    def make(self, **parts: Any) -> Kind:
        return Kind(**parts)


class FamilySchema(TermSchema):
    kinds = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)

    def make(self, **parts: Any) -> Family:
        return Family(**{**parts, "kinds": tuple(parts["kinds"])})


class InsteadSchema(Schema):
    names = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)
    kinds = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)

    @post_load
    def build(self, data: dict[str, list[str]], **_: Any) -> Instead:
        return Instead(tuple(data["names"]), tuple(data["kinds"]))


class ServiceTypeSchema(TermSchema):
    instead = fields.List(fields.Nested(InsteadSchema), load_default=list)

    def make(self, **parts: Any) -> ServiceType:
        return ServiceType(**{**parts, "instead": tuple(parts["instead"])})


class NafSchema(TermSchema):
    sectors = fields.List(fields.String(), required=True, validate=validate.Length(min=1), error_messages=REQUIRED)

    def make(self, **parts: Any) -> Naf:
        return Naf(**{**parts, "sectors": tuple(parts["sectors"])})


class CertificationSchema(TermSchema):
    proof = fields.Boolean(load_default=True)
    why = fields.String(validate=SENTENCE)

    @validates_schema
    def reasoned(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse one that is no proof without saying why."""
        if not data["proof"] and "why" not in data:
            raise ValidationError("a label that proves nothing says why: add `why:`", "proof")

    def make(self, **parts: Any) -> Certification:
        parts.pop("why", None)
        return Certification(**parts)


class OriginSchema(TermSchema):
    licence = fields.String(load_default="")
    certification = fields.String(load_default="")

    def make(self, **parts: Any) -> Origin:
        return Origin(**parts)


class EvidenceSchema(TermSchema):
    strength = fields.Float(required=True, validate=validate.Range(0, 1), error_messages=REQUIRED)
    related = fields.Float(required=True, validate=validate.Range(0, 1), error_messages=REQUIRED)
    why = fields.String(required=True, validate=validate.Length(min=1), error_messages=REQUIRED)

    def make(self, **parts: Any) -> Evidence:
        del parts["why"]
        return Evidence(**parts)


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


@cache
def list_file(name: str, entry: type[Schema]) -> type[Schema]:
    """The schema of a file that holds one list under its own name: `certifications: [...]`."""
    return Schema.from_dict(
        {name: fields.List(fields.Nested(entry), required=True, error_messages=REQUIRED)}, name=f"{name}_file"
    )
