"""Which documents hold a word: inverted lists for searching, forward ones for names and corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import Floats, Int32s, Int64s, Ints


@dataclass(frozen=True)
class Postings:
    """Documents by (field, term): list k is `documents[starts[k]:starts[k + 1]]`, ascending."""

    keys: Int64s
    """field << 32 | term id, ascending."""
    starts: Ints
    documents: Int32s
    codes: npt.NDArray[np.unsignedinteger[Any]]
    """Of each posting's (term frequency, length byte)."""
    frequencies: Floats
    """By code."""
    lengths: Floats
    """By code: the field length, as Lucene's byte remembers it."""

    def find(self, keys: Int64s) -> list[tuple[int, int]]:
        """Start and end of each key's list; (0, 0) when there is none."""
        if not len(self.keys):
            return [(0, 0)] * len(keys)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        there = self.keys[at] == keys
        return list(zip((self.starts[at] * there).tolist(), (self.starts[at + 1] * there).tolist(), strict=True))


@dataclass(frozen=True)
class WordLists:
    """Folded words by document: document d has `terms[starts[d]:starts[d + 1]]`."""

    terms: Int32s
    starts: Ints
