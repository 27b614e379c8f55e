from __future__ import annotations

from typing import Any

import pytest

from discovery.http.api.document import objects, operations, referred, type_of

SPEC: dict[str, Any] = {
    "paths": {
        "/search": {
            "get": {
                "operationId": "search",
                "summary": "Search",
                "parameters": [
                    {"name": "lang", "schema": {"type": "string", "enum": ["fr", "en"]}, "example": "fr"},
                    {"name": "q", "schema": {"type": "string"}, "description": "Words.", "example": "à Lyon"},
                    {"name": "kind", "schema": {"type": "array", "items": {"type": "string"}}, "example": ["EI", "AI"]},
                ],
                "responses": {
                    "422": {
                        "description": "No.",
                        "content": {"application/problem+json": {"schema": {"$ref": "#/c/Problem"}}},
                    },
                    "200": {
                        "description": "Found.",
                        "content": {"application/json": {"schema": {"$ref": "#/c/Answer"}}},
                    },
                },
            }
        },
        "/one/{id}": {
            "get": {
                "operationId": "one",
                "parameters": [{"name": "id", "schema": {"type": "string"}, "required": True}],
                "responses": {},
            }
        },
    },
    "components": {"schemas": {"Answer": {"properties": {"a": {"type": ["string", "null"], "description": "A."}}}}},
}


def test_operations_come_with_something_to_try() -> None:
    search, one = operations(SPEC)
    assert search.sample == "/search?q=%C3%A0+Lyon"
    assert one.sample == ""
    assert [(response.name, response.refers) for response in search.responses] == [
        ("200", "Answer"),
        ("422", "Problem"),
    ]
    _, kind, lang = search.parameters
    assert (lang.values, lang.example) == (("fr", "en"), "fr")
    assert (kind.type, kind.example) == ("list of string", "EI,AI")


def test_objects_list_their_members() -> None:
    (answer,) = objects(SPEC)
    assert [(member.name, member.type, member.about) for member in answer.members] == [("a", "string or null", "A.")]


@pytest.mark.parametrize(
    ("schema", "type_", "refers"),
    [
        ({"$ref": "#/x/A"}, "object", "A"),
        ({"anyOf": [{"$ref": "#/x/A"}, {"type": "null"}]}, "object or null", "A"),
        ({"type": "array", "items": {"$ref": "#/x/A"}}, "list of object", "A"),
        ({"type": "object", "additionalProperties": {"type": "array", "items": {"$ref": "#/x/A"}}}, "object", "A"),
        ({"type": ["array", "null"], "items": {"type": "string"}}, "list of string or null", ""),
        ({}, "any", ""),
    ],
)
def test_types_are_said_in_words(schema: dict[str, Any], type_: str, refers: str) -> None:
    assert (type_of(schema), referred(schema)) == (type_, refers)


def test_switches_are_written_as_addresses_hold_them() -> None:
    spec = {"paths": {"/x": {"get": {"operationId": "x", "responses": {}, "parameters": [
        {"name": "lang", "schema": {"type": "string"}, "example": "fr"},
        {"name": "interpret", "schema": {"type": "boolean"}, "example": True},
    ]}}}}  # fmt: skip
    (operation,) = operations(spec)
    assert [(one.name, one.example) for one in operation.parameters] == [("interpret", "true"), ("lang", "fr")]
