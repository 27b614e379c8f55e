"""`GET /api/v1/explain`: a score as a tree that adds up, and one sentence."""

import math
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.answers.explanation import ExplainAnswer
from discovery.http.api.parameters import SUPPORT, examples
from tests.shapes import faults

PHRASES = (
    "nettoyage de bureaux à Lyon", "nettoyage", "menuiserie bois", "nettoyage à 30 km de Lyon, ESAT ou EI",
    "menuizerie", "ménage près de Vienne", "Lyon", "",
)  # fmt: skip
EXACT = 1e-4


def ask(client: FlaskClient, id: str, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/v1/explain", query_string={"id": id, **parameters})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    assert faults(ExplainAnswer, body) == []
    return body


def computed(part: dict[str, Any]) -> float:
    """The value of a part, from those below it."""
    values = [computed(one) for one in part["parts"]]
    match part["operation"]:
        case "product":
            return math.prod(values)
        case "sum":
            return math.fsum(values)
        case "sum_at_most":
            return min(float(part["weight"]), math.fsum(values))
        case "best_and_others":
            return max(values) + float(part["weight"]) * (math.fsum(values) - max(values))
        case _:
            assert not values
            return float(part["value"])


def parts(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [part, *(below for one in part["parts"] for below in parts(one))]


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_number_is_made_of_those_below_it(client: FlaskClient, phrase: str) -> None:
    results = client.get("/api/v1/search", query_string={"q": phrase, "per_page": 100}).get_json()[
        "results"
    ]
    assert results
    for place, one in enumerate(results, 1):
        found = ask(client, one["id"], q=phrase)
        tree = found["explanation"]
        assert found["found"]
        assert computed(tree) == pytest.approx(found["score"], rel=EXACT)
        for part in parts(tree):
            assert computed(part) == pytest.approx(part["value"], rel=EXACT)
        assert found["why"] == one["why"], "the reasons are those of the result"
        if one["score"] is not None:
            assert found["score"] == pytest.approx(one["score"], rel=EXACT)
            assert found["rank"] == place


@pytest.mark.parametrize("name", examples())
def test_examples_are_answered(client: FlaskClient, name: str) -> None:
    ask(client, "propre-lyon", **{name: examples()[name], **SUPPORT.get(name, {})})
