"""`GET /api/v1/map`: the search's suppliers on a map, none lost."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.http.api.map import MapAnswer
from tests.shapes import faults
from tests.tables import cases

PHRASES = ("", "nettoyage", "nettoyage à 30 km de Lyon", "ESAT", "toute la France", "menuizerie", "dans le Rhône")


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
    """Features, suppliers outside and suppliers without a location are the total of the same search."""
    total = client.get("/api/v1/search", query_string={"q": q, "facets": "none"}).get_json()["total"]
    for zoom in (0, 6, 12, 22):
        found = ask(client, q=q, bbox=bbox, zoom=zoom)
        assert found["total"] == total
        assert counted(found) == found["shown"]
        assert found["shown"] + found["outside"] + found["unlocated"] == total["value"]


def test_clusters_far_away_and_suppliers_close_by(client: FlaskClient) -> None:
    [far] = [one for one in ask(client, zoom=3)["features"] if one["properties"]["type"] == "cluster"]
    assert far["properties"]["count"] > 3
    west, south, east, north = far["properties"]["bounds"]
    longitude, latitude = far["geometry"]["coordinates"]
    assert west <= longitude <= east
    assert south <= latitude <= north
    near = ask(client, zoom=22, bbox="4.8353,45.7676,4.8355,45.7678")["features"]
    assert {one["properties"]["type"] for one in near} == {"supplier"}


def test_a_supplier_s_feature(client: FlaskClient) -> None:
    [one] = ask(client, q="blanchisserie à Nantes", zoom=12)["features"]
    assert one == {
        "type": "Feature",
        "id": "linge-nantes",
        "geometry": {"type": "Point", "coordinates": [-1.5538, 47.2186]},
        "properties": {
            "type": "supplier",
            "display_name": "ESAT <b>Les Draps</b> & Cie",
            "kind": "ESAT",
            "kind_group": "handicap",
            "kind_label": "Établissement et service d'aide par le travail",
            "city": "Nantes",
            "approximate": False,
            "url": "/fournisseurs/linge-nantes-fiche",
        },
    }


def test_the_view_filters_nothing(client: FlaskClient) -> None:
    """A map looked at elsewhere has the same total: only its features change."""
    here, elsewhere = ask(client, bbox="4,45,6,46", zoom=9), ask(client, bbox="-4,47,-1,48", zoom=9)
    assert here["total"] == elsewhere["total"]
    assert here["outside"] != elsewhere["outside"]


def test_a_view_too_large_for_its_zoom_gets_coarser_cells(client: FlaskClient) -> None:
    assert ask(client, zoom=9, bbox="4,45,6,46")["zoom"] == 9
    assert ask(client, zoom=22, bbox="-180,-85,180,85")["zoom"] < 6


@pytest.mark.parametrize(("parameters", "status", "codes"), cases(__file__, "faults_are_told_all_at_once"))
def test_faults_are_told_all_at_once(
    client: FlaskClient, parameters: dict[str, str], status: int, codes: list[str]
) -> None:
    response = client.get("/api/v1/map", query_string=parameters)
    assert response.status_code == status
    assert [one["code"] for one in response.get_json()["errors"]] == codes


def test_unknown_parameters_are_warned_of_and_those_of_a_list_are_none(client: FlaskClient) -> None:
    assert ask(client, page=3, sort="name", zoom=6)["warnings"] == []
    [one] = ask(client, zooom=6)["warnings"]
    assert (one["code"], one["parameter"]) == ("unknown_parameter", "zooom")
