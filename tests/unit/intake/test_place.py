import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.places import Gazetteer, gazetteer, haversine_km
from indexer.intake.check import Places
from indexer.intake.findings import Code
from indexer.intake.limits import CONTRADICTION_KM
from indexer.record import LocationSource
from tests.tables import cases

PLACES = Places(gazetteer())


def locate(
    code: str = "", post_code: str = "", city: str = "", point: tuple[float, float] | None = None
) -> tuple[str, list[Code]]:
    """(commune's code or "", remarks)."""
    located, found = PLACES.locate(code, post_code, city, point)
    return (located.commune.code if located else "", [each.code for each in found])


@pytest.mark.parametrize(("post_code", "city", "commune"), cases(__file__, "post_code_and_city"))
def test_post_code_and_city(post_code: str, city: str, commune: str) -> None:
    assert locate(post_code=post_code, city=city)[0] == commune


@pytest.mark.parametrize(
    ("post_code", "city", "commune", "remark"),
    [
        ("62501", "Saint-Omer Cedex", "62765", Code.POST_CODE_UNKNOWN),
        ("95725", "ROISSY CDG Cedex", "95527", Code.POST_CODE_UNKNOWN),
        ("67068", "STRASBOURG CEDEX 2", "67482", Code.POST_CODE_UNKNOWN),
        ("22200", "Guingam", "22070", Code.CITY_CORRECTED),
        ("22200", "Rennes", "22070", Code.CITY_UNKNOWN),  # the post code is the register's
        ("22200", "Lieu-dit Kerfeuil", "22070", Code.CITY_UNKNOWN),
        ("22200", "", "22070", Code.CITY_UNKNOWN),
        ("59100", "Lille", "59350", Code.POST_CODE_CONTRADICTS),  # a neighbour's post code
    ],
)
def test_what_had_to_be_assumed_is_said(post_code: str, city: str, commune: str, remark: Code) -> None:
    assert locate(post_code=post_code, city=city) == (commune, [remark])


def test_a_former_commune_is_todays() -> None:
    assert locate("69232") == ("69123", [])


def test_a_wrong_code_yields_to_the_address() -> None:
    assert locate("99999", "22200", "Guingamp") == ("22070", [Code.COMMUNE_UNKNOWN])


def test_a_city_alone_must_be_the_only_one_of_its_name() -> None:
    assert locate(city="Guingamp")[0] == "22070"
    assert locate(city="Saint-Denis")[0] == ""


@pytest.mark.parametrize(
    ("code", "post_code", "city"), [("99999", "", ""), ("", "99999", "Nulle-Part"), ("", "", "Nulle-Part")]
)
def test_no_place_at_all(code: str, post_code: str, city: str) -> None:
    assert locate(code, post_code, city) == ("", [])


def test_a_point_alone_finds_its_commune() -> None:
    assert locate(point=(48.5622, -3.1500)) == ("22070", [Code.COMMUNE_OF_POINT])


def test_a_point_helps_where_the_post_code_is_unknown() -> None:
    # Toulouse, with a CEDEX code of another department: the name and the point agree.
    assert locate(post_code="29804", city="Toulouse", point=(43.6305, 1.4820)) == ("31555", [Code.COMMUNE_OF_POINT])


@pytest.mark.parametrize("point", [(0.0, 0.0), (40.7, -74.0), (45.0, -30.0)])
def test_a_point_far_from_france_is_no_place(point: tuple[float, float]) -> None:
    assert locate(point=point) == ("", [])


def test_a_contradicting_point_gives_way_to_the_communes(places: Gazetteer) -> None:
    located, found = PLACES.locate("", "40220", "Tarnos", (48.55318, 7.76925))
    tarnos = places.commune("40312")
    assert located is not None
    assert tarnos is not None
    assert tarnos.point is not None
    assert located.source is LocationSource.COMMUNE
    assert located.point == (round(tarnos.point[0], 5), round(tarnos.point[1], 5))
    assert [each.code for each in found] == [Code.POINT_FAR]


@given(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_a_point_stays_exactly_within_the_bound(north: float, east: float) -> None:
    commune = gazetteer().commune("22070")
    assert commune is not None
    assert commune.point is not None
    own = (round(commune.point[0], 5), round(commune.point[1], 5))
    point = (round(own[0] + north, 5), round(own[1] + east, 5))
    located, found = PLACES.locate("22070", "", "", point)
    assert located is not None
    near = haversine_km(*own, *point) <= CONTRADICTION_KM
    assert (located.point == point, located.source, [each.code for each in found]) == (
        (True, LocationSource.GIVEN, []) if near else (point == own, LocationSource.COMMUNE, [Code.POINT_FAR])
    )


def test_every_commune_is_found_by_its_own_post_code_and_name(places: Gazetteer) -> None:
    wrong = []
    for commune in list(places.communes())[::37]:
        if not commune.post_codes or commune.parent:
            continue
        code, remarks = locate(post_code=commune.post_codes[0], city=commune.name)
        if (places.codes_holding(code)[0], remarks) != (commune.code, []):
            wrong.append((commune.code, code, remarks))
    assert not wrong
