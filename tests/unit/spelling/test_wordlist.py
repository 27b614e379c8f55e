"""Words of French and English are known, with their inflected forms; misspelt ones are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.phrase.spelling.words import known_word


@pytest.mark.parametrize(
    "word",
    "potable sante tree ponçons poncage nettoyions chevaux laundries cleaned colour color trees ecoles oeufs".replace(
        "ç", "c"
    ).split(),
)
def test_words_of_both_languages(word: str) -> None:
    assert known_word(word)


@pytest.mark.parametrize("word", ["nettoiage", "jardinnier", "villeurbane", "cleanning", "electricitee", "xqzt", ""])
def test_what_is_no_word(word: str) -> None:
    assert not known_word(word)


@given(st.text(alphabet="bcdfghjklmnpqrstvwxz", min_size=9, max_size=14))
def test_letters_at_random_are_no_word(text: str) -> None:
    # Consonants alone make no word; a checksum mistakes one text in nine thousand.
    assert not known_word(text) or not known_word(text + "q")
