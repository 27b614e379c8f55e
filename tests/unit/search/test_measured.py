"""From where distances are measured, and on which side of the sea a search is."""

import pytest

from discovery.engine.port import Point
from discovery.places import Gazetteer, Place, haversine_km
from discovery.search.where import (
    MAINLAND,
    MAX_MEASURED,
    GeoQuery,
    Measured,
    measured,
    resolve,
    target,
)

GAZETTEER = Gazetteer.load()
LYON, GRENOBLE, SAINT_DENIS = (
    Place("commune", "69123"),
    Place("commune", "38185"),
    Place("commune", "97411"),
)
RHONE, ISERE, REUNION = (
    Place("department", "69"),
    Place("department", "38"),
    Place("department", "974"),
)


def asked(*places: Place, **changes: object) -> Measured:
    found = GeoQuery(places=places, **changes)  # type: ignore[arg-type]
    return measured(found, resolve(found, GAZETTEER), GAZETTEER)


def point(place: Place) -> Point:
    commune = GAZETTEER.commune(place.code)
    assert commune is not None
    assert commune.point is not None
    return Point(*commune.point)


def test_a_commune_is_measured_from_its_point_and_several_from_the_points_of_all() -> None:
    assert asked(LYON).centres == (point(LYON),)
    assert asked(LYON, GRENOBLE).centres == (point(LYON), point(GRENOBLE))
    assert asked(LYON, GRENOBLE).inside == (target(LYON, GAZETTEER), target(GRENOBLE, GAZETTEER)), (
        "its own are there"
    )


def test_an_area_is_at_no_distance_inside_and_measured_from_its_towns_outside() -> None:
    found = asked(RHONE)
    assert found.inside == (target(RHONE, GAZETTEER),)
    assert len(found.centres) == MAX_MEASURED
    assert (
        min(
            haversine_km(one.lat, one.lon, point(LYON).lat, point(LYON).lon)
            for one in found.centres
        )
        < 5
    )
    mixed = asked(ISERE, LYON)
    assert mixed.inside == (target(ISERE, GAZETTEER), target(LYON, GAZETTEER))
    assert point(LYON) in mixed.centres


def test_a_focus_or_a_circle_is_measured_from_its_centre_alone() -> None:
    there = Point(45.0, 5.0)
    assert asked(RHONE, centre=there) == Measured((there,), (), MAINLAND)
    assert asked(centre=LYON, radius_km=20.0).centres == (point(LYON),)


def test_nowhere_and_everywhere_have_neither() -> None:
    assert asked() == asked(Place("country")) == Measured()


@pytest.mark.parametrize(
    ("places", "side"),
    [
        ((LYON,), MAINLAND), ((Place("department", "2A"),), MAINLAND), ((RHONE, GRENOBLE), MAINLAND),
        ((SAINT_DENIS,), "974"), ((REUNION,), "974"), ((Place("region", "04"),), "974"),
        ((REUNION, SAINT_DENIS), "974"), ((REUNION, LYON), None), ((REUNION, Place("department", "972")), None),
        ((Place("country"),), None),
    ],
)  # fmt: skip
def test_the_side_of_the_sea(places: tuple[Place, ...], side: str | None) -> None:
    assert asked(*places).side == side
