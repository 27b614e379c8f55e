"""The correction dictionary: an index's words one edit away from a typed one.

A deletion index (the idea of SymSpell, W. Garbe): two words are one edit apart only if they become equal when at
most one letter is deleted from each. So the dictionary keeps, for every word, the hashes of the word and of its
deletions; a look-up hashes the typed word and its deletions, and checks the few candidates. Hashes stand in two
arrays, a tenth of the size of a dict of strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock

import numpy as np

MAX_LENGTH = 40
"""Longer words are codes and addresses: known, but never offered."""

_OVERLAY = 4_000
"""Deletions added one by one; beyond, they are folded into the sorted arrays."""


def deletions(word: str) -> Iterator[str]:
    """The word and all that it becomes when one letter is deleted; may repeat."""
    yield word
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


def one_edit(a: str, b: str) -> bool:
    """Whether one insertion, deletion, replacement or transposition of neighbours turns one word into the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    start = 0
    while start < len(a) and a[start] == b[start]:
        start += 1
    if len(a) < len(b):
        return a[start:] == b[start + 1 :]
    if a[start + 1 :] == b[start + 1 :]:
        return True
    return a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]


class DeletionIndex:
    """Words to be found by near spellings. Grows only; safe to share between threads."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._words: list[str] = []
        self._hashes = np.zeros(0, dtype=np.int64)
        self._owners = np.zeros(0, dtype=np.int32)
        self._overlay: dict[int, list[int]] = {}
        self.add(words)

    def __len__(self) -> int:
        return len(self._words)

    def add(self, words: Iterable[str]) -> None:
        """Words already there must not be added again."""
        with self._lock:
            hashes: list[int] = []
            owners: list[int] = []
            for word in words:
                number = len(self._words)
                self._words.append(word)
                if len(word) <= MAX_LENGTH:
                    found = {hash(form) for form in deletions(word)}
                    hashes += found
                    owners += [number] * len(found)
            if len(hashes) + len(self._overlay) <= _OVERLAY:
                for key, number in zip(hashes, owners, strict=True):
                    self._overlay.setdefault(key, []).append(number)
                return
            for key, numbers in self._overlay.items():
                hashes += [key] * len(numbers)
                owners += numbers
            keys = np.concatenate([self._hashes, np.array(hashes, dtype=np.int64)])
            order = np.argsort(keys, kind="stable")
            numbers_of = np.concatenate([self._owners, np.array(owners, dtype=np.int32)])
            self._hashes, self._owners, self._overlay = keys[order], numbers_of[order], {}

    def near(self, word: str) -> list[str]:
        """The words one edit away, in no order."""
        if len(word) > MAX_LENGTH + 1:
            return []
        keys = list({hash(form) for form in deletions(word)})
        with self._lock:
            first = np.searchsorted(self._hashes, keys).tolist()
            last = np.searchsorted(self._hashes, keys, side="right").tolist()
            numbers: set[int] = set()
            for start, end in zip(first, last, strict=True):
                if start < end:
                    numbers.update(self._owners[start:end].tolist())
            for key in keys:
                numbers.update(self._overlay.get(key, ()))
            candidates = [self._words[number] for number in numbers]
        return [candidate for candidate in candidates if one_edit(candidate, word)]


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
