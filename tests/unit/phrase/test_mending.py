"""Misspelt places, words that lead to them, refusals and kinds are read as meant; words of the
languages never are.
"""

from hypothesis import given
from hypothesis import strategies as st

from discovery.phrase.spelling.words import known_word


@given(
    st.sampled_from(
        ["potable", "sante", "tree", "vapeur", "terre", "pile", "carte", "mesure", "verre", "lin"]
    )
)
def test_a_known_word_is_no_misspelt_place(understand, word):
    assert known_word(word)
    for q in (f"traiteur à {word}", f"traiteur {word}", f"{word} traiteur"):
        assert not any(piece.corrected for piece in understand(q).pieces)
