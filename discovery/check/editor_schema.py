"""The JSON Schema of profiles, for editors: made from the schema that reads them, so that it can't say otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from discovery.config.profile_form import PARTS, SECTIONS, ProfileSchema

FILE = Path("schemas") / "profile.schema.json"
"""In a mappings folder; each profile names it in its first line."""


def profile_schema() -> dict[str, Any]:
    """JSON Schema 2020-12. What needs another file (unknown fields, the base of a profile) is `check`'s to tell."""
    spec = APISpec("", "", "3.1.0")
    converter = OpenAPIConverter("3.1.0", lambda _: None, spec)
    found: dict[str, Any] = converter.schema2jsonschema(ProfileSchema())  # type: ignore[no-untyped-call]
    fields = found["properties"]["fields"]
    fields["minProperties"] = fields.pop("minLength")  # apispec takes any length for a string's
    whole = {"required": list(SECTIONS), "properties": {part: {"required": list(PARTS[part])} for part in PARTS}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "anyOf": [{"required": ["extends"]}, whole],
    }


def written(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
