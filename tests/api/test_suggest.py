"""`GET /api/v1/suggest`, on every engine."""

from typing import Any

from flask.testing import FlaskClient

from discovery.http.api.suggest import SuggestAnswer
from tests.shapes import faults


def ask(client: FlaskClient, q: str, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/v1/suggest", query_string={"q": q, **parameters})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    assert faults(SuggestAnswer, body) == []
    return body


def test_what_is_suggested_finds_something(client: FlaskClient) -> None:
    """The parameter and its value, as given, are a valid search."""
    for q in ("nettoyage", "lyo", "esat", "iae", "690", "près de lyo", "hygiène"):
        for group in ask(client, q)["groups"]:
            for one in group["suggestions"]:
                if one["parameter"]:
                    answer = client.get(
                        "/api/v1/search", query_string={one["parameter"]: one["value"]}
                    )
                    assert answer.status_code == 200, (one, answer.text)
