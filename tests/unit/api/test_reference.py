from typing import Any

import pytest

from discovery.http.api.document import referred, sample, type_of, written


@pytest.mark.parametrize(
    ("parameters", "tried"),
    [
        ([{"name": "lang"}, {"name": "q", "example": "à Lyon"}], "/search?q=%C3%A0+Lyon"),
        ([{"name": "lang"}], "/search"),
        ([{"name": "id", "required": True}], ""),
    ],
)
def test_an_address_to_try(parameters: list[dict[str, Any]], tried: str) -> None:
    assert sample("/search", {"parameters": parameters}) == tried


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


@pytest.mark.parametrize(("example", "text"), [(True, "true"), (["EI", "AI"], "EI,AI"), (30, "30"), ("fr", "fr")])
def test_examples_are_written_as_addresses_hold_them(example: Any, text: str) -> None:
    assert written(example) == text
