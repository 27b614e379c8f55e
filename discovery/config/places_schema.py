"""Marshmallow schema of `places/presumed_zones.yaml`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config.problems import REQUIRED
from discovery.config.why_schema import WhySchema, about, whole


class PresumedZoneSchema(WhySchema):
    kind = fields.String(required=True, error_messages=REQUIRED, metadata=about("A code of kinds.yaml."))
    radius_km = whole(1, 500, "Kilometres around the seat.")

    def make(self, **parts: Any) -> tuple[str, int]:
        return parts["kind"], parts["radius_km"]


class PresumedZonesFile(Schema):
    zones = fields.List(
        fields.Nested(PresumedZoneSchema), required=True, validate=validate.Length(min=1), error_messages=REQUIRED
    )

    @validates_schema
    def once(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a kind that is given twice."""
        given = Counter(kind for kind, _ in data.get("zones", ()))
        if twice := [kind for kind, number in given.items() if number > 1]:
            raise ValidationError(f"{', '.join(twice)}: given twice, keep one", "zones")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[str, int]:
        return dict(data["zones"])
