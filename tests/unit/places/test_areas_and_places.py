"""Departments, regions, and places as parameters name them."""

import pytest

from discovery.places import Department, Gazetteer, Place, Region
from discovery.places.lookup import Areas
from discovery.places.table import DataError
from tests.tables import cases


def test_every_department_and_region_is_found_by_its_names(places: Gazetteer) -> None:
    for department in places.departments():
        for name in (department.name, department.name.upper(), department.name.replace("-", " ")):
            assert places.department_by_name(name) == department
        assert places.department(department.code) == department
    for region in places.regions():
        assert places.region_by_name(region.name.lower()) == region
        assert places.region(region.code) == region


@pytest.mark.parametrize("type_", ["region", "department"])
def test_areas_by_name(places: Gazetteer, type_: str) -> None:
    for name, code in cases(__file__, f"{type_}s"):
        found = getattr(places, f"{type_}_by_name")(name)
        assert found, name
        assert found.code == code, name


@pytest.mark.parametrize("name", ["", "Lyon", "na", "Alsace", "nettoyage"])
def test_other_names_are_no_region_nor_department(places: Gazetteer, name: str) -> None:
    assert places.region_by_name(name) is None
    assert places.department_by_name(name) is None


def test_wrong_aliases_are_refused_with_their_file() -> None:
    departments, regions = [Department("69", "Rhône", "84")], [Region("84", "Auvergne-Rhône-Alpes")]
    with pytest.raises(DataError, match=r"aliases\.tsv: department:70"):
        Areas(departments, regions, [("department:70", "Saône")])
    with pytest.raises(DataError, match=r"aliases\.tsv: commune:69123"):
        Areas(departments, regions, [("commune:69123", "Lyon")])
    with pytest.raises(DataError, match="already names department:69"):
        Areas([*departments, Department("38", "Isère", "84")], regions, [("department:38", "le Rhone")])


@pytest.mark.parametrize(
    ("code", "place", "label"),
    [
        ("commune:69123", Place("commune", "69123"), "Lyon (69)"),
        ("commune:69232", Place("commune", "69123"), "Lyon (69)"),
        ("commune:75112", Place("commune", "75112"), "Paris 12e (75)"),
        ("commune:75101", Place("commune", "75101"), "Paris 1er (75)"),
        ("commune:2A004", Place("commune", "2A004"), "Ajaccio (2A)"),
        ("commune:97411", Place("commune", "97411"), "Saint-Denis (974)"),
        ("postcode:01150", Place("postcode", "01150"), "01150"),
        ("department:69", Place("department", "69"), "Rhône (69)"),
        ("department:2a", Place("department", "2A"), "Corse-du-Sud (2A)"),
        ("region:84", Place("region", "84"), "Auvergne-Rhône-Alpes"),
        ("country", Place("country"), "toute la France"),
    ],
)
def test_places(places: Gazetteer, code: str, place: Place, label: str) -> None:
    assert places.parse_place(code) == place
    assert places.label(place) == places.label(code) == label
    assert places.parse_place(str(place)) == place


@pytest.mark.parametrize("code", cases(__file__, "unknown_places"))
def test_unknown_places(places: Gazetteer, code: str) -> None:
    assert places.parse_place(code) is None
    assert places.label(code) == code
    assert places.ancestors(code) == ()


@pytest.mark.parametrize(
    ("code", "ancestors"),
    [
        (
            "commune:69383",
            ("commune:69123", "epci:200046977", "arrondissement:691", "department:69", "region:84"),
        ),
        ("commune:69123", ("epci:200046977", "arrondissement:691", "department:69", "region:84")),
        ("commune:69232", ("epci:200046977", "arrondissement:691", "department:69", "region:84")),
        ("commune:29155", ("arrondissement:291", "department:29", "region:53")),  # Ouessant is in no intercommunality
        (
            "commune:93048",
            ("ept:200057875", "arrondissement:931", "epci:200054781", "department:93", "region:11"),
        ),
        ("ept:200057875", ("arrondissement:931", "epci:200054781", "department:93", "region:11")),
        ("epci:200054781", ("region:11",)),
        ("department:69", ("region:84",)),
        ("region:84", ()),
        ("country", ()),
        ("postcode:75012", ("department:75", "region:11")),
        ("postcode:01410", ("department:01", "department:39", "region:84", "region:27")),
    ],
)
def test_ancestors(places: Gazetteer, code: str, ancestors: tuple[str, ...]) -> None:
    assert places.ancestors(code) == ancestors


def test_what_holds_a_place_is_a_place(places: Gazetteer) -> None:
    for commune in list(places.communes())[::13]:
        for ancestor in places.ancestors(f"commune:{commune.code}"):
            assert places.parse_place(ancestor) is not None
            assert places.label(ancestor) != ancestor


def test_areas_go_by_each_of_their_names(places: Gazetteer) -> None:
    named: dict[str, set[str]] = {}
    for place, name in places.area_names():
        named.setdefault(str(place), set()).add(name)
        assert places.parse_place(str(place)) == place
    assert {"Bretagne", "Brittany"} <= named["region:53"]
    assert "Rhône" in named["department:69"]
    assert len([place for place in named if place.startswith("department:")]) == len(places.departments())
    assert "Saint-Barthélemy" not in named["region:977"], "it is the department of the same name"
