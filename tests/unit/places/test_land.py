"""What maps are drawn on: where it is, tile by tile."""

import json
from collections.abc import Sequence
from itertools import accumulate, pairwise

from discovery.places.geo import haversine_km
from discovery.places.land import PER_DEGREE, TILE, base, tiles

Line = list[tuple[float, float]]


def lines(name: str) -> list[Line]:
    return [degrees(line) for line in base()[name]]


def degrees(line: Sequence[int]) -> Line:
    """A line of steps as points (longitude, latitude)."""
    along = zip(accumulate(line[0::2]), accumulate(line[1::2]), strict=True)
    return [(x / PER_DEGREE, y / PER_DEGREE) for x, y in along]


def holds(point: tuple[float, float]) -> bool:
    x, y = point
    found = False
    for ring in (*lines("land"), *lines("country")):
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                found = not found
    return found


def test_towns_are_on_land_and_ships_at_sea() -> None:
    for lon, lat in [
        (-3.7, 40.4),
        (7.45, 46.95),
        (4.35, 50.85),
        (2.35, 48.85),
        (-52.3, 4.9),
        (55.5, -21.1),
    ]:
        assert holds((lon, lat)), (lon, lat)
    for lon, lat in [(-6, 47), (5, 42), (-62, 15), (45.8, -13)]:
        assert not holds((lon, lat)), (lon, lat)


def test_rivers_run_through_their_towns_and_lakes_lie_where_they_are() -> None:
    for lat, lon in [(48.86, 2.35), (47.9, 1.9), (45.75, 4.84), (43.6, 1.44), (48.57, 7.75)]:
        nearest = min(haversine_km(lat, lon, y, x) for line in lines("rivers") for x, y in line)
        assert nearest < 8, (lat, lon)
    leman = [
        ring for ring in lines("lakes") if min(haversine_km(46.45, 6.5, y, x) for x, y in ring) < 15
    ]
    assert leman


def test_a_tile_holds_the_borders_that_lie_in_it() -> None:
    assert len(tiles()) > 300
    for place in ((9, 91), (4, 97), (111, -43)):  # Lyon, Paris, La Réunion
        held = json.loads(tiles()[place])
        assert set(held) == {"communes", "edges"}
        points = [point for lines in held.values() for line in lines for point in degrees(line)]
        assert points
        assert all(
            abs(x / TILE - place[0] - 0.5) < 0.7 and abs(y / TILE - place[1] - 0.5) < 0.7
            for x, y in points
        )
