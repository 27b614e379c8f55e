"""What maps are drawn on, as browsers get it: little at any view, named, kept for a year."""

import json

import pytest
from flask.testing import FlaskClient

from discovery.pages.files import bundles as ground
from discovery.pages.files import bundles as page_files
from discovery.pages.files.bundles import widget
from discovery.places import gazetteer, land

MOST = 150_000
"""Bytes in gzip of all that any view of a map shows, pins and Leaflet apart."""
WIDEST, TALLEST = 3, 2
"""Tiles that a map of 1,400 by 1,000 pixels meets where they are first drawn (zoom 11): 0.96 of a
degree by 0.48.
"""


def weight(place: tuple[int, int]) -> int:
    found = ground.tile("communes-{}_{}.json".format(*place))
    return len(found.packed) if found else 0


@pytest.mark.slow
def test_any_view_weighs_little() -> None:
    views = {
        (x, y): sum(weight((x + right, y + up)) for right in range(WIDEST) for up in range(TALLEST))
        for x, y in land.tiles()
    }
    assert len(ground.base_file().packed) + max(views.values()) <= MOST


def test_it_names_towns_the_most_populous_first_and_the_tiles_that_there_are() -> None:
    base = json.loads(ground.base_file().content)
    assert base["towns"][0] == ["Paris", 2343, 48857, base["towns"][0][3]]
    people = [one[3] for one in base["towns"]]
    assert people == sorted(people, reverse=True)
    assert len({one[0] for one in base["towns"]}) > ground.TOWNS * 0.95
    assert {land.tile_of(one) for one in base["tiles"]} == set(land.tiles())
    assert all(base[name] for name in ("land", "country", "borders", "rivers", "lakes"))


def test_every_commune_is_named_by_the_tile_that_holds_it(client: FlaskClient) -> None:
    address = page_files.address(page_files.ENTRIES[0]).rpartition("/")[0]
    answer = client.get(f"{address}/communes-9_91.json")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    named = {one[0] for one in answer.get_json()["names"]}
    inside = {
        one.name
        for one in gazetteer().communes()
        if one.parent is None
        and one.lat
        and one.lon
        and 45.5 <= one.lat < 46
        and 4.5 <= one.lon < 5
    }
    assert {"Lyon", "Villeurbanne"} <= named
    assert len(named ^ inside) <= 3  # of those on the edge


def test_the_widget_gets_the_same(client: FlaskClient) -> None:
    made = widget()
    assert made.files["base.json"].content == page_files.page_files().files["base.json"].content
    assert client.get(f"{made.address}communes-4_97.json").get_json()["communes"]
