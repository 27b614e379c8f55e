"""Misspelt places, words that lead to them, refusals and kinds are read as meant; words of the languages never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.phrase.spelling.words import known_word


@pytest.mark.parametrize("q", ["entreprse adaptée nettoyage", "handycap nettoyage"])
def test_a_kind_read_through_a_typo_is_said_to_be(q, understand):
    (kind,) = (p for p in understand(q).pieces if p.type in ("kind", "kind_group"))
    assert kind.corrected


def test_letters_typed_are_those_shown(understand):
    intent = understand("jardin autuor du lac")
    assert "autuor" in intent.text


@given(st.sampled_from(["potable", "sante", "tree", "vapeur", "terre", "pile", "carte", "mesure", "verre", "lin"]))
def test_a_known_word_is_no_misspelt_place(understand, word):
    assert known_word(word)
    for q in (f"traiteur à {word}", f"traiteur {word}", f"{word} traiteur"):
        assert not any(piece.corrected for piece in understand(q).pieces)
