"""Where: each cell of the table, both sides of every circle, on every engine."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.port import Box, Coverage, Filters, Hit, National, Point, SearchEngine, SearchRequest, Target
from discovery.places import EARTH_RADIUS_KM, haversine_km
from tests.contract.asking import COUNTRY, circle, commune, department, holding, ids, region
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import (
    GRENOBLE,
    LYON,
    NANTES,
    PARIS,
    VIENNE,
    VILLEURBANNE,
    Zone,
    at,
    does,
    everywhere,
    nowhere,
    supplier,
    within,
)
from tests.examples import some

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


def test_located_in_a_commune(engine_factory: EngineFactory) -> None:
    """Commune, located: its commune is that one."""
    engine = engine_factory([supplier("in", town=LYON), supplier("next", town=VILLEURBANNE)])
    assert found(engine, commune(LYON), LOCATED) == {"in"}


def test_located_in_a_post_code(engine_factory: EngineFactory) -> None:
    """Post code, located: its commune is one of that post code's communes."""
    both = Target(communes=frozenset({LYON.code, VIENNE.code}))
    engine = engine_factory([supplier("a", town=LYON), supplier("b", town=VIENNE), supplier("c", town=GRENOBLE)])
    assert found(engine, both, LOCATED) == {"a", "b"}


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


def test_located_in_a_department_or_a_region(engine_factory: EngineFactory) -> None:
    """Department, region: seated there."""
    engine = engine_factory([supplier("lyon"), supplier("grenoble", town=GRENOBLE), supplier("paris", town=PARIS)])
    assert found(engine, department("69", "84"), LOCATED) == {"lyon"}
    assert found(engine, region("84"), LOCATED) == {"lyon", "grenoble"}


def test_everyone_is_located_in_the_country(engine_factory: EngineFactory) -> None:
    """Country, located: everyone."""
    engine = engine_factory([supplier("a"), supplier("b", town=None, location=None)])
    assert found(engine, COUNTRY, LOCATED) == {"a", "b"}


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


def test_a_radius_zone_serves_a_commune_by_its_centre(engine_factory: EngineFactory) -> None:
    """Commune, serves: its radius circle holds the commune's centre."""
    engine = engine_factory(
        [
            supplier("reaches", town=VIENNE, activities=[does(zone=within(30))]),
            supplier("falls short", town=VIENNE, activities=[does(zone=within(20))]),
        ]
    )
    assert found(engine, commune(LYON), SERVES) == {"reaches"}


def test_a_post_code_is_served_through_any_of_its_communes(engine_factory: EngineFactory) -> None:
    """Post code, serves: for any of those communes."""
    both = Target(
        communes=frozenset({LYON.code, GRENOBLE.code}),
        zone_places=holding(LYON) | holding(GRENOBLE),
        zone_points=(LYON.point, GRENOBLE.point),
    )
    engine = engine_factory(
        [
            supplier("first", town=AWAY, activities=[does(zone=at(LYON.place))]),
            supplier("second", town=AWAY, activities=[does(zone=at(GRENOBLE.place))]),
            supplier("second's department", town=AWAY, activities=[does(zone=at("department:38"))]),
            supplier("near second", town=GRENOBLE, activities=[does(zone=within(1))]),
            supplier("neither", town=AWAY, activities=[does(zone=at(PARIS.place))]),
        ]
    )
    assert found(engine, both, SERVES) == {"first", "second", "second's department", "near second"}


@pytest.mark.parametrize(
    ("zone", "serves"),
    [
        (everywhere(), True),
        (at(LYON.place), True),
        (at("department:69"), True),
        (at("region:84"), True),
        (at(VILLEURBANNE.place), False),
        (nowhere(), False),
    ],
)
def test_who_serves_a_circle(zone: Zone, serves: bool, engine_factory: EngineFactory) -> None:
    """Circle, serves: country; places that hold the centre's commune; its radius circle holds the centre."""
    engine = engine_factory([supplier("a", town=AWAY, activities=[does(zone=zone)])])
    assert found(engine, circle(LYON.point, 50, LYON), SERVES) == ({"a"} if serves else set())


def test_a_circle_asked_is_served_at_its_centre_only(engine_factory: EngineFactory) -> None:
    """Circle, serves: its radius circle holds the centre; two circles that merely cross don't serve."""
    engine = engine_factory(
        [
            supplier("holds the centre", town=VIENNE, activities=[does(zone=within(30))]),
            supplier("only crosses", town=VIENNE, activities=[does(zone=within(5))]),
        ]
    )
    assert found(engine, circle(LYON.point, 25, LYON), SERVES) == {"holds the centre"}


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


def test_a_radius_zone_never_serves_a_department(engine_factory: EngineFactory) -> None:
    """Department, region: a circle is not a place that is it, holds it, or lies inside it, even from its middle."""
    engine = engine_factory([supplier("a", town=LYON, activities=[does(zone=within(30))])])
    assert found(engine, department("69", "84"), SERVES) == set()
    assert found(engine, department("69", "84"), ANY) == {"a"}


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


def test_located_in_an_area(engine_factory: EngineFactory) -> None:
    """Areas: seated in one of their communes, those of their departments too."""
    engine = engine_factory(
        [supplier("lyon", town=LYON), supplier("grenoble", town=GRENOBLE), supplier("a", town=AWAY)]
    )
    assert found(engine, LYON_AND_ISERE, LOCATED) == {"lyon", "grenoble"}


def test_a_radius_zone_serves_an_area_by_one_of_its_towns(engine_factory: EngineFactory) -> None:
    """Areas: or a zone circle that holds one of its town centres."""
    engine = engine_factory(
        [
            supplier("holds a town", town=VIENNE, activities=[does(zone=within(30))]),
            supplier("holds none", town=VIENNE, activities=[does(zone=within(5))]),
        ]
    )
    assert found(engine, LYON_AND_ISERE, SERVES) == {"holds a town"}


def test_the_country_is_served_by_country_zones_only(engine_factory: EngineFactory) -> None:
    """Country, serves: country."""
    engine = engine_factory(
        [
            supplier("all", activities=[does(zone=everywhere())]),
            supplier("region", activities=[does(zone=at("region:84"))]),
            supplier("circle", activities=[does(zone=within(500))]),
        ]
    )
    assert found(engine, COUNTRY, SERVES) == {"all"}


# coverage, national, OR and AND


def test_any_is_located_or_serves(engine_factory: EngineFactory) -> None:
    """`coverage` = `located` | `serves` | `any`."""
    engine = engine_factory(
        [
            supplier("seat", town=LYON),
            supplier("zone", town=AWAY, activities=[does(zone=at(LYON.place))]),
            supplier("both", town=LYON, activities=[does(zone=everywhere())]),
            supplier("neither", town=AWAY),
        ]
    )
    assert found(engine, commune(LYON), LOCATED) == {"seat", "both"}
    assert found(engine, commune(LYON), SERVES) == {"zone", "both"}
    assert found(engine, commune(LYON), ANY) == {"seat", "zone", "both"}


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


def test_national_exclude_without_a_where_filters_nothing(engine_factory: EngineFactory) -> None:
    """Without a place there is nothing that a country zone could serve."""
    engine = engine_factory([supplier("a", activities=[does(zone=everywhere())]), supplier("b")])
    assert set(ids(engine, SearchRequest(national=National.EXCLUDE))) == {"a", "b"}


def test_places_and_circles_are_or(engine_factory: EngineFactory) -> None:
    """Places and circles are OR."""
    engine = engine_factory([supplier("lyon"), supplier("grenoble", town=GRENOBLE), supplier("paris", town=PARIS)])
    asked = SearchRequest(targets=(commune(GRENOBLE), circle(LYON.point, 5)), coverage=LOCATED)
    assert set(ids(engine, asked)) == {"lyon", "grenoble"}


def test_the_box_is_anded(engine_factory: EngineFactory) -> None:
    """`bbox` is ANDed with places and circles, and holds who is located in it."""
    engine = engine_factory(
        [supplier("lyon"), supplier("grenoble", town=GRENOBLE), supplier("no point", location=None)]
    )
    around_lyon = Box(4.5, 45.5, 5.0, 46.0)
    assert ids(engine, SearchRequest(box=around_lyon)) == ["lyon"]
    both = SearchRequest(targets=(region("84"),), coverage=LOCATED)
    assert set(ids(engine, both)) == {"lyon", "grenoble", "no point"}
    assert ids(engine, replace(both, box=around_lyon)) == ["lyon"]


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


def test_department_and_region_filters_are_the_seats_and_anded(engine_factory: EngineFactory) -> None:
    """`department` and `region` (the supplier's seat) are ANDed with the where."""
    engine = engine_factory(
        [
            supplier("lyon"),
            supplier("from grenoble", town=GRENOBLE, activities=[does(zone=at(LYON.place))]),
        ]
    )
    assert found(engine, commune(LYON), ANY) == {"lyon", "from grenoble"}
    assert found(engine, commune(LYON), ANY, filters=Filters(department=("38",))) == {"from grenoble"}
    assert found(engine, commune(LYON), ANY, filters=Filters(region=("11",))) == set()


# circles, both sides


@settings(deadline=None, max_examples=some(25))
@given(
    bearing=st.floats(0, 2 * math.pi),
    radius=st.integers(1, 500),
    centre=st.sampled_from([LYON.point, NANTES.point, Point(-20.879, 55.4486), Point(47.0, 179.9)]),
)
def test_both_sides_of_a_circle_for_the_seat_and_for_the_zone(
    bearing: float, radius: int, centre: Point, engine_factory: EngineFactory
) -> None:
    """Great-circle distance, haversine, mean Earth radius: one predicate, on both sides of the circle, for the seat
    and for the zone. Points are rounded to 5 decimals on entry (about a metre), so the sides are 3 m off the edge."""
    rounded = [
        Point(round(at_.lat, 5), round((at_.lon + 180) % 360 - 180, 5))
        for at_ in (offset(centre, radius - 3 * METRE, bearing), offset(centre, radius + 3 * METRE, bearing))
    ]
    inside, outside = rounded
    assert haversine_km(centre.lat, centre.lon, inside.lat, inside.lon) <= radius - METRE
    assert haversine_km(centre.lat, centre.lon, outside.lat, outside.lon) >= radius + METRE
    zone = [does(zone=within(radius))]
    engine = engine_factory(
        [
            supplier("inside", town=PARIS, location=inside, activities=zone),
            supplier("outside", town=PARIS, location=outside, activities=zone),
        ]
    )
    assert found(engine, circle(centre, radius), LOCATED) == {"inside"}
    assert found(engine, Target(zone_points=(centre,)), SERVES) == {"inside"}


def test_a_circle_holds_its_own_centre(engine_factory: EngineFactory) -> None:
    """Boundary included, and the centre with it."""
    engine = engine_factory([supplier("a", town=PARIS, location=LYON.point, activities=[does(zone=within(1))])])
    assert found(engine, circle(LYON.point, 1), LOCATED) == {"a"}
    assert found(engine, circle(LYON.point, 1), SERVES) == {"a"}


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


def test_without_a_where_a_hit_says_nothing_of_it(engine_factory: EngineFactory) -> None:
    """No target, no coverage; no centre, no distance."""
    engine = engine_factory([supplier("a")])
    hit = hits(engine, SearchRequest())["a"]
    assert (hit.coverage, hit.distance_km) == (None, None)


def test_a_focus_measures_without_bounding(engine_factory: EngineFactory) -> None:
    """A focus only ranks: everybody is found, with a distance."""
    engine = engine_factory([supplier("near"), supplier("far", town=PARIS)])
    got = hits(engine, SearchRequest(centre=LYON.point))
    assert set(got) == {"near", "far"}
    assert got["far"].distance_km == pytest.approx(haversine_km(LYON.lat, LYON.lon, PARIS.lat, PARIS.lon), abs=METRE)


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
