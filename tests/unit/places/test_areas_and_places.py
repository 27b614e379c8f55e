"""Departments, regions, and places as parameters name them."""

import pytest

from discovery.places import Department, Gazetteer, Region
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
        Areas(
            [*departments, Department("38", "Isère", "84")],
            regions,
            [("department:38", "le Rhone")],
        )


@pytest.mark.parametrize(("code", "place", "label"), cases(__file__, "places"))
def test_places(places: Gazetteer, code: str, place: str, label: str) -> None:
    known = places.parse_place(code)
    assert str(known) == place
    assert places.label(place) == places.label(code) == label
    assert places.parse_place(place) == known


@pytest.mark.parametrize("code", cases(__file__, "unknown_places"))
def test_unknown_places(places: Gazetteer, code: str) -> None:
    assert places.parse_place(code) is None
    assert places.label(code) == code
    assert places.ancestors(code) == ()


@pytest.mark.parametrize(("code", "ancestors"), cases(__file__, "ancestors"))
def test_ancestors(places: Gazetteer, code: str, ancestors: list[str]) -> None:
    assert list(places.ancestors(code)) == ancestors


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
    assert len([place for place in named if place.startswith("department:")]) == len(
        places.departments()
    )
    assert "Saint-Barthélemy" not in named["region:977"], "it is the department of the same name"
