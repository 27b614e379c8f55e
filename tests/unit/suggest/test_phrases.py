"""Phrases typed letter by letter: what is meant is shown early, and stays."""

from pathlib import Path

import pytest

from discovery.search.suggest import SuggestService
from discovery.search.suggest_phrase import TYPES

LINES = Path(__file__).with_name("phrases.tsv").read_text(encoding="utf-8").splitlines()
PHRASES = [(*line.split("\t"), "fr")[:5] for line in LINES if not line.startswith(("#", "before"))]
"""What stands before, what is typed, type, value; the language of the page, French unless it is
given.
"""
FIRST = 5


def test_there_are_enough_phrases_of_every_type() -> None:
    assert len(PHRASES) >= 60
    assert {type_ for _, _, type_, *_ in PHRASES} == set(TYPES) - {"code"}


def half(typed: str) -> int:
    """Characters of `typed` that hold half of its letters, rounded down, but one at least."""
    letters = [index for index, character in enumerate(typed, 1) if character.isalnum()]
    return letters[max(1, len(letters) // 2) - 1]


@pytest.mark.parametrize(
    ("before", "typed", "type_", "value", "lang"), PHRASES, ids=[b + t for b, t, *_ in PHRASES]
)
def test_half_of_the_letters_are_enough(
    service: SuggestService, before: str, typed: str, type_: str, value: str, lang: str
) -> None:
    for length in range(half(typed), len(typed) + 1):
        shown = [
            (one.type, one.value)
            for one in service.suggest(before + typed[:length], lang=lang)[:FIRST]
        ]
        assert (type_, value) in shown, (before + typed[:length], shown)
