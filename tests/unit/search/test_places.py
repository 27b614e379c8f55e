from __future__ import annotations

import pytest

from discovery.gazetteer import Gazetteer
from discovery.search.places import communes_of, find, point_of, suggestions


def first(typed: str, gazetteer: Gazetteer, *, centre: bool = False) -> str | None:
    found = find(typed, gazetteer, centre=centre)
    return str(found.places[0]) if found else None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("commune:69123", "commune:69123"),
        ("Commune:69123", "commune:69123"),
        ("department:2a", "department:2A"),
        ("postcode:01150", "postcode:01150"),
        ("region:84", "region:84"),
        ("country", "country"),
        ("COUNTRY", "country"),
        ("69003", "postcode:69003"),
        ("69123", "commune:69123"),
        ("38", "department:38"),
        ("2A", "department:2A"),
        ("974", "department:974"),
        ("Lyon", "commune:69123"),
        ("  lyon ", "commune:69123"),
        ("Lyon (69)", "commune:69123"),
        ("Paris", "commune:75056"),
        ("Rhône", "department:69"),
        ("Rhône (69)", "department:69"),
        ("Bretagne", "region:53"),
        ("Saint-Denis 93", "commune:93066"),
        ("Saint-Denis (93)", "commune:93066"),
        ("Saint-Denis (La Réunion)", "commune:97411"),
        ("Saint-Denis 97400", "commune:97411"),
        ("St-Étienne 42", "commune:42218"),
    ],
)
def test_codes_and_names_become_places(typed: str, place: str, gazetteer: Gazetteer) -> None:
    assert first(typed, gazetteer) == place


@pytest.mark.parametrize(
    "typed",
    ["commune:99999", "department:00", "region:xx", "postcode:00000", "Xyzzyville", "Saint-Denis (Atlantis)", "00"],
)
def test_what_does_not_exist_is_no_place(typed: str, gazetteer: Gazetteer) -> None:
    assert find(typed, gazetteer) is None


def test_a_former_commune_code_is_todays(gazetteer: Gazetteer) -> None:
    assert first("commune:69232", gazetteer) == "commune:69123"


def test_a_centre_is_a_commune_before_a_department_of_the_same_name(gazetteer: Gazetteer) -> None:
    assert first("Creuse", gazetteer) == "department:23"
    assert first("Vienne", gazetteer, centre=True) == "commune:38544"


def test_namesakes_are_kept(gazetteer: Gazetteer) -> None:
    found = find("Saint-Denis", gazetteer)
    assert found is not None
    assert len(found.places) == 1
    assert {"commune:93066", "commune:97411"} <= {str(place) for place in (*found.places, *found.others)}


def test_a_former_region_is_its_departments(gazetteer: Gazetteer) -> None:
    found = find("Alsace", gazetteer)
    assert found is not None
    assert {str(place) for place in found.places} == {"department:67", "department:68"}


def test_a_misspelt_name_gets_suggestions(gazetteer: Gazetteer) -> None:
    assert gazetteer.label("commune:69266") in suggestions("Villeurbane", gazetteer)


def test_only_communes_and_post_codes_have_a_centre(gazetteer: Gazetteer) -> None:
    for code, has in (("commune:69123", True), ("postcode:01150", True), ("department:69", False), ("country", False)):
        place = gazetteer.parse_place(code)
        assert place is not None
        assert (point_of(place, gazetteer) is not None) is has
        assert bool(communes_of(place, gazetteer)) is has
