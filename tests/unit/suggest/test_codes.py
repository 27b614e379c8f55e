"""Codes in the making: what they are called, and which sectors they lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.search.suggest import MAX_CODES, codes_met
from discovery.search.suggest_phrase import Suggestion

MAPPINGS = load_mappings()


def _met(q: str, lang: str = "fr") -> list[Suggestion]:
    return codes_met(q, MAPPINGS.codes, MAPPINGS.vocabulary, lang)


def test_the_broadest_code_of_some_digits_comes_first_with_its_sectors() -> None:
    first = _met("9091")[0]
    assert (first.label, first.value, first.parameter) == (
        "90910000 Services de nettoyage",
        "90910000",
        "cpv",
    )
    assert first.detail == "Nettoyage de locaux"
    assert _met("9091", "en")[0].label == "90910000 Cleaning services"


@pytest.mark.parametrize(
    "q",
    [
        "69003",
        "blanchisserie 59",
        "traiteur 12",
        "traiteur pour 1500",
        "2026",
        "66510000",
        "nettoyage",
    ],
)
def test_what_is_a_post_code_or_leads_nowhere_is_no_code(q: str) -> None:
    assert [one for one in _met(q) if one.parameter == "cpv"] == []


def test_five_digits_are_a_code_when_said_to_be() -> None:
    found = _met("blanchisserie CPV 90911")[0]
    assert found.value == "90911000"
    assert "blanchisserie CPV 90911"[: found.start] + found.name == "blanchisserie CPV 90911000"


@given(st.text(alphabet="0123456789. CPVNAF", max_size=14))
def test_a_suggestion_goes_on_with_what_is_typed_and_leads_to_sectors(q: str) -> None:
    found = _met(q)
    assert len(found) <= MAX_CODES
    assert all(one.detail and 0 <= one.start < len(q) for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
