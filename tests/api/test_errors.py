"""Errors: all at once, in the user's language, each with its remedy, always readable by a page elsewhere."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery.app import create_app
from discovery.http.problems import ProblemBody
from discovery.mappings import Settings
from tests.shapes import faults


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    """A valid problem of that status."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = response.get_json(force=True)
    assert faults(ProblemBody, body) == []
    assert body["status"] == status
    return body


def errors(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["parameter"]: one for one in body["errors"]}


def test_an_unknown_value_names_near_valid_ones(client: FlaskClient) -> None:
    found = errors(problem(client.get("/api/v1/search?kind=ESATT"), 422))
    assert found["kind"]["value"] == "ESATT"
    assert "ESAT" in found["kind"]["choices"]
    assert "« ESATT »" in found["kind"]["message"]


def test_everything_wrong_comes_at_once_whatever_its_sort(client: FlaskClient) -> None:
    address = "/api/v1/search?kind=ESATT&sector=netoyage-de-locaux&place=Lyonn&radius=abc&page=0&lang=en&sort=best"
    found = errors(problem(client.get(address), 400))
    assert set(found) == {"kind", "sector", "place", "radius", "page", "sort"}
    assert "nettoyage-de-locaux" in found["sector"]["choices"]
    assert found["radius"]["message"].startswith("“abc” is not a number")


@pytest.mark.parametrize(
    ("parameters", "status", "parameter", "code"),
    [
        ("radius=abc", 400, "radius", "not_a_number"),
        ("near=Lyon&radius=nan", 400, "radius", "not_a_number"),
        ("lat=inf&lon=1", 400, "lat", "not_a_number"),
        ("page=two", 400, "page", "not_a_whole_number"),
        ("interpret=perhaps", 400, "interpret", "not_a_switch"),
        ("bbox=1,2,3", 400, "bbox", "not_a_box"),
        ("near=Lyon&near=Nantes", 400, "near", "given_twice"),
        ("lat=45&lat=46&lon=4", 400, "lat", "given_twice"),
        ("radius=5&radius=6", 400, "radius", "given_twice"),
        ("page=1&page=2", 400, "page", "given_twice"),
        ("interpret=true&interpret=false", 400, "interpret", "given_twice"),
        ("bbox=4,45,5,46&bbox=4,45,5,47", 400, "bbox", "given_twice"),
        ("near=Lyon&radius=501", 422, "radius", "radius_range"),
        ("near=Lyon&radius=0", 422, "radius", "radius_range"),
        ("radius=30", 422, "radius", "radius_without_centre"),
        ("place=department:69&radius=30", 422, "radius", "radius_needs_commune"),
        ("lat=91&lon=0", 422, "lat", "latitude_range"),
        ("lat=45", 422, "lon", "half_a_point"),
        ("lat=45&lon=4&near=Lyon", 422, "near", "two_centres"),
        ("bbox=5,46,4,45", 422, "bbox", "box_upside_down"),
        ("page=0", 422, "page", "page_range"),
        ("per_page=101", 422, "per_page", "per_page_range"),
        ("page=101&per_page=100", 422, "page", "too_deep"),
        ("page=999999999999", 422, "page", "too_deep"),
        ("sort=distance", 422, "sort", "sort_needs_centre"),
        ("coverage=somewhere", 422, "coverage", "unknown_value"),
        ("national=maybe", 422, "national", "unknown_value"),
        ("facets=kind,colour", 422, "facets", "unknown_value"),
        ("profile=mine", 422, "profile", "unknown_value"),
        ("near=Zzzyx", 422, "near", "unknown_place"),
        ("near=department:69", 422, "near", "place_is_no_centre"),
        ("lang=de", 422, "lang", "unknown_value"),
        ("cursor=abc", 422, "cursor", "unknown_cursor"),
        ("q=" + "a" * 301, 422, "q", "q_too_long"),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_fault_is_named(
    client: FlaskClient, parameters: str, status: int, parameter: str, code: str, lang: str
) -> None:
    address = f"/api/v1/search?{parameters}" + ("" if "lang=" in parameters else f"&lang={lang}")
    found = errors(problem(client.get(address), status))
    assert found[parameter]["code"] == code
    assert len(found) == 1
    assert len(found[parameter]["message"]) > 10


def test_french_first_english_when_asked(client: FlaskClient) -> None:
    french = problem(client.get("/api/v1/search?kind=X"), 422)
    english = problem(client.get("/api/v1/search?kind=X&lang=en"), 422)
    assert french["title"] == "Paramètres non valables"
    assert english["title"] == "Invalid parameters"
    assert client.get("/api/v1/search?kind=X&lang=en").headers["Content-Language"] == "en"


def test_bytes_that_are_no_text_are_answered(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?q=%ff%fe%ED%A0%80&%ff=1").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_there_are(client: FlaskClient, method: str) -> None:
    response = client.open("/api/v1/search", method=method)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers.getlist("Allow") == [response.headers["Allow"]]
    problem(response, 405)


def test_a_long_address_and_a_long_body(client: FlaskClient) -> None:
    problem(client.get("/api/v1/search?q=" + "a" * 9_000), 414)
    problem(client.get("/api/v1/search", data=b"x" * 20_000), 413)


def test_a_problem_s_type_leads_to_its_paragraph(client: FlaskClient) -> None:
    page, _, anchor = problem(client.get("/api/v1/search?kind=X"), 422)["type"].partition("#")
    assert f'id="{anchor}"' in client.get(page).text


def test_without_an_index_the_service_starts_and_says_what_to_run(tmp_path: Path) -> None:
    client = create_app(Settings(home=tmp_path)).test_client()
    assert client.get("/healthz").status_code == 200
    body = problem(client.get("/api/v1/search?q=nettoyage"), 503)
    assert "indexer rebuild" in body["reason"]
    assert client.get("/api/v1/search").headers["Retry-After"]
    problem(client.get("/api/v1/suppliers/x"), 503)
    assert client.get("/api/v1/vocabulary").status_code == 200
    assert problem(client.get("/api/v1/search?kind=X&radius=a"), 400)["errors"]
