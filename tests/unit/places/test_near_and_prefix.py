"""Typos of one edit, and names as they are being typed."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from discovery.places import Commune, Gazetteer, gazetteer, normalise
from discovery.places.name_index import MIN_LETTERS, NearKeys, letters, prefix_keys
from discovery.places.names import without_article
from tests.tables import cases

ALPHABET = "abcdefghijklmnopqrstuvwxyz "
small = st.text("abc ", min_size=5, max_size=11)


@pytest.mark.parametrize(("typed", "name"), cases(__file__, "one_edit"))
def test_one_edit(places: Gazetteer, typed: str, name: str) -> None:
    assert places.by_name_fuzzy(typed)[0].name == name


@pytest.mark.parametrize(
    "typed", ["", "Lyo", "Pariss", "Lile", "Vileurbane", "nettoyage de bureaux", "xxxxxxxx"]
)
def test_short_names_and_two_edits_are_not_guessed(places: Gazetteer, typed: str) -> None:
    assert places.by_name_fuzzy(typed) == ()


def test_the_name_itself_comes_before_more_populous_neighbours(places: Gazetteer) -> None:
    found = places.by_name_fuzzy("Montellier")
    assert found[0].name == "Le Montellier"
    assert "Montpellier" in [commune.name for commune in found]
    assert len(places.by_name_fuzzy("Montellier", limit=1)) == 1


def swap(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at + 1 < len(word) else word


EDITS: list[Callable[[str, int, str], str]] = [
    lambda word, at, letter: word[:at] + word[at + 1 :],
    lambda word, at, letter: word[:at] + letter + word[at:],
    lambda word, at, letter: word[:at] + letter + word[at + 1 :],
    lambda word, at, letter: swap(word, at),
]


@cache
def long_names() -> list[Commune]:
    return [
        c
        for c in gazetteer().communes()
        if c.parent is None and letters(normalise(c.name)) >= MIN_LETTERS
    ]


@given(st.data())
def test_any_one_edit_of_any_long_name_is_read_through(data: st.DataObject) -> None:
    commune = data.draw(st.sampled_from(long_names()))
    key = normalise(commune.name)
    at = data.draw(st.integers(0, len(key) - 1))
    typed = data.draw(st.sampled_from(EDITS))(key, at, data.draw(st.sampled_from(ALPHABET)))
    if OSA.distance(normalise(typed), key) <= 1:  # a double or final space, or "st", is folded away
        assert commune.code in [
            found.code for found in gazetteer().by_name_fuzzy(typed, limit=10_000)
        ]


@given(st.sets(small, max_size=30), small)
def test_halves_lose_nothing(names: set[str], typed: str) -> None:
    """The index answers as comparing with every name would."""
    expected = sorted(
        (OSA.distance(typed, name), name) for name in names if OSA.distance(typed, name) <= 1
    )
    assert NearKeys(names).near(typed) == expected


def test_prefixes_by_population(places: Gazetteer) -> None:
    assert [commune.name for commune in places.by_prefix("ly", 1)] == ["Lyon"]
    assert places.by_prefix("saint-d")[0].name == "Saint-Denis"
    assert places.by_prefix("mars")[0].code == "13055"
    assert "Le Havre" in [commune.name for commune in places.by_prefix("hav")]
    assert "Le Havre" in [commune.name for commune in places.by_prefix("LE HAV")]
    assert len(places.by_prefix("s", 7)) == 7
    assert places.by_prefix("") == ()
    assert places.by_prefix("zzz") == ()


def test_st_may_become_saint_or_strasbourg(places: Gazetteer) -> None:
    names = [commune.name for commune in places.by_prefix("st", 20)]
    assert {"Strasbourg", "Saint-Étienne"} <= set(names)


def test_arrondissements_wait_for_a_digit(places: Gazetteer) -> None:
    assert [commune.code for commune in places.by_prefix("paris", 50) if commune.parent] == []
    assert "75112" in [commune.code for commune in places.by_prefix("paris 12")]


@given(st.text("abcdeilmnorstuv -'é", min_size=1, max_size=6), st.integers(1, 30))
def test_every_suggestion_starts_with_what_was_typed(typed: str, limit: int) -> None:
    found = gazetteer().by_prefix(typed, limit)
    starts = prefix_keys(typed)
    for commune in found:
        key = normalise(commune.name)
        assert any(
            name.startswith(start) for name in (key, without_article(key)) for start in starts
        )
    assert len(found) <= limit
    assert len({commune.code for commune in found}) == len(found)
    assert [c.population for c in found] == sorted((c.population for c in found), reverse=True)


@pytest.mark.parametrize(("typed", "code"), cases(__file__, "towns_are_found_while_misspelt"))
def test_towns_are_found_while_misspelt(places: Gazetteer, typed: str, code: str) -> None:
    assert code in [commune.code for commune in places.by_prefix_fuzzy(typed)]


def test_the_most_populous_of_misspelt_towns_come_first(places: Gazetteer) -> None:
    found = places.by_prefix_fuzzy("saimt", limit=8)
    assert len(found) == 8
    assert [one.population for one in found] == sorted(
        (one.population for one in found), reverse=True
    )
    assert places.by_prefix_fuzzy("") == ()
