"""The correction dictionary: an index's words one edit away from a typed one.

A deletion index (the idea of SymSpell, W. Garbe): two words are one edit apart only if they become equal when at
most one letter is deleted from each. So the dictionary keeps, for every word, the hashes of the word and of its
deletions; a look-up hashes the typed word and its deletions, and checks the few candidates. Hashes stand in two
arrays, a tenth of the size of a dict of strings.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

MAX_LENGTH = 40
"""Longer words are codes and addresses: known, but never offered."""

_OVERLAY = 4_000
"""Deletions added one by one; beyond, they are folded into the sorted arrays."""


_BASE = 0x9E3779B97F4A7C15
"""Odd, so that it can be divided by: 2 ** 64 divided by the golden ratio."""
_POWERS = np.cumprod(np.array([1, *[_BASE] * (MAX_LENGTH + 1)], dtype=np.uint64))
_INVERSE = np.uint64(pow(_BASE, -1, 2**64))


def deletion_hashes(words: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """Hashes of words of at most `MAX_LENGTH` + 1 letters, and of all that each becomes when one letter is deleted;
    with the place of the word. May repeat.

    A word's hash is the sum of its letters, each times a power of its place: without one letter it is what stands
    before, and what follows divided by the base once. So all are computed in a few passes over all letters.
    """
    sizes = np.fromiter(map(len, words), dtype=np.intp, count=len(words))
    letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    ends = np.cumsum(sizes)
    owners = np.repeat(np.arange(len(words), dtype=np.int32), sizes)
    sums = np.zeros(len(letters) + 1, dtype=np.uint64)
    np.cumsum(letters * _POWERS[np.arange(len(letters)) - (ends - sizes)[owners]], out=sums[1:])
    first, last = sums[ends - sizes], sums[ends]
    shorter = sums[:-1] - first[owners] + (last[owners] - sums[1:]) * _INVERSE
    return np.concatenate([last - first, shorter]), np.concatenate([np.arange(len(words), dtype=np.int32), owners])


class DeletionIndex:
    """Words to be found by near spellings. Grows only; safe to share between threads."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._words: list[str] = []
        self._hashes = np.zeros(0, dtype=np.uint64)
        self._owners = np.zeros(0, dtype=np.int32)
        self._overlay: dict[int, list[int]] = {}
        self.add(words)

    def __len__(self) -> int:
        return len(self._words)

    def add(self, words: Iterable[str]) -> None:
        """Words already there must not be added again."""
        with self._lock:
            first = len(self._words)
            self._words += words
            offered = [number for number in range(first, len(self._words)) if len(self._words[number]) <= MAX_LENGTH]
            hashes, at = deletion_hashes([self._words[number] for number in offered])
            owners = np.array(offered, dtype=np.int32)[at]
            if len(hashes) + len(self._overlay) <= _OVERLAY:
                for key, number in zip(hashes.tolist(), owners.tolist(), strict=True):
                    self._overlay.setdefault(key, []).append(number)
                return
            more = [(key, number) for key, numbers in self._overlay.items() for number in numbers]
            keys = np.concatenate([self._hashes, hashes, np.array([key for key, _ in more], dtype=np.uint64)])
            numbers_of = np.concatenate(
                [self._owners, owners, np.array([number for _, number in more], dtype=np.int32)]
            )
            order = np.argsort(keys, kind="stable")
            self._hashes, self._owners, self._overlay = keys[order], numbers_of[order], {}

    def near(self, word: str) -> list[str]:
        """The words one edit away, in no order."""
        if len(word) > MAX_LENGTH + 1:
            return []
        keys = np.unique(deletion_hashes([word])[0])
        with self._lock:
            first = np.searchsorted(self._hashes, keys).tolist()
            last = np.searchsorted(self._hashes, keys, side="right").tolist()
            numbers: set[int] = set()
            for start, end in zip(first, last, strict=True):
                if start < end:
                    numbers.update(self._owners[start:end].tolist())
            for key in keys.tolist() if self._overlay else ():
                numbers.update(self._overlay.get(key, ()))
            candidates = [self._words[number] for number in numbers]
        return [candidate for candidate in candidates if OSA.distance(candidate, word, score_cutoff=1) == 1]


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
        self._index = DeletionIndex(counts)

    def count(self, word: str) -> int:
        return self._counts.get(word, 0)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        return most_frequent(self._index.near(word), self.count, limit)
