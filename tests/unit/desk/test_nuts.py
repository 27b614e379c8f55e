"""NUTS codes of notices, read as places."""

import pytest

from discovery.desk.request import read_notice
from discovery.places import Gazetteer
from discovery.places.lookup import nuts_places, place_of_nuts
from tests.tables import cases
from tests.unit.desk.notices import EFORMS

CITY = "<b:CityName>Nantes</b:CityName>"
CODE = "<b:CountrySubentityCode listName='nuts-lvl3'>{}</b:CountrySubentityCode>"


def test_each_department_has_one_code_within_the_code_of_its_region() -> None:
    gazetteer = Gazetteer.load()
    places = nuts_places()
    found = {
        place.partition(":")[2]: code
        for code, place in sorted(places.items())
        if place.startswith("department")
    }
    known = {one.code: one.region for one in gazetteer.departments()}
    assert found.keys() == {
        code for code in known if len(code) == 2 or code in {"971", "972", "973", "974", "976"}
    }
    for department, code in found.items():
        if not code.startswith("FRY"):
            assert (
                place_of_nuts(code[:3]) == place_of_nuts(code[:4]) == f"region:{known[department]}"
            ), code
    assert {place for place in places.values() if place.startswith("region")} == {
        f"region:{one.code}"
        for one in gazetteer.regions()
        if len(one.code) == 2 and one.code > "06"
    }


@pytest.mark.parametrize(("code", "place"), cases(__file__, "a_code_is_a_place_or_says_nothing"))
def test_a_code_is_a_place_or_says_nothing(code: str, place: str) -> None:
    assert place_of_nuts(code) == place


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (CODE.format("FRG01"), "department:44"),
        (CODE.format("FR") + CODE.format("FRG"), "region:52"),
        (CITY + CODE.format("FRG01"), "Nantes"),
        (CODE.format("FRA"), "Lyon"),
    ],
)
def test_a_notice_that_names_no_town_is_searched_by_its_code(address: str, place: str) -> None:
    """Of a lot that says "France" the place is that of the whole."""
    assert CITY in EFORMS
    lot = read_notice(EFORMS.replace(CITY, address).encode())[1]
    assert (lot.place or (lot.whole and lot.whole.place)) == place
