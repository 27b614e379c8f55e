"""The correction dictionary: exactly the words one edit away."""

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.words import MAX_LENGTH, FixedWords
from discovery.places.name_index import NearKeys

LETTERS = "abcé"
word_ = st.text(LETTERS, max_size=6)


def edits(word: str) -> set[str]:
    """All words one insertion, deletion, replacement or transposition away, by making them."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return (
        {a + b[1:] for a, b in cuts if b}
        | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
        | {a + c + b[1:] for a, b in cuts if b for c in LETTERS}
        | {a + c + b for a, b in cuts for c in LETTERS}
    ) - {word}


@given(st.sets(word_), word_)
def test_near_finds_all_and_only_the_words_one_edit_away(words: set[str], word: str) -> None:
    assert [other for edits_, other in NearKeys(words).near(word) if edits_] == sorted(
        words & edits(word)
    )


@given(st.dictionaries(word_, st.integers(0, 3)), word_, st.integers(0, 6))
def test_the_most_frequent_come_first(counts: dict[str, int], word: str, limit: int) -> None:
    held = FixedWords(counts)
    expected = [
        (other, counts[other]) for other in counts if counts[other] and other in edits(word)
    ]
    expected.sort(key=lambda pair: (-pair[1], pair[0]))
    assert held.near(word, limit) == expected[:limit]
    assert held.count(word) == counts.get(word, 0)


def test_codes_as_long_as_a_line_are_never_offered() -> None:
    long = "x" * (MAX_LENGTH + 1)
    assert FixedWords({long: 3}).near(long + "x") == []
    assert FixedWords({long: 3}).near(long[:-1]) == []
    assert FixedWords({long: 3}).count(long) == 3
    assert FixedWords({long[:-1]: 3}).near(long) == [(long[:-1], 3)]
