from __future__ import annotations

import pytest

from discovery.http.problems import STATUS, VARYING, Details, of_parameters, slug, unavailable
from discovery.search.query import MALFORMED, Problem

ARGS = dict.fromkeys(VARYING, "…")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_every_type_has_the_members_of_the_rfc(name: str, status: int, lang: str) -> None:
    body = Details(name, ARGS).body(lang)
    assert body["type"] == f"/api/docs#problem-{slug(name)}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert "errors" not in body


def test_one_unreadable_parameter_makes_the_whole_malformed() -> None:
    unreadable = Problem("radius", "x", "not_a_number", {"value": "x"})
    unknown = Problem("kind", "X", "unknown_value", {"value": "X"}, ("EI",))
    assert of_parameters([unknown]).status == 422
    assert of_parameters([unknown, unreadable]).status == 400
    assert of_parameters([unknown, unreadable]).body("en")["errors"] == [
        {
            "parameter": "kind",
            "value": "X",
            "code": "unknown_value",
            "message": "“X” does not exist. Choose one of the suggested values, or remove this filter.",
            "choices": ["EI"],
        },
        {
            "parameter": "radius",
            "value": "x",
            "code": "not_a_number",
            "message": "“x” is not a number. Write it in digits, with a point for decimals: 45.76.",
            "choices": [],
        },
    ]


@pytest.mark.parametrize("code", sorted(MALFORMED))
def test_unreadable_means_400(code: str) -> None:
    assert of_parameters([Problem("p", "v", code, {"value": "v", "parameter": "p"})]).status == 400


def test_an_engine_away_says_why_and_when_to_ask_again() -> None:
    details = unavailable("no index yet")
    assert details.body("fr")["reason"] == "no index yet"
    assert dict(details.headers)["Retry-After"].isdigit()


def test_what_flask_refuses_keeps_its_status() -> None:
    body = Details("refused", {"status": "415"}, refused=415).body("fr")
    assert body["status"] == 415
    assert "415" in body["detail"]
