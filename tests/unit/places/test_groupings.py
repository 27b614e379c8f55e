"""Intercommunal bodies, territorial establishments of Greater Paris, arrondissements of
departments.
"""

from collections import Counter

import pytest

from discovery.places import Gazetteer, Grouping, Place
from discovery.places.groupings import names_of
from tests.tables import cases


@pytest.mark.parametrize(("code", "label"), cases(__file__, "codes_and_labels"))
def test_codes_and_labels(places: Gazetteer, code: str, label: str) -> None:
    place = places.parse_place(code)
    assert place is not None
    assert str(place) == code
    assert places.label(code) == label


@pytest.mark.parametrize(("name", "code"), cases(__file__, "bodies_of_communes"))
def test_usual_names(places: Gazetteer, name: str, code: str) -> None:
    assert code in [str(one.place) for one in places.groupings_by_name(name)]


@pytest.mark.parametrize(
    ("town", "body"),
    [("37261", "epci:243700754"), ("35238", "epci:243500139"), ("69029", None), ("29155", None)],
)
def test_the_body_around_a_town(places: Gazetteer, town: str, body: str | None) -> None:
    commune = places.commune(town)
    assert commune is not None
    bodies = {name: str(place) for place, name in places.bodies_by_town()}
    assert bodies.get(commune.name) == body


def test_every_commune_of_a_grouping_is_known_and_is_a_city(places: Gazetteer) -> None:
    for one in places.groupings():
        assert one.communes
        for code in sorted(one.communes)[::7]:
            commune = places.commune(code)
            assert commune is not None
            assert commune.code == code == commune.city


@pytest.mark.parametrize("type_", ["epci", "ept", "arrondissement"])
def test_a_commune_belongs_to_one_body_of_a_type_at_most(places: Gazetteer, type_: str) -> None:
    held = Counter(
        code for one in places.groupings() if one.place.type == type_ for code in one.communes
    )
    assert max(held.values()) == 1


def test_what_lies_in_a_grouping_has_it_among_what_holds_it(places: Gazetteer) -> None:
    for one in list(places.groupings())[::11]:
        for inner in places.inside(one.place):
            if inner != one.place:
                assert str(one.place) in places.ancestors(inner)
        for code in sorted(one.communes)[:5]:
            assert str(one.place) in places.ancestors(f"commune:{code}")


@pytest.mark.parametrize(
    ("place", "communes"),
    [
        ("commune:69383", 1),
        ("postcode:01150", 11),
        ("department:90", 101),
        ("region:94", 360),
        ("country", 0),
    ],
)
def test_the_communes_of_other_places(places: Gazetteer, place: str, communes: int) -> None:
    assert len(places.communes_in(place)) == communes


def test_main_towns_are_the_most_populous(places: Gazetteer) -> None:
    towns = places.main_towns(Place("epci", "243500139"), 3)
    assert towns[0].name == "Rennes"
    assert [one.population for one in towns] == sorted(
        (one.population for one in towns), reverse=True
    )


@pytest.mark.parametrize(("name", "kind", "expected"), cases(__file__, "names_by_rule"))
def test_names_by_rule(name: str, kind: str, expected: list[str]) -> None:
    assert set(expected) <= set(names_of(Grouping(Place("epci", "1"), name, "", kind)))
