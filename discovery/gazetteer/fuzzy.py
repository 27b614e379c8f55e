"""Names one edit away from what was typed.

Pigeonhole: one insertion, deletion or substitution leaves the first or the second half of a name intact, so both
halves of every name, with its length, are enough to find the few candidates that are then measured. The one case
that touches both halves, two letters swapped across the middle, is looked up directly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

MIN_LETTERS = 7
"""Shorter names are too often one letter from another word ("Bois", "Mers") to be guessed."""

LONG = 8
"""Letters from which two edits leave a name recognisable."""


def letters(key: str) -> int:
    """Letters and digits of a key: its length without spaces."""
    return len(key) - key.count(" ")


class NearNames:
    """Keys of at least `MIN_LETTERS` letters, findable through one edit (optimal string alignment distance 1)."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = {key for key in keys if letters(key) >= MIN_LETTERS}
        self._halves: dict[tuple[int, bool, str], list[str]] = {}
        for key in self._keys:
            middle = len(key) // 2
            self._halves.setdefault((len(key), False, key[:middle]), []).append(key)
            self._halves.setdefault((len(key), True, key[middle:]), []).append(key)

    def near(self, key: str) -> list[tuple[int, str]]:
        """(edits, key) of every name within one edit of `key`: edits are 0 (the name itself) or 1. Sorted."""
        found: set[str] = set()
        for length in (len(key) - 1, len(key), len(key) + 1):
            middle = length // 2
            found.update(self._halves.get((length, False, key[:middle]), ()))
            found.update(self._halves.get((length, True, key[max(0, len(key) - length + middle) :]), ()))
        middle = len(key) // 2
        if 0 < middle < len(key):
            swapped = key[: middle - 1] + key[middle] + key[middle - 1] + key[middle + 1 :]
            found.update({swapped} & self._keys)
        measured = ((OSA.distance(key, name, score_cutoff=1), name) for name in found)
        return sorted((edits, name) for edits, name in measured if edits <= 1)


class NearStarts:
    """Keys findable while they are being typed, through one edit, or two once `LONG` letters are there.

    The first letter counts: few get it wrong, and with it a look-up measures one key in twenty.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = sorted(set(keys))

    def near(self, typed: str) -> list[str]:
        """Keys that start so, but for a typo; in alphabetical order."""
        if not typed:
            return []
        most = 1 if letters(typed) < LONG else 2
        first = bisect_left(self._keys, typed[0])
        last = bisect_left(self._keys, chr(ord(typed[0]) + 1))
        longest = len(typed) + most
        lengths = range(max(1, len(typed) - most), longest + 1)
        # All in one go first: a beginning within `most` edits leaves at most 2 x `most` letters of the longest one.
        edits = cdist(
            [typed], [key[:longest] for key in self._keys[first:last]], scorer=OSA.distance, score_cutoff=3 * most
        )
        return [
            key
            for key in (self._keys[first + place] for place in np.flatnonzero(edits[0] <= 3 * most).tolist())
            if any(OSA.distance(typed, key[:length], score_cutoff=most) <= most for length in lengths)
        ]
