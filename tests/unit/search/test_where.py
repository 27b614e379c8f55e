"""The "Where" table, one test per cell, with the real gazetteer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.port import Box, Circle, Coverage, Point, Target
from discovery.places import Gazetteer, Grouping, Place
from discovery.places.model import NamedPlaces
from discovery.search.where import GeoFilter, GeoQuery, resolve, target

LYON, VILLEURBANNE, GRENOBLE = (
    Place("commune", "69123"),
    Place("commune", "69266"),
    Place("commune", "38185"),
)
RHONE, ISERE, AURA = Place("department", "69"), Place("department", "38"), Place("region", "84")
AT_SEA = Point(46.0, -8.0)


def point(gazetteer: Gazetteer, code: str) -> Point:
    commune = gazetteer.commune(code)
    assert commune is not None
    assert commune.point is not None
    return Point(*commune.point)


def codes(where: GeoFilter) -> list[str]:
    return [problem.code for problem in where.problems]


def test_a_commune_is_served_by_its_name_its_department_its_region_and_circles_that_hold_its_centre(
    gazetteer: Gazetteer,
) -> None:
    assert target(LYON, gazetteer) == Target(
        communes=frozenset({"69123"}),
        zone_places=frozenset(
            {"commune:69123", "epci:200046977", "arrondissement:691", "department:69", "region:84"}
        ),
        zone_points=(point(gazetteer, "69123"),),
    )


@settings(deadline=None)
@given(
    centre=st.sampled_from(
        [LYON, GRENOBLE, Place("postcode", "01150"), Place("commune", "69383"), AT_SEA]
    ),
    places=st.lists(
        st.sampled_from([VILLEURBANNE, RHONE, AURA, Place("postcode", "38000")]), max_size=2
    ),
    coverage=st.sampled_from([None, *Coverage]),
    radii=st.lists(st.sampled_from([10.0, 20.0, 50.0, 200.0]), min_size=2, max_size=2),
)
def test_another_radius_gives_what_would_be_resolved_with_it(
    centre: Place | Point,
    places: list[Place],
    coverage: Coverage | None,
    radii: list[float],
    gazetteer: Gazetteer,
) -> None:
    one, other = (
        resolve(
            GeoQuery(places=tuple(places), centre=centre, radius_km=km, coverage=coverage),
            gazetteer,
        )
        for km in radii
    )
    assert one.within(radii[1]) == other
    assert one.within(radii[0]) == one


def test_an_arrondissement_asked_is_its_city_around_its_own_point(gazetteer: Gazetteer) -> None:
    lyon_3 = target(Place("commune", "69383"), gazetteer)
    assert lyon_3.communes == {"69123"}
    assert lyon_3.zone_places == target(LYON, gazetteer).zone_places
    assert lyon_3.zone_points == (point(gazetteer, "69383"),)
    assert lyon_3.zone_points != target(LYON, gazetteer).zone_points


def test_a_post_code_is_all_its_communes_and_its_centre_the_most_populous(
    gazetteer: Gazetteer,
) -> None:
    communes = gazetteer.communes_of_postcode("01150")
    assert len(communes) > 1, "the test needs a post code of several communes"
    where = resolve(GeoQuery(places=(Place("postcode", "01150"),)), gazetteer)
    (found,) = where.targets
    assert found.communes == {commune.code for commune in communes}
    assert found.zone_places >= {"department:01", "region:84"} | {
        f"commune:{one.code}" for one in communes
    }
    assert len(found.zone_points) == len(communes)
    most = max(communes, key=lambda one: one.population)
    assert where.centre == point(gazetteer, most.code)


def test_a_department_is_served_by_itself_what_holds_it_and_what_lies_inside(
    gazetteer: Gazetteer,
) -> None:
    assert target(RHONE, gazetteer) == Target(
        departments=frozenset({"69"}),
        zone_places=frozenset({"department:69", "region:84"}),
        zone_within=frozenset({"department:69"}),
    )


def test_a_region_is_served_by_itself_and_what_lies_inside(gazetteer: Gazetteer) -> None:
    assert target(AURA, gazetteer) == Target(
        regions=frozenset({"84"}),
        zone_places=frozenset({"region:84"}),
        zone_within=frozenset({"region:84"}),
    )


def test_the_country_is_everyone(gazetteer: Gazetteer) -> None:
    assert target(Place("country"), gazetteer) == Target(everywhere=True)


def test_a_radius_draws_a_circle_around_each_commune_of_place_and_around_near(
    gazetteer: Gazetteer,
) -> None:
    where = resolve(GeoQuery(places=(LYON, RHONE), centre=GRENOBLE, radius_km=10), gazetteer)
    assert [found.circle and found.circle.centre for found in where.targets] == [
        point(gazetteer, "69123"),
        None,
        point(gazetteer, "38185"),
    ]


def test_a_circle_around_a_point_holds_no_commune_but_knows_the_one_it_stands_in(
    gazetteer: Gazetteer,
) -> None:
    bellecour = Point(45.7578, 4.8320)
    where = resolve(GeoQuery(centre=bellecour, radius_km=5, coverage=Coverage.ANY), gazetteer)
    (found,) = where.targets
    assert found.communes == frozenset()
    assert found.circle == Circle(bellecour, 5)
    assert found.zone_places == {"commune:69123", "department:69", "region:84"}
    assert found.zone_points == (bellecour,)


def test_the_commune_of_a_point_is_said_to_be_approximate(gazetteer: Gazetteer) -> None:
    served = resolve(
        GeoQuery(centre=Point(45.7578, 4.8320), radius_km=5, coverage=Coverage.ANY), gazetteer
    )
    assert [(notice.code, notice.args["label"]) for notice in served.notices] == [
        ("approximate_commune", gazetteer.label("commune:69123"))
    ]
    assert resolve(GeoQuery(centre=Point(45.7578, 4.8320), radius_km=5), gazetteer).notices == ()


def test_the_department_of_a_point_comes_from_the_outlines(gazetteer: Gazetteer) -> None:
    """A point of the Hautes-Alpes whose nearest commune point is Lus-la-Croix-Haute's, in the
    Drôme.
    """
    border = Point(44.6403, 5.675)
    nearest = gazetteer.nearest(border.lat, border.lon)
    assert nearest is not None
    assert (nearest[0].department, gazetteer.department_at(border.lat, border.lon)) == ("26", "05")
    (found,) = resolve(GeoQuery(centre=border, radius_km=5), gazetteer).targets
    assert found.zone_places == {f"commune:{nearest[0].code}", "department:05", "region:93"}


def test_a_point_at_sea_is_in_no_commune(gazetteer: Gazetteer) -> None:
    (found,) = resolve(
        GeoQuery(centre=AT_SEA, radius_km=5, coverage=Coverage.ANY), gazetteer
    ).targets
    assert found.zone_places == frozenset()
    assert found.circle == Circle(AT_SEA, 5)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (GeoQuery(radius_km=10, typed=True), "radius_without_centre"),
        (GeoQuery(places=(RHONE,), radius_km=10, typed=True), "radius_needs_commune"),
        (GeoQuery(places=(RHONE, AURA), radius_km=10, typed=True), "radius_needs_commune"),
        (GeoQuery(places=(Place("country"),), radius_km=10, typed=True), "radius_needs_commune"),
    ],
)
def test_a_radius_without_a_centre_is_an_error_in_parameters(
    asked: GeoQuery, code: str, gazetteer: Gazetteer
) -> None:
    where = resolve(asked, gazetteer)
    assert codes(where) == [code]
    assert (where.problems[0].parameter, where.problems[0].value) == ("radius", "10")


def test_a_radius_without_a_centre_is_a_warning_in_a_phrase(gazetteer: Gazetteer) -> None:
    where = resolve(GeoQuery(places=(RHONE,), radius_km=10), gazetteer)
    assert codes(where) == []
    assert [notice.code for notice in where.notices] == ["radius_ignored"]
    assert where.targets == (target(RHONE, gazetteer),)
    assert where.coverage is Coverage.ANY, "an ignored circle is no circle"


def test_near_without_radius_is_a_focus_which_bounds_nothing(gazetteer: Gazetteer) -> None:
    where = resolve(GeoQuery(centre=LYON), gazetteer)
    assert where.targets == ()
    assert where.centre == point(gazetteer, "69123")
    assert where.centre_label == gazetteer.label(LYON)


def test_a_distance_said_of_a_place_draws_nothing_around_a_focus_elsewhere(
    gazetteer: Gazetteer,
) -> None:
    where = resolve(
        GeoQuery(places=(LYON,), centre=GRENOBLE, radius_km=30, focus_only=True), gazetteer
    )
    assert where.targets == (target(LYON, gazetteer, 30),)
    assert where.centre == point(gazetteer, "38185")


@pytest.mark.parametrize(
    ("asked", "centre"),
    [
        (GeoQuery(places=(LYON,)), "69123"), (GeoQuery(places=(LYON,), radius_km=20), "69123"),
        (GeoQuery(centre=GRENOBLE, radius_km=20), "38185"), (GeoQuery(places=(RHONE,), centre=GRENOBLE), "38185"),
        (GeoQuery(places=(LYON, VILLEURBANNE)), None), (GeoQuery(places=(LYON, VILLEURBANNE), radius_km=10), None),
        (GeoQuery(places=(RHONE,)), None), (GeoQuery(places=(AURA,)), None),
        (GeoQuery(places=(Place("country"),)), None), (GeoQuery(places=(LYON, RHONE)), None),
        (GeoQuery(box=Box(4.7, 45.6, 5.0, 45.9)), None), (GeoQuery(), None),
    ],
)  # fmt: skip
def test_only_a_circle_a_single_commune_or_a_focus_give_a_centre(
    asked: GeoQuery, centre: str | None, gazetteer: Gazetteer
) -> None:
    expected = point(gazetteer, centre) if centre else None
    assert resolve(asked, gazetteer).centre == expected


@pytest.mark.parametrize(
    ("asked", "coverage"),
    [
        (GeoQuery(), Coverage.ANY),
        (GeoQuery(places=(LYON,)), Coverage.ANY),
        (GeoQuery(places=(RHONE,)), Coverage.ANY),
        (GeoQuery(centre=LYON), Coverage.ANY),
        (GeoQuery(places=(LYON,), radius_km=10), Coverage.LOCATED),
        (GeoQuery(centre=LYON, radius_km=10), Coverage.LOCATED),
        (GeoQuery(places=(RHONE,), box=Box(4, 45, 5, 46)), Coverage.LOCATED),
        (GeoQuery(places=(LYON,), radius_km=10, coverage=Coverage.SERVES), Coverage.SERVES),
        (GeoQuery(places=(LYON,), coverage=Coverage.LOCATED), Coverage.LOCATED),
    ],
)
def test_coverage_is_located_when_a_circle_or_box_is_given_otherwise_any(
    asked: GeoQuery, coverage: Coverage, gazetteer: Gazetteer
) -> None:
    assert resolve(asked, gazetteer).coverage is coverage


@settings(deadline=None)
@given(radius=st.floats(1, 500), name=st.sampled_from([LYON, GRENOBLE, Place("postcode", "01150")]))
def test_a_circle_never_narrows_what_its_commune_finds(radius: float, name: Place) -> None:
    gazetteer = Gazetteer.load()
    bare, drawn = target(name, gazetteer), target(name, gazetteer, radius)
    assert drawn.circle is not None
    assert (drawn.communes, drawn.zone_places, drawn.zone_points) == (
        bare.communes,
        bare.zone_places,
        bare.zone_points,
    )


def test_a_grouping_is_its_communes_served_by_what_holds_it_and_what_lies_inside(
    gazetteer: Gazetteer,
) -> None:
    rennes = target(Place("epci", "243500139"), gazetteer)
    assert rennes.communes == gazetteer.communes_in("epci:243500139")
    assert rennes.zone_places >= {
        "epci:243500139",
        "commune:35238",
        "arrondissement:353",
        "department:35",
        "region:53",
    }
    assert "commune:35288" not in rennes.zone_places  # Saint-Malo lies in the department, not in it
    assert not rennes.zone_within
    assert rennes.zone_points[0] == point(gazetteer, "35238")
    assert len(rennes.zone_points) > 1


def test_greater_paris_holds_its_territorial_establishments(gazetteer: Gazetteer) -> None:
    assert "ept:200057875" in target(Place("epci", "200054781"), gazetteer).zone_places
    assert "epci:200054781" in target(Place("ept", "200057875"), gazetteer).zone_places


def test_an_area_of_whole_departments_is_told_by_them(gazetteer: Gazetteer) -> None:
    departments = ("22", "29", "35", "56", "44")
    area = Grouping(
        Place("area", "bretagne-historique"), "Bretagne historique", "", "", (), departments
    )
    found = target(area.place, gazetteer.naming(NamedPlaces((area,))))
    assert found.departments == set(departments)
    assert not found.communes
    assert found.zone_within == {f"department:{one}" for one in departments}
    assert "epci:243500139" in found.zone_places
    assert len(found.zone_places) < 200


def test_a_commune_is_served_by_a_zone_that_names_an_area_around_it(gazetteer: Gazetteer) -> None:
    area = Grouping(Place("area", "deux-villes"), "Deux villes", "69123 69266")
    known = gazetteer.naming(NamedPlaces((area,)))
    assert "area:deux-villes" in target(LYON, known).zone_places
    assert "area:deux-villes" not in target(GRENOBLE, known).zone_places
    assert "area:deux-villes" not in target(RHONE, known).zone_places
    assert gazetteer.parse_place("area:deux-villes") is None
