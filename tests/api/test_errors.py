"""Errors: all at once, in the user's language, each with its remedy, always readable by a page
elsewhere.
"""

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


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_there_are(client: FlaskClient, method: str) -> None:
    response = client.open("/api/v1/search", method=method)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers.getlist("Allow") == [response.headers["Allow"]]
    problem(response, 405)


def test_faults_are_told_in_the_contract_s_order(client: FlaskClient) -> None:
    body = problem(client.get("/api/v1/search?per_page=a&page=a&radius=a&lon=a&lat=a"), 400)
    assert [*errors(body)] == ["lat", "lon", "radius", "page", "per_page"]


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
