"""The correction dictionary: an index's words one edit away from a typed one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_LENGTH = 40
"""Longer words are codes and addresses: known, but never offered."""


class NearWords:
    """Words to be found by near spellings. Never changes. Words are kept by length, since one edit changes it by one
    at most: a look-up compares a third of them (.5 ms among 40,000)."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in words:
            if len(word) <= MAX_LENGTH:
                self._by_length[len(word)].append(word)

    def near(self, word: str) -> list[str]:
        """The words one edit away, in no order."""
        return [
            other
            for length in (len(word) - 1, len(word), len(word) + 1)
            for other, edits, _ in process.extract(
                word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=1, limit=None
            )
            if edits
        ]


def most_frequent(words: Iterable[str], count: Callable[[str], int], limit: int) -> list[tuple[str, int]]:
    """The words that are there, most frequent first, then alphabetically."""
    counted = [(word, number) for word in words if (number := count(word)) > 0]
    counted.sort(key=lambda pair: (-pair[1], pair[0]))
    return counted[:limit]


class FixedWords:
    """The words of an index that does not change.

    `WordCounts` over counts known beforehand.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._words = NearWords(counts)

    def count(self, word: str) -> int:
        return self._counts.get(word, 0)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        return most_frequent(self._words.near(word), self.count, limit)
