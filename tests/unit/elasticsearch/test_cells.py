"""Cells only spare work: no circle that holds a point may be missed, anywhere on Earth."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.elasticsearch.cells import SIZES, containing, touched
from discovery.engine.elasticsearch.derived import indexed
from discovery.engine.port import Point
from discovery.gazetteer.geo import EARTH_RADIUS_KM, haversine_km

LYON = Point(45.7677, 4.8354)
latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, 0.0, 90.0, 89.999, 45.75])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999])
radii = st.integers(0, 500) | st.integers(0, 21_000)


def away(centre: Point, km: float, bearing: float) -> Point:
    """The point so far from the centre, in that direction (degrees from north)."""
    phi, delta, theta = math.radians(centre.lat), km / EARTH_RADIUS_KM, math.radians(bearing)
    sine = math.sin(phi) * math.cos(delta) + math.cos(phi) * math.sin(delta) * math.cos(theta)
    lat = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(math.sin(theta) * math.sin(delta) * math.cos(phi), math.cos(delta) - math.sin(phi) * sine)
    return Point(math.degrees(lat), (centre.lon + math.degrees(east) + 540) % 360 - 180)


@given(latitudes, longitudes, radii, st.floats(0, 1), st.floats(0, 360))
@example(0.0, 180.0, 50, 1.0, 90.0)
@example(89.9, 10.0, 500, 1.0, 0.0)
@example(45.0, -179.99, 30, 1.0, 270.0)
def test_a_circle_touches_a_cell_of_every_point_it_holds(
    lat: float, lon: float, radius: int, share: float, bearing: float
) -> None:
    centre = Point(lat, lon)
    point = away(centre, radius * share, bearing)
    if haversine_km(lat, lon, point.lat, point.lon) <= radius:
        assert set(containing(point)) & set(touched(centre, radius))


@pytest.mark.parametrize("radius", [0, 1, 10, 30, 50, 100, 200, 500])
def test_a_circle_of_france_touches_few_cells_all_of_one_grid(radius: int) -> None:
    cells = touched(LYON, radius)
    assert len(cells) == len(set(cells)) <= 24
    assert len({cell.partition("/")[0] for cell in cells}) == 1


def test_a_point_lies_in_one_cell_of_each_grid() -> None:
    assert [float(cell.partition("/")[0]) for cell in containing(LYON)] == list(SIZES)


CIRCLE = {"scope": "radius", "radius_km": 30, "location": {"lat": 45.7, "lon": 4}}


@pytest.mark.parametrize(
    ("activity", "has"),
    [
        (CIRCLE, True),
        (CIRCLE | {"scope": "country"}, False),
        (CIRCLE | {"radius_km": "30"}, False),
        (CIRCLE | {"radius_km": -1}, False),
        (CIRCLE | {"location": {"lat": 95, "lon": 4}}, False),
        (CIRCLE | {"location": {"lat": float("nan"), "lon": 4}}, False),
        (CIRCLE | {"location": {"lat": 45.7, "lon": "4"}}, False),
        (CIRCLE | {"location": "45.7,4"}, False),
        ({"scope": "radius"}, False),
        ("an activity", False),
    ],
)
def test_only_circles_that_are_whole_get_cells(activity: object, has: bool) -> None:
    """The rest goes to the engine as it is, which refuses what is malformed."""
    [found] = indexed({"id": "a", "activities": [activity]}, (), Analysis.from_settings({}))["activities"]
    assert ("cells" in found) is has
    assert has or found is activity
