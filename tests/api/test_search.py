"""`/api/v1/search`, from the address to the JSON, over a real index."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient

from discovery.answers.search import SearchAnswer
from tests.api.corpus import LISTED
from tests.shapes import faults

LIVE = set(LISTED)


def ask(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    """A valid answer: 200, and exactly what the schema describes."""
    response = client.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    assert faults(SearchAnswer, body) == []
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [result["id"] for result in body["results"]]


def test_pages_follow_each_other_by_their_links(client: FlaskClient) -> None:
    seen: list[str] = []
    address: str | None = "/api/v1/search?per_page=3"
    while address:
        body = client.get(address).get_json()
        assert dict(parse_qsl(urlsplit(body["links"]["self"]).query))["per_page"] == "3"
        seen += ids(body)
        address = body["links"]["next"]
    assert sorted(seen) == sorted(LIVE)
    assert len(seen) == len(set(seen))
    first = client.get(body["links"]["prev"]).get_json()
    assert ids(first) == seen[-len(ids(body)) - 3 : -len(ids(body))]


def test_offers_and_suggestions_are_counted(client: FlaskClient) -> None:
    body = ask(client, q="nettoyage", near="Lyon", kind="ESAT", radius=10)
    (offer,) = body["query"]["offers"]
    assert offer["parameter"] == "sector"
    taken = ask(client, q="nettoyage", near="Lyon", kind="ESAT", radius=10, sector=offer["value"])
    assert taken["total"]["value"] == offer["count"]
    suggestion = next(one for one in body["suggestions"] if one["change"] == {"kind": None})
    assert (
        ask(client, q="nettoyage", near="Lyon", radius=10)["total"]["value"] == suggestion["count"]
    )
    assert suggestion["label"].endswith(f"({suggestion['count']})")


def test_what_was_not_understood_is_said_with_the_nearest_phrase(client: FlaskClient) -> None:
    def told(q: str) -> list[tuple[str, list[str]]]:
        warnings = ask(client, q=q)["warnings"]
        return [
            (one["message"], one["choices"]) for one in warnings if one["code"] == "not_understood"
        ]

    assert told("nettoyage Bergerak vitres") == [
        ("Non compris : « Bergerak ».", ["nettoyage Bergerac vitres"])
    ]
    assert told("nettoyage zzyzx") == [("Non compris : « zzyzx ».", [])]
    assert told("nettoyage de bureaux à Lyon") == []
    assert told("menuizerie") == []  # corrected, which is said
    assert told("qui nettoie des bureaux") == []  # what tells the trade is understood, held or not


def test_nothing_private_leaves(client: FlaskClient) -> None:
    text = (
        client.get("/api/v1/search?per_page=100").text
        + client.get("/api/v1/suppliers/eclat-villeurbanne").text
    )
    assert "prive@eclat.example" not in text
    assert "javascript:" not in text
    assert "fingerprint" not in text
    assert "name_key" not in text
