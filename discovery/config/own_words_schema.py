"""Marshmallow schema of `vocabulary/own_words.yaml`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config.own_words import OwnWords, Told, written
from discovery.config.problems import REQUIRED
from discovery.config.why_schema import WhySchema, about

FILE = "vocabulary/own_words.yaml"


class ToldSchema(WhySchema):
    words = fields.List(
        fields.String(validate=validate.Regexp(r"^[^*]*\w[^*]*\*?$", error="words; a `*` at the end at most")),
        required=True,
        validate=validate.Length(min=1),
        error_messages=REQUIRED,
        metadata=about("Whole words; a `*` at the end: whatever goes on."),
    )
    sectors = fields.List(
        fields.String(), required=True, error_messages=REQUIRED, metadata=about("Slugs of sectors; may be empty.")
    )
    names_only = fields.Boolean(load_default=False, metadata=about("Not in texts, which say them in passing."))

    def make(self, **parts: Any) -> Told:
        return Told(tuple(parts["words"]), tuple(parts["sectors"]), parts["names_only"])


class OwnWordsFile(Schema):
    own_words = fields.List(fields.Nested(ToldSchema), required=True, error_messages=REQUIRED)

    @validates_schema
    def once(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a word that stands twice: which of its trades is meant?"""
        given = Counter(written(word) for one in data.get("own_words", ()) for word in one.words)
        if twice := [word for word, number in given.items() if number > 1]:
            raise ValidationError(f"{', '.join(twice)}: given twice, keep one with all its sectors", "own_words")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> OwnWords:
        return OwnWords(tuple(data["own_words"]))
