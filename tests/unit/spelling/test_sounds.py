"""Words said alike share a key; words said apart do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.phrase.spelling.words import sound
from tests.tables import cases


@pytest.mark.parametrize(("typed", "meant"), cases(__file__, "said_alike"))
def test_said_alike(typed: str, meant: str) -> None:
    assert sound(typed) == sound(meant)


@pytest.mark.parametrize(("one", "other"), cases(__file__, "said_apart"))
def test_said_apart(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@settings(deadline=None)
@given(word=st.text(max_size=30))
def test_any_text_has_a_sound_of_letters(word: str) -> None:
    said = sound(word)
    assert said == "" or (said.isascii() and said.isalpha())
    assert sound(word.upper().lower()) == sound(word.lower())


@settings(deadline=None)
@given(word=st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_a_doubled_consonant_is_not_heard(word: str) -> None:
    for consonant in "bdlmnprtf":
        assert sound(word.replace(consonant, consonant * 2)) == sound(
            word.replace(consonant * 2, consonant)
        )
