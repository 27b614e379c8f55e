"""Which commune is near, which department holds a point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.places import Commune, Gazetteer, gazetteer, haversine_km
from discovery.places.outlines import TOLERANCE_KM, Outlines

communes = st.deferred(
    lambda: st.sampled_from([commune for commune in gazetteer().communes() if commune.point])
)


def test_outlines_are_right_for_nearly_every_commune(places: Gazetteer) -> None:
    """42 town halls of 34,947 stand beside a border that was simplified away; a coarser outline
    would show here.
    """
    sample = [commune for commune in places.communes() if commune.point][::5]
    wrong = [
        commune
        for commune in sample
        if places.department_at(*(commune.point or (0, 0))) != commune.department
    ]
    assert len(wrong) / len(sample) < 0.003


@given(communes)
def test_a_commune_is_at_its_own_point(commune: Commune) -> None:
    assert commune.point is not None
    found = gazetteer().nearest(*commune.point)
    assert found is not None
    assert found[1] == 0
    assert found[0].point == commune.point


@pytest.mark.slow
@given(st.floats(41, 51), st.floats(-5, 9))
def test_no_commune_is_nearer_than_the_nearest(lat: float, lon: float) -> None:
    found = gazetteer().nearest(lat, lon)
    assert found is not None
    commune, distance = found
    assert commune.point is not None
    assert distance == haversine_km(lat, lon, *commune.point)
    others = [other.point for other in list(gazetteer().communes())[::97] if other.point]
    assert all(haversine_km(lat, lon, *point) >= distance - 1e-4 for point in others)


def test_the_nearest_may_be_an_arrondissement_and_may_be_far(places: Gazetteer) -> None:
    found = places.nearest(45.7345, 4.8690)
    assert found is not None
    assert found[0].city == "69123"
    assert found[0].parent == "69123"
    far = places.nearest(0, 0)
    assert far is not None
    assert far[1] > 1_000


# The rule of outlines itself, on a square with a hole, a neighbour that shares a border, and an
# islet.

SQUARES = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "A"}, "geometry": {"type": "Polygon", "coordinates": [
        [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], [[0.4, 0.4], [0.4, 0.6], [0.6, 0.6], [0.6, 0.4], [0.4, 0.4]],
    ]}},
    {"type": "Feature", "properties": {"code": "B"}, "geometry": {"type": "MultiPolygon", "coordinates": [
        [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]], [[[5, 5], [5.1, 5], [5.1, 5.1], [5, 5.1], [5, 5]]],
    ]}},
]}  # fmt: skip


def test_a_point_just_off_the_coast_is_taken_in() -> None:
    outlines = Outlines(SQUARES)
    assert outlines.codes == {"A", "B"}
    assert outlines.at(5.05, 5.05) == "B"
    inside, outside = 0.95 * TOLERANCE_KM / 111.195, 1.05 * TOLERANCE_KM / 111.195
    assert outlines.at(-inside, 0.5) == "A"
    assert outlines.at(-outside, 0.5) is None
    assert outlines.at(1 + inside, 1.5) == "B"
