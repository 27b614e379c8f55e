"""What of a text the classifier looks at: its words as the index analyses them, and pairs of them in a row. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from discovery.engine.analysis.token import Token

SHORTEST = 2
"""Letters of a word that tells something."""


class Feature(NamedTuple):
    """A word or a pair of words, and where it stands.

    `start`, `end`: its characters in the text, end excluded.
    """

    name: str
    start: int
    end: int


def telling(term: str, silent: Collection[str]) -> bool:
    """Whether a term can tell a trade: numbers, single letters and words of any tender can't."""
    return len(term) >= SHORTEST and not term[0].isdigit() and term not in silent


def features(tokens: Iterable[Token], silent: Collection[str]) -> Iterator[Feature]:
    """The words of a text and its pairs of neighbours, by which trades are told. Words that tell nothing (`silent`
    among them) do not part a pair."""
    before: Token | None = None
    for token in tokens:
        if not telling(token.term, silent):
            continue
        yield Feature(token.term, token.start, token.end)
        if before is not None:
            yield Feature(pair(before.term, token.term), before.start, token.end)
        before = token


def names(terms: Sequence[str], silent: Collection[str]) -> list[str]:
    """The names of the features of a text whose places do not matter."""
    told = [term for term in terms if telling(term, silent)]
    return told + [pair(left, right) for left, right in pairwise(told)]


def pair(left: str, right: str) -> str:
    """The feature of two words in a row."""
    return f"{left} {right}"
