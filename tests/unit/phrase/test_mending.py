"""Misspelt places, words that lead to them, refusals and kinds are read as meant; words of the languages never are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.phrase.spelling.words import known_word

TABLES = {
    "test_misspelt": """
traiteur prés de lile => traiteur | Lille (59) focus typo
traiteur près de Lile => traiteur | Lille (59) focus typo
traiteur autour de Nante => traiteur | Nantes (44) focus typo
traiteur prés de Lyonn => traiteur | Lyon (69) focus typo
nettoyage autuor de Lyon => nettoyage | Lyon (69) focus
nettoyage proximté de Lyon => nettoyage | Lyon (69) focus
nettoyage depatement Rhône => nettoyage | Rhône (69)
nettoyage excpeté ESAT => nettoyage | not_kind ESAT
entreprse adaptée nettoyage => nettoyage | kind EA
chantier d'insersion Lyon => | kind ACI; Lyon (69)
handycap nettoyage => nettoyage | kind_group handicap
# words of the languages are what they are
eau potable => eau potable
santé => santé
maison de santé => maison de santé
tree pruning => tree pruning
traiteur à vapeur => traiteur à vapeur
pendule à pile => pendule à pile
travaux à Tour => travaux | La Tour (74)
""",
}


def test_misspelt(phrase, expected, pieces):
    assert pieces(phrase) == expected


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
