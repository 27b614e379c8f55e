import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.port import Box
from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import FILTERS
from discovery.phrase.spelling.names import close_values
from discovery.places import Gazetteer
from discovery.search.query import Problem, Query, check, composed

PROFILES = ("balanced",)


def problems(query: Query, vocabulary: Vocabulary, gazetteer: Gazetteer) -> list[Problem]:
    return check(query, vocabulary, gazetteer, PROFILES)[1]


def test_values_are_spelt_as_the_lists_spell_them_once(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    query, found = check(Query(kind=("esat", "ESAT", " Ei "), department=("2a",)), vocabulary, gazetteer, PROFILES)
    assert found == []
    assert (query.kind, query.department) == (("ESAT", "EI"), ("2A",))


@given(
    values=st.lists(
        st.sampled_from(["ESAT", "EI", "AI"]).flatmap(lambda one: st.sampled_from([one, one.lower(), f" {one}"])),
        min_size=1,
    )
)
def test_known_values_keep_their_order_each_once_however_they_are_spelt(
    values: list[str], vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    query, found = check(Query(kind=tuple(values)), vocabulary, gazetteer, PROFILES)
    assert found == []
    assert query.kind == tuple(dict.fromkeys(value.strip().upper() for value in values))


@pytest.mark.parametrize(
    ("given", "parameter", "choice"),
    [
        ({"kind": ("ESTA",)}, "kind", "ESAT"),
        ({"kind": ("entreprise adaptée",)}, "kind", "EA"),
        ({"kind_group": ("handicaps",)}, "kind_group", "handicap"),
        ({"sector": ("nettoyage-de-local",)}, "sector", "nettoyage-de-locaux"),
        ({"department": ("Isere",)}, "department", "38"),
        ({"region": ("Bretange",)}, "region", "53"),
        ({"coverage": "locate"}, "coverage", "located"),
        ({"national": "onli"}, "national", "only"),
        ({"sort": "distances"}, "sort", "distance"),
        ({"profile": "balance"}, "profile", "balanced"),
        ({"facets": ("kinds",)}, "facets", "kind"),
    ],
)
def test_an_unknown_value_names_the_parameter_the_value_and_close_valid_ones(
    given: dict[str, Any], parameter: str, choice: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    (found,) = problems(Query(**given), vocabulary, gazetteer)
    value = given[parameter] if isinstance(given[parameter], str) else given[parameter][0]
    assert (found.parameter, found.value, found.code) == (parameter, value, "unknown_value")
    assert choice in found.choices[:3]


def test_of_many_unknown_values_the_first_three_get_close_ones(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    found = problems(Query(kind=("ESTA", "ESATT", "ESAAT", "EAST")), vocabulary, gazetteer)
    assert ["ESAT" in one.choices for one in found] == [True, True, True, False]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"q": "a" * 301}, "q_too_long"),
        ({"lat": 90.1, "lon": 0.0}, "latitude_range"),
        ({"lat": math.nan, "lon": 0.0}, "latitude_range"),
        ({"lat": 0.0, "lon": -180.1}, "longitude_range"),
        ({"lat": 0.0, "lon": 180.1}, "longitude_range"),
        ({"near": "Lyon", "lat": 45.0, "lon": 4.0}, "two_centres"),
        ({"radius": 0.9}, "radius_range"),
        ({"radius": 500.1}, "radius_range"),
        ({"radius": math.nan}, "radius_range"),
        ({"bbox": Box(0, 91, 1, 92)}, "box_range"),
        ({"bbox": Box(math.nan, 1, 1, 2)}, "box_range"),
        ({"bbox": Box(0, 46, 1, 45)}, "box_upside_down"),
        ({"page": 0}, "page_range"),
        ({"per_page": 101}, "per_page_range"),
        ({"page": 101, "per_page": 100}, "too_deep"),
    ],
)
def test_numbers_out_of_range(given: dict[str, Any], code: str, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert [one.code for one in problems(Query(**given), vocabulary, gazetteer)] == [code]


@pytest.mark.parametrize(("half", "missing"), [("lat", "lon"), ("lon", "lat")])
def test_the_missing_half_of_a_point_is_named(
    half: str, missing: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    (found,) = problems(Query(**{half: 4.0}), vocabulary, gazetteer)  # type: ignore[arg-type]
    assert (found.parameter, found.value, found.code) == (missing, "4.0", "half_a_point")


@pytest.mark.parametrize(
    "given",
    [
        {"q": "é" * 300},
        {"lat": 90.0, "lon": -180.0},
        {"radius": 1},
        {"radius": 500},
        {"bbox": Box(170, -20, -170, -10)},
        {"page": 100, "per_page": 100},
        {"facets": ()},
        {"national": "only", "coverage": "serves", "sort": "updated"},
        {"sort": "listed"},
    ],
)
def test_limits_are_included(given: dict[str, Any], vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert problems(Query(**given), vocabulary, gazetteer) == []


@settings(deadline=None)
@given(value=st.text(max_size=40), parameter=st.sampled_from(FILTERS))
def test_any_text_is_either_a_value_of_the_list_or_a_problem(value: str, parameter: str) -> None:
    vocabulary, gazetteer = load_mappings().vocabulary, Gazetteer.load()
    query, found = check(Query(**{parameter: (value,)}), vocabulary, gazetteer, PROFILES)  # type: ignore[arg-type]
    assert bool(found) != bool(query.values(parameter))


def test_close_puts_the_nearest_first() -> None:
    assert close_values("blanchiserie", {"blanche": (), "blanchisserie": (), "menuiserie": ()})[0] == "blanchisserie"
    assert close_values("réseau", {f"réseau {at}": () for at in range(9)}) == tuple(f"réseau {at}" for at in range(5))


def test_a_phrase_is_read_in_composed_form_with_plain_spaces() -> None:
    typed = Query(q="vitres\u202f! me\u0301nage\u00a0: Nantes")
    assert composed(typed).q == "vitres ! ménage : Nantes"
    assert composed(Query(q="déjà composé")) == Query(q="déjà composé")
