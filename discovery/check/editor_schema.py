"""JSON Schemas of analysts' files, for editors: made from the schemas that read them, which they so agree with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from discovery.config.potential import PotentialSchema
from discovery.config.profile_schema import PARTS, SECTIONS, ProfileSchema

FILE = Path("schemas") / "profile.schema.json"
"""In a mappings folder; each profile names it in its first line."""
POTENTIAL_FILE = Path("schemas") / "potential.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def profile_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a profile. What needs another file (unknown fields, the base of a profile) is `check`'s
    to tell."""
    spec = APISpec("", "", "3.1.0")
    converter = OpenAPIConverter("3.1.0", lambda _: None, spec)
    found: dict[str, Any] = converter.schema2jsonschema(ProfileSchema())  # type: ignore[no-untyped-call]
    fields = found["properties"]["fields"]
    fields["minProperties"] = fields.pop("minLength")  # apispec takes any length for a string's
    whole = {"required": list(SECTIONS), "properties": {part: {"required": list(PARTS[part])} for part in PARTS}}
    return {
        "$schema": _DIALECT,
        **found,
        "anyOf": [{"required": ["extends"]}, whole],
    }


def potential_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of `potential.yaml`. The order of its steps is the reader's to tell."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("", "", "3.1.0", plugins=[plugin])
    spec.components.schema("Potential", schema=PotentialSchema)
    parts: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    found = {"$schema": _DIALECT, **parts.pop("Potential"), "$defs": parts}
    moved: dict[str, Any] = json.loads(json.dumps(found).replace("#/components/schemas/", "#/$defs/"))
    return moved


def _name(schema: Any) -> str:
    return str((schema if isinstance(schema, type) else type(schema)).__name__).strip("_")


def schemas() -> dict[Path, dict[str, Any]]:
    """File in a mappings folder → its schema."""
    return {FILE: profile_schema(), POTENTIAL_FILE: potential_schema()}


def written(schema: dict[str, Any]) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
