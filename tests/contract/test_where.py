"""Where: each cell of the table, both sides of every circle, on every engine."""

import math

import pytest

from discovery.engine.port import Box, Coverage, Filters, Hit, National, Point, SearchEngine, SearchRequest, Target
from discovery.places import EARTH_RADIUS_KM, haversine_km
from tests.contract.asking import circle, commune, department, ids, region
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import (
    GRENOBLE,
    LYON,
    NANTES,
    PARIS,
    VILLEURBANNE,
    Zone,
    at,
    does,
    everywhere,
    nowhere,
    supplier,
    within,
)

LOCATED, SERVES, ANY = Coverage.LOCATED, Coverage.SERVES, Coverage.ANY
METRE = 0.001
AWAY = NANTES
"""Where the suppliers of zone tests sit: in none of the places asked for."""


def found(engine: SearchEngine, target: Target, coverage: Coverage, **more: object) -> set[str]:
    return set(ids(engine, SearchRequest(targets=(target,), coverage=coverage, **more)))  # type: ignore[arg-type]


def offset(point: Point, km: float, bearing: float) -> Point:
    """The point at a great-circle distance and bearing (radians)."""
    angle, lat, lon = km / EARTH_RADIUS_KM, math.radians(point.lat), math.radians(point.lon)
    to = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing))
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(to)
    )
    return Point(math.degrees(to), math.degrees(lon + east))


# located


def test_located_in_a_circle_or_in_its_commune(engine_factory: EngineFactory) -> None:
    """Circle, located: in that commune (if it is around one), **or** within the radius of the centre."""
    engine = engine_factory(
        [
            supplier("centre", town=LYON),
            supplier("far corner of the commune", town=LYON, location=offset(LYON.point, 6, 1.0)),
            supplier("near, next commune", town=VILLEURBANNE, location=offset(LYON.point, 2, 1.0)),
            supplier("far, next commune", town=VILLEURBANNE, location=offset(LYON.point, 6, 1.0)),
        ]
    )
    inside = {"centre", "near, next commune"}
    assert found(engine, commune(LYON, 3), LOCATED) == inside | {"far corner of the commune"}
    assert found(engine, circle(LYON.point, 3, LYON), LOCATED) == inside


# serves


@pytest.mark.parametrize(
    ("zone", "serves"),
    [
        (everywhere(), True),
        (at(LYON.place), True),
        (at("department:69"), True),
        (at("region:84"), True),
        (at(PARIS.place, LYON.place), True),
        (at(VILLEURBANNE.place), False),
        (at("department:38"), False),
        (at("region:11"), False),
        (within(500), False),  # from Nantes
        (nowhere(), False),
    ],
)
def test_who_serves_a_commune(zone: Zone, serves: bool, engine_factory: EngineFactory) -> None:
    """Commune, serves: country; or names the commune, its department or its region; or its radius circle holds the
    commune's centre."""
    engine = engine_factory([supplier("a", town=AWAY, activities=[does(zone=zone)])])
    assert found(engine, commune(LYON), SERVES) == ({"a"} if serves else set())


@pytest.mark.parametrize(
    ("zone", "department_", "region_"),
    [
        (everywhere(), True, True),
        (at("department:69"), True, True),  # is it; lies inside the region
        (at("region:84"), True, True),  # holds it; is it
        (at(LYON.place), True, True),  # lies inside both
        (at(GRENOBLE.place), False, True),
        (at("department:38"), False, True),
        (at(PARIS.place), False, False),
        (at("region:11"), False, False),
        (within(500), False, False),
        (nowhere(), False, False),
    ],
)
def test_who_serves_a_department_or_a_region(
    zone: Zone, department_: bool, region_: bool, engine_factory: EngineFactory
) -> None:
    """Department, region, serves: country; or a place that is it, holds it, or lies inside it."""
    engine = engine_factory([supplier("a", town=AWAY, activities=[does(zone=zone)])])
    assert bool(found(engine, department("69", "84"), SERVES)) is department_
    assert bool(found(engine, region("84"), SERVES)) is region_


LYON_AND_ISERE = Target(
    communes=frozenset({"69123"}),
    departments=frozenset({"38"}),
    zone_places=frozenset({"area:here", LYON.place, "department:38", "region:84"}),
    zone_within=frozenset({"department:38"}),
    zone_points=(LYON.point,),
)
"""A named area: a commune, and a department that it holds whole."""


@pytest.mark.parametrize(
    ("zone", "serves"),
    [
        (everywhere(), True),
        (at("area:here"), True),  # is it
        (at("region:84"), True),  # holds it
        (at(LYON.place), True),  # lies inside it
        (at("department:38"), True),
        (at(GRENOBLE.place), True),  # inside the department that it holds
        (at("department:69"), False),  # holds a part of it only
        (at(PARIS.place), False),
        (nowhere(), False),
    ],
)
def test_who_serves_an_area(zone: Zone, serves: bool, engine_factory: EngineFactory) -> None:
    """Areas: country; or a place that is it, holds it, or lies inside it."""
    engine = engine_factory([supplier("a", town=AWAY, activities=[does(zone=zone)])])
    assert bool(found(engine, LYON_AND_ISERE, SERVES)) is serves


# coverage, national, OR and AND


def test_national_exclude_country_zones_dont_serve_but_a_seat_still_counts(engine_factory: EngineFactory) -> None:
    """`exclude`: country zones don't serve; a seat still counts."""
    engine = engine_factory(
        [
            supplier("seat and country", town=LYON, activities=[does(zone=everywhere())]),
            supplier("country", town=AWAY, activities=[does(zone=everywhere())]),
            supplier("place", town=AWAY, activities=[does(zone=at(LYON.place))]),
        ]
    )
    assert found(engine, commune(LYON), ANY) == {"seat and country", "country", "place"}
    assert found(engine, commune(LYON), ANY, national=National.EXCLUDE) == {"seat and country", "place"}
    assert found(engine, commune(LYON), SERVES, national=National.EXCLUDE) == {"place"}


def test_national_only_needs_an_activity_with_a_country_zone(engine_factory: EngineFactory) -> None:
    """`only`: an activity with a country zone; without a where too."""
    engine = engine_factory(
        [
            supplier("seat", town=LYON, activities=[does(zone=at(LYON.place))]),
            supplier("national", town=AWAY, activities=[does(zone=everywhere())]),
            supplier("national here", town=LYON, activities=[does(zone=everywhere()), does("menuiserie")]),
        ]
    )
    only = National.ONLY
    assert set(ids(engine, SearchRequest(national=only))) == {"national", "national here"}
    assert found(engine, commune(LYON), ANY, national=only) == {"national", "national here"}
    assert found(engine, commune(LYON), LOCATED, national=only) == {"national here"}


def test_the_box_includes_its_edges_and_may_cross_the_antimeridian(engine_factory: EngineFactory) -> None:
    """A box holds its own edges; west > east crosses the 180th meridian."""
    engine = engine_factory(
        [
            supplier("edge", location=Point(45.5, 4.5)),
            supplier("fiji side", location=Point(-17.0, 179.5)),
            supplier("samoa side", location=Point(-14.0, -179.5)),
        ]
    )
    assert ids(engine, SearchRequest(box=Box(4.5, 45.5, 5.0, 46.0))) == ["edge"]
    assert set(ids(engine, SearchRequest(box=Box(179.0, -20.0, -179.0, -10.0)))) == {"fiji side", "samoa side"}


# circles, both sides


def test_without_a_location_never_by_a_circle_save_its_own_communes(engine_factory: EngineFactory) -> None:
    """A supplier without any location is found by its commune, department, region and zones, never by a circle,
    save its own commune's."""
    engine = engine_factory(
        [supplier("a", town=LYON, location=None, activities=[does(zone=at(PARIS.place)), does(zone=within(30))])]
    )
    for target in (commune(LYON), department("69", "84"), region("84"), commune(LYON, 10)):
        assert found(engine, target, LOCATED) == {"a"}
    assert found(engine, commune(PARIS), SERVES) == {"a"}
    assert found(engine, circle(LYON.point, 500, LYON), LOCATED) == set()
    assert found(engine, commune(VILLEURBANNE, 50), LOCATED) == set()
    assert found(engine, commune(LYON), SERVES) == set(), "a circle around nothing reaches nothing"


# hits


def hits(engine: SearchEngine, request: SearchRequest) -> dict[str, Hit]:
    return {hit.id: hit for hit in engine.search(request).hits}


def test_each_hit_says_how_it_matched_and_its_distance(engine_factory: EngineFactory) -> None:
    """Each hit says how it matched (`located` or `serves`) and its distance when there is one centre."""
    engine = engine_factory(
        [
            supplier("seat", town=LYON, activities=[does(zone=everywhere())]),
            supplier("zone", town=GRENOBLE, activities=[does(zone=at(LYON.place))]),
            supplier("no point", town=LYON, location=None),
        ]
    )
    request = SearchRequest(targets=(commune(LYON),), centre=LYON.point)
    got = hits(engine, request)
    assert {id: hit.coverage for id, hit in got.items()} == {"seat": LOCATED, "zone": SERVES, "no point": LOCATED}
    km = got["zone"].distance_km
    assert km == pytest.approx(haversine_km(LYON.lat, LYON.lon, GRENOBLE.lat, GRENOBLE.lon), abs=METRE)
    assert got["seat"].distance_km == pytest.approx(0, abs=METRE)
    assert got["no point"].distance_km is None


def test_matched_sectors_are_those_that_serve(engine_factory: EngineFactory) -> None:
    """A hit names the sectors of the activities that meet the filters and, for who is not seated there, the where."""
    engine = engine_factory(
        [
            supplier(
                "a",
                town=AWAY,
                activities=[does("menuiserie", zone=at(LYON.place)), does("blanchisserie", zone=at(PARIS.place))],
            )
        ]
    )
    assert hits(engine, SearchRequest(targets=(commune(LYON),)))["a"].matched_sectors == ("menuiserie",)
    seated = SearchRequest(targets=(commune(AWAY),), filters=Filters(sector=("blanchisserie",)))
    assert hits(engine, seated)["a"].matched_sectors == ("blanchisserie",)
    assert hits(engine, SearchRequest())["a"].matched_sectors == ()
