import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.breaking import breaking

THEN: dict[str, Any] = {
    "paths": {"/search": {"get": {
        "parameters": [
            {"name": "q", "schema": {"type": "string"}},
            {"name": "sort", "schema": {"type": "string", "enum": ["name", "distance"]}},
        ],
        "responses": {"200": {}, "404": {}},
    }}, "/old": {"get": {}}},
    "components": {"schemas": {"Answer": {
        "properties": {"total": {"type": "integer"}, "hit": {"$ref": "#/Hit"}, "state": {"enum": ["a", "b"]}},
        "required": ["total"],
    }, "Hit": {}}},
}  # fmt: skip


def search(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["paths"]["/search"]["get"]
    return found


def answer(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["components"]["schemas"]["Answer"]
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda now: now["paths"].pop("/old"), "/old: the endpoint is gone"),
        (lambda now: search(now)["parameters"].pop(0), "/search: parameter q is gone"),
        (lambda now: search(now)["parameters"][0].update(required=True), "/search: parameter q is required now"),
        (lambda now: search(now)["parameters"].append({"name": "x", "required": True}),
         "/search: a new parameter, x, is required"),
        (lambda now: search(now)["parameters"][1]["schema"]["enum"].remove("name"),
         "/search: parameter sort no longer has name"),
        (lambda now: search(now)["parameters"][0]["schema"].update(enum=["a"]),
         "/search: parameter q takes listed values only now"),
        (lambda now: search(now)["responses"].pop("200"), "/search: no longer answers 200"),
        (lambda now: now["components"]["schemas"].pop("Hit"), "Hit: the object is gone"),
        (lambda now: answer(now)["properties"].pop("total"), "Answer.total is gone"),
        (lambda now: answer(now)["properties"]["total"].update(type="string"), "Answer.total has another type"),
        (lambda now: answer(now)["properties"]["hit"].update({"$ref": "#/Card"}), "Answer.hit has another type"),
        (lambda now: answer(now)["properties"]["state"]["enum"].remove("b"), "Answer.state no longer has b"),
        (lambda now: answer(now)["required"].clear(), "Answer.total may be missing now"),
    ],
)  # fmt: skip
def test_what_clients_rely_on_is_named_when_it_goes(
    change: Callable[[dict[str, Any]], object], said: str
) -> None:
    now = copy.deepcopy(THEN)
    change(now)
    assert breaking(THEN, now) == [said]


def test_what_is_only_added_breaks_nothing() -> None:
    now = copy.deepcopy(THEN)
    now["paths"]["/new"] = {"get": {}}
    search(now)["parameters"].append({"name": "more", "schema": {}})
    search(now)["parameters"][1]["schema"]["enum"].append("updated")
    search(now)["responses"]["429"] = {}
    answer(now)["properties"]["more"] = {}
    answer(now)["required"].append("more")
    now["components"]["schemas"]["New"] = {}
    assert breaking(THEN, now) == []
    assert breaking(THEN, THEN) == []


def test_a_parameter_may_take_more_than_it_did() -> None:
    now = copy.deepcopy(THEN)
    schema = search(now)["parameters"][0]["schema"]
    search(now)["parameters"][0]["schema"] = {"anyOf": [schema, {"type": "number"}]}
    assert breaking(THEN, now) == []
    search(now)["parameters"][0]["schema"] = {"anyOf": [{"type": "number"}]}
    assert breaking(THEN, now) == ["/search: parameter q has another type"]
