"""`GET /api/v1/map`: the search's suppliers on a map, none lost."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.http.api.map import MapAnswer
from tests.shapes import faults

PHRASES = (
    "",
    "nettoyage",
    "nettoyage à 30 km de Lyon",
    "ESAT",
    "toute la France",
    "menuizerie",
    "dans le Rhône",
)


def ask(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/v1/map", query_string=parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    assert faults(MapAnswer, body) == []
    return body


def counted(body: dict[str, Any]) -> int:
    return sum(one["properties"].get("count", 1) for one in body["features"])


@pytest.mark.parametrize("q", PHRASES)
@pytest.mark.parametrize("bbox", ["", "4.5,45.5,5.0,46.0", "170,-20,-170,0"])
def test_nobody_is_lost(client: FlaskClient, q: str, bbox: str) -> None:
    """Features, suppliers outside and suppliers without a location are the total of the same
    search.
    """
    total = client.get("/api/v1/search", query_string={"q": q, "facets": "none"}).get_json()[
        "total"
    ]
    for zoom in (0, 6, 12, 22):
        found = ask(client, q=q, bbox=bbox, zoom=zoom)
        assert found["total"] == total
        assert counted(found) == found["shown"]
        assert found["shown"] + found["outside"] + found["unlocated"] == total["value"]
