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
                    answer = client.get("/api/v1/search", query_string={one["parameter"]: one["value"]})
                    assert answer.status_code == 200, (one, answer.text)


def test_suppliers_lead_to_their_page_by_name_and_number(client: FlaskClient) -> None:
    for q in ("Mains Cl", "99900000100019", "999 000 001 00019", "claires"):
        [group] = ask(client, q, types="supplier")["groups"]
        [found] = group["suggestions"]
        assert (found["value"], found["url"], found["parameter"]) == (
            "propre-lyon", "/fournisseurs/propre-lyon-fiche", None,
        )  # fmt: skip
    assert ask(client, "m", types="supplier")["groups"] == [], "a letter names nobody yet"


def test_types_and_limit(client: FlaskClient) -> None:
    every = ask(client, "en", limit=20)["groups"]
    assert len({group["type"] for group in every}) == len(every)
    assert sum(len(group["suggestions"]) for group in every) <= 20
    kinds = ask(client, "en", types="kind,place", limit=3)["groups"]
    assert {group["type"] for group in kinds} <= {"kind", "place"}
    assert sum(len(group["suggestions"]) for group in kinds) == 3
