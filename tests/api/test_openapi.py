"""The contract in writing: what it says holds, and a change of it is seen in review.

After a wanted change: UPDATE_SNAPSHOT=1 .venv/bin/pytest tests/api/test_openapi.py What clients
rely on may only go with UPDATE_SNAPSHOT=breaking, under a new /api/v2 (docs/api.md says how).
"""

import difflib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.answers.search import SearchAnswer
from discovery.http.api.parameters import PARAMETERS, SUPPORT, examples
from tests.api.breaking import breaking
from tests.shapes import faults

UPDATE = os.environ.get("UPDATE_SNAPSHOT", "")
SNAPSHOT = Path(__file__).with_name("openapi.json")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return found


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for below in node.values():
            yield from walk(below)
    elif isinstance(node, list):
        for below in node:
            yield from walk(below)


def test_the_contract_is_the_one_committed(document: dict[str, Any]) -> None:
    now = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    then = SNAPSHOT.read_text(encoding="utf-8")
    broken = breaking(json.loads(then), document)
    assert not broken or UPDATE == "breaking", "Clients would break:\n" + "\n".join(broken)
    if UPDATE:
        SNAPSHOT.write_text(now, encoding="utf-8")
        then = now
    changes = difflib.unified_diff(
        then.splitlines(), now.splitlines(), "committed", "now", lineterm="", n=4
    )
    if now != then:  # not an assert: pytest would add thousands of lines of its own
        pytest.fail(
            "The OpenAPI document changed. If it should: UPDATE_SNAPSHOT=1 .venv/bin/pytest tests/api/test_openapi.py\n"
            + "\n".join(changes),
            pytrace=False,
        )


def operation_of(item: dict[str, Any]) -> dict[str, Any]:
    """Of a path: the only one."""
    (found,) = (item[method] for method in ("get", "post") if method in item)
    return dict(found)


def test_it_is_openapi_3_1_without_loose_ends(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    referred = {node["$ref"] for node in walk(document) if "$ref" in node}
    assert referred == {f"#/components/schemas/{name}" for name in schemas}
    operations = [operation_of(item) for item in document["paths"].values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["summary"] and one["tags"] for one in operations)


def test_every_parameter_is_described_with_an_example(document: dict[str, Any]) -> None:
    parameters = {
        one["name"]: one for one in document["paths"]["/api/v1/search"]["get"]["parameters"]
    }
    assert set(parameters) == set(PARAMETERS)
    assert all(one["description"] for one in parameters.values())
    without = {name for name, one in parameters.items() if "example" not in one}
    assert without == {"lat", "lon", "cursor", "key"}, (
        "a point needs both, and the last two are given by the service"
    )


@pytest.mark.parametrize("name", examples())
def test_examples_are_answered(client: FlaskClient, document: dict[str, Any], name: str) -> None:
    described = {
        one["name"]: one for one in document["paths"]["/api/v1/search"]["get"]["parameters"]
    }
    response = client.get("/api/v1/search", query_string=written(name, described[name]["example"]))
    assert response.status_code == 200, response.text
    assert faults(SearchAnswer, response.get_json()) == []
    assert response.get_json()["warnings"] == []


def written(name: str, example: Any) -> dict[str, Any]:
    value = str(example).lower() if isinstance(example, bool) else example
    return {name: value, **SUPPORT.get(name, {})}


def test_all_problems_have_one_shape(document: dict[str, Any]) -> None:
    for item in document["paths"].values():
        for status, response in operation_of(item)["responses"].items():
            if status >= "400":
                assert response["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
