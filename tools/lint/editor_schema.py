"""JSON Schemas of analysts' files, for editors: made of the classes that declare them."""

import json
import re
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from discovery.declared import schema_of
from discovery.mappings.profiles import PARTS, SECTIONS, ProfileFile
from discovery.mappings.purchases import Law

FILE = Path("schemas") / "profile.schema.json"
"""In a mappings folder; each profile names it in its first line."""
LAW_FILE = Path("schemas") / "law.schema.json"


def profile_schema() -> dict[str, Any]:
    """JSON Schema of a profile. What needs another file (unknown fields, its base) is `check`'s to
    tell.
    """
    whole = {
        "required": list(SECTIONS),
        "properties": {part: {"required": list(PARTS[part])} for part in PARTS},
    }
    return {**_of(ProfileFile), "anyOf": [{"required": ["extends"]}, whole]}


def law_schema() -> dict[str, Any]:
    """JSON Schema of `law.yaml`. The order of its steps is the reader's to tell."""
    return _of(Law)


def _of(shape: Any) -> dict[str, Any]:
    """JSON Schema 2020-12 of a declared class."""
    converter = OpenAPIConverter("3.1.0", lambda _: None, APISpec("", "", "3.1.0"))
    found: dict[str, Any] = converter.schema2jsonschema(schema_of(shape)())  # type: ignore[no-untyped-call]
    for part in found["properties"].values():
        if (
            part["type"] == "object" and "minLength" in part
        ):  # apispec takes any length for a string's
            part["minProperties"] = part.pop("minLength")
    title = re.split("[:.]", str(shape.__doc__), maxsplit=1)[0]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **found}


def schemas() -> dict[Path, dict[str, Any]]:
    """File in a mappings folder → its schema."""
    return {FILE: profile_schema(), LAW_FILE: law_schema()}


def written(schema: dict[str, Any]) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
