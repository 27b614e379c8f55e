"""The land around France: where it is, how it is cut, how much it weighs."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from discovery.gazetteer.land import Ring, clipped, land_gz, rings
from discovery.gazetteer.outlines import geojson_gz

SQUARE: Ring = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
degrees = st.floats(-10, 10, allow_nan=False)


def area(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def holds(point: tuple[float, float]) -> bool:
    x, y = point
    found = False
    for ring in rings():
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                found = not found
    return found


def test_towns_are_on_land_and_ships_at_sea() -> None:
    for lon, lat in [(-3.7, 40.4), (7.45, 46.95), (4.35, 50.85), (2.35, 48.85), (-52.3, 4.9), (55.5, -21.1)]:
        assert holds((lon, lat)), (lon, lat)
    for lon, lat in [(-6, 47), (5, 42), (-62, 15), (45.8, -13)]:
        assert not holds((lon, lat)), (lon, lat)


def test_the_whole_base_of_a_map_weighs_little() -> None:
    assert len(land_gz()) + len(geojson_gz()) <= 150_000
    names = [one["properties"]["name"] for one in json.loads(gzip.decompress(land_gz()))["features"]]
    assert {"France", "Spain", "Italy", "Switzerland", "Germany", "Belgium", "Suriname"} <= set(names)


def test_rings_are_closed() -> None:
    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings())


@given(degrees, degrees, degrees, degrees)
def test_a_square_is_cut_to_what_lies_within(x1: float, y1: float, x2: float, y2: float) -> None:
    west, east, south, north = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    found = clipped(SQUARE, (west, south, east, north))
    wide, high = min(east, 4) - max(west, 0), min(north, 4) - max(south, 0)
    assert abs((area(found) if found else 0) - max(wide, 0) * max(high, 0)) < 1e-9
    assert all(west <= x <= east and south <= y <= north for x, y in found)
