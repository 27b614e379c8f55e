"""Circles and boxes at the corners of the world, against plain haversines."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter, segment
from discovery.engine.port import (
    Action,
    Box,
    Circle,
    Coverage,
    Document,
    Order,
    Point,
    SearchRequest,
    Target,
    WriteStatus,
)
from tests.contract.oracle import km
from tests.contract.worlds import moved


def write(writer: EmbeddedWriter, documents: list[Document]) -> None:
    outcomes = writer.bulk(Action(document["id"], 1, document) for document in documents)
    assert {outcome.status for outcome in outcomes} == {WriteStatus.INDEXED}


def spread(chance: Random, centre: Point, reach_km: float) -> Point:
    """Somewhere within reach, in any direction, across a pole or the antimeridian if that is where it lies."""
    there = moved(centre, chance.uniform(0, reach_km), chance.uniform(0, 360))
    return Point(there.lat, (there.lon + 180) % 360 - 180)


CENTRES = {
    "Lyon": Point(45.76, 4.84),
    "Fiji, on the antimeridian": Point(-17.7, 179.99),
    "near the north pole": Point(89.5, 10.0),
    "south pole": Point(-90.0, 0.0),
    "equator and Greenwich": Point(0.0, 0.0),
}


@pytest.mark.parametrize("name", CENTRES)
def test_circles_hold_what_lies_within_their_radius(writer: EmbeddedWriter, engine: EmbeddedEngine, name: str) -> None:
    chance, centre = Random(name), CENTRES[name]
    documents: list[Document] = []
    for number in range(300):
        point = spread(chance, centre, 700)
        location = {"lat": point.lat, "lon": point.lon}
        activity = {"scope": "radius", "radius_km": chance.randint(1, 500), "location": location}
        documents.append({"id": f"d{number:03}", "live": True, "location": location, "activities": [activity]})
    write(writer, documents)
    far = {
        document["id"]: km(document["location"]["lat"], document["location"]["lon"], centre.lat, centre.lon)
        for document in documents
    }
    for radius in (0.0, 1.0, 80.0, 500.0, 20_100.0):
        target = Target(circle=Circle(centre, radius))
        page = engine.search(
            SearchRequest(targets=(target,), coverage=Coverage.LOCATED, centre=centre, order=Order.DISTANCE, size=300)
        )
        expected = sorted((distance, id_) for id_, distance in far.items() if distance <= radius)
        assert [hit.id for hit in page.hits] == [id_ for _, id_ in expected]
        assert [hit.distance_km for hit in page.hits] == pytest.approx([distance for distance, _ in expected])
    serving = SearchRequest(targets=(Target(zone_points=(centre,)),), coverage=Coverage.SERVES, size=300)
    expected_ids = [one["id"] for one in documents if far[one["id"]] <= one["activities"][0]["radius_km"]]
    assert expected_ids
    assert sorted(hit.id for hit in engine.search(serving).hits) == expected_ids


def test_boxes_include_their_edges_and_may_cross_the_antimeridian(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    places = {"a": (10.0, 20.0), "b": (10.0, 170.0), "c": (10.0, -170.0), "d": (-10.0, 180.0), "e": (10.0, -180.0)}
    write(
        writer,
        [{"id": id_, "live": True, "location": {"lat": lat, "lon": lon}} for id_, (lat, lon) in places.items()]
        + [{"id": "nowhere", "live": True}],
    )

    def inside(west: float, south: float, east: float, north: float) -> str:
        page = engine.search(SearchRequest(box=Box(west, south, east, north)))
        assert page.total == len(page.hits)
        return "".join(sorted(hit.id for hit in page.hits))

    assert inside(-180, -90, 180, 90) == "abcde"
    assert inside(20, 10, 170, 10) == "ab"
    assert inside(170, 0, -170, 20) == "bce"
    assert inside(170, -20, -170, 20) == "bcde"
    assert inside(20.0001, -90, 169.9999, 90) == ""


def test_without_a_location_only_codes_and_zones_find_a_supplier(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    activity = {"scope": "places", "places": ["department:69"], "sector": "vitres"}
    write(writer, [{"id": "a", "live": True, "commune": "69123", "activities": [activity]}])
    whole_earth = Circle(Point(45.0, 5.0), math.pi * 6400)
    found = {
        "circle": Target(circle=whole_earth),
        "commune": Target(communes=frozenset({"69123"}), circle=whole_earth),
        "zone": Target(circle=whole_earth, zone_places=frozenset({"department:69"})),
    }
    totals = {name: engine.search(SearchRequest(targets=(target,))).total for name, target in found.items()}
    assert totals == {"circle": 0, "commune": 1, "zone": 1}


def test_a_circle_of_less_than_nothing_is_empty(writer: EmbeddedWriter, engine: EmbeddedEngine) -> None:
    write(writer, [{"id": "a", "live": True, "location": {"lat": 45.0, "lon": 5.0}}])
    target = Target(circle=Circle(Point(45.0, 5.0), -1.0))
    assert engine.search(SearchRequest(targets=(target,))).total == 0


@pytest.mark.parametrize("room", [0, 40, 1_000_000])
def test_what_is_kept_of_a_where_follows_every_write(
    writer: EmbeddedWriter, engine: EmbeddedEngine, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wheres asked twice, with a write between, whether none, some or all of them are kept."""
    monkeypatch.setattr(segment, "room", lambda _: room)
    places = [f"69{number:03}" for number in range(12)]
    asked = [
        SearchRequest(targets=(Target(communes=frozenset({place})),), coverage=Coverage.LOCATED) for place in places
    ]
    write(writer, [{"id": place, "live": True, "commune": place} for place in places])
    assert engine.counts(asked) == engine.counts(asked) == [1] * len(asked)
    write(writer, [{"id": "another", "live": True, "commune": places[0]}])
    write(writer, [{"id": places[1], "live": True, "commune": places[2]}])
    assert engine.counts(asked)[:4] == [2, 0, 2, 1]
    kept = engine.counts([asked[0], replace(asked[0], facets=("kind",)), asked[0]])
    assert kept == [2, 2, 2]
