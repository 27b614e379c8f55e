"""The ends of a phrase that may be names in the making."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings.mappings import load_mappings
from discovery.search.suggest_phrase import LONGEST, keys_of, tails
from tests.tables import cases

GRAMMAR = load_mappings().grammar


@pytest.mark.parametrize(
    ("q", "expected"), cases(__file__, "the_longest_first_and_never_within_a_word")
)
def test_the_longest_first_and_never_within_a_word(q: str, expected: list[str]) -> None:
    assert [tail.text for tail in tails(q, GRAMMAR)] == expected


@pytest.mark.parametrize(
    ("q", "led", "focus"), cases(__file__, "what_stands_before_tells_whether_a_place_follows")
)
def test_what_stands_before_tells_whether_a_place_follows(
    q: str, led: bool | None, focus: bool
) -> None:
    *_, last = tails(q, GRAMMAR)
    assert (last.led, last.focus) == (led, focus)


@pytest.mark.parametrize(
    ("typed", "name"), cases(__file__, "case_accents_plurals_and_links_do_not_part_a_name_from")
)
def test_case_accents_plurals_and_links_do_not_part_a_name_from_what_is_typed(
    typed: str, name: str
) -> None:
    first = next(tails(typed, GRAMMAR))
    starts = [key for key, later in keys_of(name) if not later]
    assert any(start.startswith(key) for start in starts for key in first.starts())


def test_a_blank_ends_a_word() -> None:
    assert "nettoyage " in next(tails("nettoyage ", GRAMMAR)).starts()
    assert all(
        not "nettoyages".startswith(key) for key in next(tails("nettoyage ", GRAMMAR)).starts()
    )


@given(st.text(max_size=300))
def test_any_text_has_ends_of_its_own(q: str) -> None:
    found = list(tails(q, GRAMMAR))
    assert len(found) <= LONGEST
    assert all(q[tail.start :] == tail.text and tail.words for tail in found)
    assert [tail.start for tail in found] == sorted({tail.start for tail in found})
    assert all(isinstance(tail.starts(), set) and tail.weight >= 1 for tail in found)
