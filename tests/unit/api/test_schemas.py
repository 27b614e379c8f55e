"""Descriptions: complete enough to be read, strict enough to be a test of answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

from discovery.api.examples import SEARCH_EXAMPLES, Parameters
from discovery.api.schemas.answers import SearchAnswer, Supplier, SupplierList
from discovery.api.schemas.parameters import SearchParameters
from discovery.api.schemas.problem import ProblemSchema
from discovery.api.schemas.vocabulary import VocabularyAnswer


def held(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """Every field of a schema and of those it holds."""
    for name, field in schema.fields.items():
        yield f"{type(schema).__name__}.{name}", field
        inner = field.inner if isinstance(field, fields.List) else field
        inner = getattr(inner, "value_field", None) or inner
        inner = inner.inner if isinstance(inner, fields.List) else inner
        if isinstance(inner, fields.Nested):
            yield from held(inner.schema)


@pytest.mark.parametrize("schema", [SearchAnswer, Supplier, SupplierList, VocabularyAnswer])
def test_every_member_is_required_at_every_depth(schema: type[Schema]) -> None:
    assert [name for name, field in held(schema()) if not field.required] == []


def test_a_member_too_many_or_missing_is_a_fault() -> None:
    complete = {"type": "t", "title": "t", "status": 404, "detail": "d"}
    assert ProblemSchema().validate(complete) == {}
    assert set(ProblemSchema().validate({**complete, "trace": "…"})) == {"trace"}
    assert set(ProblemSchema().validate({"type": "t", "title": "t", "status": 404})) == {"detail"}
    assert set(ProblemSchema().validate({**complete, "status": "404"})) == {"status"}
    assert "errors" in ProblemSchema().validate({**complete, "errors": [{"parameter": "q"}]})


def test_parameters_carry_their_examples_and_whether_they_are_required() -> None:
    described = {one["name"]: one for one in Parameters(SearchParameters, SEARCH_EXAMPLES, ("q",)).described()}
    assert described["q"]["required"] is True
    assert described["kind"]["required"] is False
    assert described["kind"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert described["kind"]["example"] == ["ESAT", "EI"]
    assert described["radius"]["schema"] == {
        "anyOf": [{"type": "number", "minimum": 1, "maximum": 500}, {"type": "string", "enum": ["auto", "none"]}]
    }
    assert described["lang"]["schema"]["enum"] == ["fr", "en"]
    assert "example" not in described["cursor"]
