"""Descriptions: complete enough to be read, strict enough to be a test of answers."""

import pytest

from discovery.answers.described import Components, reference
from discovery.answers.explanation import Part
from discovery.answers.search import SearchAnswer, SupplierList
from discovery.answers.supplier import Supplier
from discovery.http.api.parameters import Parameters, SearchParameters
from discovery.http.api.vocabulary import VocabularyAnswer
from discovery.http.problems import ProblemBody
from discovery.model.attributes import CARD, PROFILE
from tests.shapes import faults


@pytest.mark.parametrize("shape", [SearchAnswer, Supplier, SupplierList, VocabularyAnswer])
def test_every_member_is_required_at_every_depth(shape: type) -> None:
    components: Components = {}
    reference(shape, components)
    assert {
        name for name, one in components.items() if one["properties"].keys() != {*one["required"]}
    } == set()


def test_a_type_that_holds_itself_and_members_of_a_row_of_attributes_are_described() -> None:
    components: Components = {}
    assert reference(Part, components) == {"$ref": "#/components/schemas/Part"}
    assert components["Part"]["properties"]["parts"]["items"] == {
        "$ref": "#/components/schemas/Part"
    }
    reference(Supplier, components)
    assert {one.field for one in (*CARD, *PROFILE)} <= components["Supplier"]["properties"].keys()


def test_a_member_too_many_or_missing_is_a_fault() -> None:
    complete = {"type": "t", "title": "t", "status": 404, "detail": "d"}
    assert faults(ProblemBody, complete) == []
    assert "'trace' was unexpected" in str(faults(ProblemBody, {**complete, "trace": "…"}))
    assert "'detail' is a required" in str(
        faults(ProblemBody, {"type": "t", "title": "t", "status": 404})
    )
    assert faults(ProblemBody, {**complete, "status": "404"})[0].startswith("status: ")
    assert faults(ProblemBody, {**complete, "errors": [{"parameter": "q"}]})[0].startswith(
        "errors.0: "
    )


def test_parameters_carry_their_examples_and_whether_they_are_required() -> None:
    described = {one["name"]: one for one in Parameters(SearchParameters, {}, ("q",)).described()}
    assert described["q"]["required"] is True
    assert described["kind"]["required"] is False
    assert described["kind"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert described["kind"]["example"] == ["ESAT", "EI"]
    assert described["radius"]["schema"] == {
        "anyOf": [
            {"type": "number", "minimum": 1, "maximum": 500},
            {"type": "string", "enum": ["auto", "none"]},
        ]
    }
    assert described["lang"]["schema"]["enum"] == ["fr", "en"]
    assert "example" not in described["cursor"]
