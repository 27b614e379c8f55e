"""Base of marshmallow schemas of numbers: each entry says why it is what it is."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from discovery.config.problems import REQUIRED


def about(description: str) -> dict[str, str]:
    """Metadata of a field: its description for editors."""
    return {"description": description}


class WhySchema(Schema):
    """Everything that carries numbers says why they are what they are."""

    why = fields.String(
        required=True,
        validate=validate.Length(min=10, error="say why in a sentence"),
        error_messages={"required": "every number needs its reason: add `why:`"},
        metadata=about("Why these numbers are what they are, in a sentence: change both together."),
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """Make the typed object of a checked entry, by `make`; the reason is for readers of the file."""
        del data["why"]
        return self.make(**data)

    def make(self, **parts: Any) -> Any:
        """The typed object of this entry; subclasses make their own. `parts`: the fields but `why`."""
        return parts


def number(low: float, high: float, description: str) -> fields.Float:
    """A required number from `low` to `high`."""
    return fields.Float(
        required=True, validate=validate.Range(low, high), error_messages=REQUIRED, metadata=about(description)
    )


def whole(low: int, high: int, description: str) -> fields.Integer:
    """A required whole number from `low` to `high`."""
    return fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(low, high),
        error_messages=REQUIRED,
        metadata=about(description),
    )


class WeightSchema(WhySchema):
    weight = number(0, 100, "Multiplies what this part adds; 0 leaves it out.")

    def make(self, **parts: Any) -> float:
        return float(parts["weight"])
