"""Maps drawn by the server: what is covered is in sight, what is far is left to another map."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.pages.maps import outline_map, zone_map
from discovery.pages.maps.zone_map import HEIGHT, PIN_RADIUS, WIDTH, draw, of_supplier
from discovery.places import Grouping, Place, gazetteer, land
from discovery.places.geo import KM_PER_DEGREE
from discovery.places.model import NamedPlaces

LYON, SAINT_DENIS = (45.7677, 4.8354), (-20.879, 55.4486)

mainland_points = st.tuples(st.floats(42.5, 50.5), st.floats(-4.0, 7.5))


def supplier(location: tuple[float, float] | None, *zones: dict[str, Any]) -> dict[str, Any]:
    """A presented profile, as far as its map goes."""
    held = {"lat": location[0], "lon": location[1], "approximate": False} if location else None
    blank = {"radius_km": None, "places": []}
    return {"location": held, "activities": [{"zone": blank | zone} for zone in zones]}


def places(*values: str) -> dict[str, Any]:
    return {"scope": "places", "places": [{"value": value} for value in values]}


def test_a_radius_is_drawn_around_the_seat_to_scale() -> None:
    found = of_supplier(supplier(LYON, {"scope": "radius", "radius_km": 30}), gazetteer())
    assert found is not None
    [pin], [circle] = found.pins, found.circles
    assert (circle.x, circle.y) == (pin.x, pin.y)
    assert pin.radius == PIN_RADIUS
    assert circle.radius * 2 < HEIGHT
    assert found.covered == ()


def test_several_radii_are_the_widest() -> None:
    zones = [{"scope": "radius", "radius_km": km} for km in (10, 80, 30)]
    found = of_supplier(supplier(LYON, *zones), gazetteer())
    alone = of_supplier(supplier(LYON, zones[1]), gazetteer())
    assert found == alone


@pytest.mark.parametrize(
    ("named", "count"),
    [(("department:69",), 1), (("region:84",), 12), (("department:69", "region:84"), 12)],
)
def test_places_cover_their_departments(named: tuple[str, ...], count: int) -> None:
    found = of_supplier(supplier(LYON, places(*named)), gazetteer())
    assert found is not None
    assert len(found.covered) == count


def test_the_whole_country_is_the_mainland_seen_from_there() -> None:
    found = of_supplier(supplier(LYON, {"scope": "country"}), gazetteer())
    assert found is not None
    assert found.whole
    assert found.covered == ()  # all of it is one path of the ground
    assert len(found.towns) > 5


def test_overseas_has_a_map_of_its_own() -> None:
    found = of_supplier(
        supplier(SAINT_DENIS, places("department:974", "department:69")), gazetteer()
    )
    assert found is not None
    assert len(found.covered) == 1
    assert len(found.pins) == 1


@given(mainland_points, st.floats(5, 400))
def test_a_circle_is_whole_and_to_scale(centre: tuple[float, float], km: float) -> None:
    found = draw([], [(*centre, km)])
    assert found is not None
    [circle] = found.circles
    assert circle.radius <= circle.x <= WIDTH - circle.radius + 1
    assert circle.radius <= circle.y <= HEIGHT - circle.radius + 1
    frame = zone_map.framed([zone_map.around(*centre, km * 1.1)])
    assert circle.radius == pytest.approx(
        max(km / KM_PER_DEGREE * frame.scale, PIN_RADIUS), abs=0.06
    )


@given(mainland_points, mainland_points)
def test_a_frame_keeps_directions_and_shapes(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    """North is up, east is right; a degree of longitude is as short as at the frame's middle
    latitude.
    """
    frame = outline_map.MAINLAND
    (x1, y1), (x2, y2) = frame.place(one[1], one[0]), frame.place(other[1], other[0])
    assert y2 - y1 == pytest.approx((one[0] - other[0]) * frame.scale, abs=1e-6)
    shrink = math.cos(math.radians((frame.south + frame.north) / 2))
    assert x2 - x1 == pytest.approx((other[1] - one[1]) * shrink * frame.scale, abs=1e-6)


@given(mainland_points)
def test_the_ground_lies_where_pins_stand(point: tuple[float, float]) -> None:
    found = draw([point])
    assert found is not None
    a, _, _, d, e, f = map(float, found.ground.removeprefix("matrix(").removesuffix(")").split())
    [pin] = found.pins
    assert a * point[1] * land.PER_DEGREE + e == pytest.approx(pin.x, abs=0.1)
    assert d * point[0] * land.PER_DEGREE + f == pytest.approx(pin.y, abs=0.1)


def test_the_largest_towns_in_sight_are_named_without_writing_over_each_other() -> None:
    found = of_supplier(supplier(LYON, {"scope": "radius", "radius_km": 60}), gazetteer())
    assert found is not None
    names = [town.name for town in found.towns]
    assert names[0] == "Lyon"
    assert "Saint-Étienne" in names
    assert "Villeurbanne" not in names  # it would write over Lyon
    wide, high = zone_map.ROOM
    for number, one in enumerate(found.towns):
        for other in found.towns[:number]:
            assert abs(one.x - other.x) > wide or abs(one.y - other.y) > high


def test_a_pin_is_known_by_its_number_whatever_lies_out_of_sight() -> None:
    found = draw([LYON, SAINT_DENIS, (45.9, 4.9)])
    assert found is not None
    assert [one.number for one in found.pins] == [0, 2]


def test_an_intercommunality_is_drawn_as_its_communes() -> None:
    found = of_supplier(supplier(None, places("epci:243500139")), gazetteer())
    assert found is not None
    assert len(found.circles) == len(gazetteer().communes_in("epci:243500139"))
    assert not found.covered


def test_an_area_is_drawn_as_its_departments_and_its_other_communes() -> None:
    area = Grouping(Place("area", "a"), "Zone", "69123 69266", "", (), ("42",))
    found = of_supplier(supplier(LYON, places("area:a")), gazetteer().naming(NamedPlaces((area,))))
    assert found is not None
    assert len(found.covered) == 1
    assert len(found.circles) == 2
