"""The correction dictionary: an index's words one edit away from a typed one."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from discovery.places.name_index import NearKeys

MAX_LENGTH = 40
"""Longer words are codes and addresses: known, but never offered."""


def offered(words: Iterable[str]) -> NearKeys:
    """The words that may be what a typed one was meant to be."""
    return NearKeys(word for word in words if len(word) <= MAX_LENGTH)


def nearest(
    word: str, known: Iterable[NearKeys], count: Callable[[str], int], limit: int
) -> list[tuple[str, int]]:
    """The known words one edit away that are there, with their counts: most frequent first, then
    alphabetically.
    """
    near = {other for some in known for edits, other in some.near(word) if edits}
    counted = [(other, number) for other in near if (number := count(other)) > 0]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:limit]


class FixedWords:
    """The words of an index that does not change. `WordCounts` over counts known beforehand."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._offered = offered(counts)

    def count(self, word: str) -> int:
        return self._counts.get(word, 0)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        return nearest(word, (self._offered,), self.count, limit)
