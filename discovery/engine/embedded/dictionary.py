"""`WordCounts` of the index: counts follow every commit, spellings are learnt as words appear."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np

from discovery.engine.embedded.reader import Look
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.words import DeletionIndex, most_frequent


class Spellings:
    """The words of an index file by their spelling, learnt as they appear. Shared by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._uuid = ""
        self._seq = -1
        self._known = np.zeros(0, dtype=np.bool_)
        self._index = DeletionIndex()

    def of(self, snapshot: Snapshot) -> DeletionIndex:
        """The index of near spellings that knows at least the words of the snapshot. Learns new ones under a lock."""
        with self._lock:
            if snapshot.uuid != self._uuid:
                self._uuid, self._seq = snapshot.uuid, -1
                self._known, self._index = np.zeros(0, dtype=np.bool_), DeletionIndex()
            if snapshot.seq > self._seq:
                texts = snapshot.strings.texts
                for tier in snapshot.tiers:
                    if tier.until <= self._seq:
                        continue
                    held = tier.spelled
                    if len(held) and held[-1] >= len(self._known):
                        more = np.zeros(int(held[-1]) + 1 - len(self._known), dtype=np.bool_)
                        self._known = np.concatenate([self._known, more])
                    new = held[~self._known[held]]
                    self._known[new] = True
                    self._index.add([texts[term] for term in new.tolist()])
                self._seq = snapshot.seq
            return self._index


class IndexWords:
    """The folded words of an index file, as its live documents hold them at each look."""

    def __init__(self, look: Look, spellings: Spellings) -> None:
        self._look, self._spellings = look, spellings

    def count(self, word: str) -> int:
        with self._look() as (_, snapshot, _meta):
            return _count(snapshot, word)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        with self._look() as (_, snapshot, _meta):
            index = self._spellings.of(snapshot)
            return most_frequent(index.near(word), lambda known: _count(snapshot, known), limit)


def _count(snapshot: Snapshot, word: str) -> int:
    term = snapshot.strings.ids.get(word)
    if term is None:
        return 0
    return sum(tier.count(term) for tier in snapshot.tiers)
