"""Which documents hold a word: inverted lists for searching and for corrections, forward ones for names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import (
    Bools,
    Floats,
    Int32s,
    Int64s,
    Ints,
    compact,
    nonzero,
    offsets,
    ragged,
    stable_order,
)
from discovery.engine.embedded.lengths import DECODED, to_bytes

Codes = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Postings:
    """Documents by (field, term): list k is `documents[starts[k]:starts[k + 1]]`, ascending."""

    keys: Int64s
    """field << 32 | term id, ascending."""
    starts: Ints
    documents: Int32s
    codes: Codes
    """Of each posting's (term frequency, length byte)."""
    frequencies: Floats
    """By code."""
    lengths: Floats
    """By code: the field length, as Lucene's byte remembers it."""

    def find(self, keys: Int64s) -> list[tuple[int, int]]:
        """Start and end of each key's list; (0, 0) when there is none."""
        if not len(self.keys):
            return [(0, 0)] * len(keys)
        starts, ends = self._spans(keys)
        return list(zip(starts.tolist(), ends.tolist(), strict=True))

    def _spans(self, keys: Int64s) -> tuple[Ints, Ints]:
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        there = self.keys[at] == keys
        return self.starts[at] * there, self.starts[at + 1] * there

    @cached_property
    def fields(self) -> frozenset[int]:
        """Those that any document has."""
        return frozenset(np.unique(self.keys >> 32).tolist())

    def through(self, field: int, texts: Ints, frequencies: Ints, size: int) -> Holding:
        """Where terms are shared texts: the documents, of `size`, that have some of them in a field. `frequencies`: of
        the term that is looked for, in each of the texts."""
        starts, ends = self._spans(texts + (field << 32)) if len(self.keys) else (texts[:0], texts[:0])
        counts = ends - starts
        at = ragged(starts[counts > 0], counts[counts > 0])
        documents, codes = self.documents[at].astype(np.intp), self.codes[at]
        times = np.repeat(frequencies[counts > 0], counts[counts > 0])
        times *= self.frequencies[codes].astype(np.intp)
        lengths = self._length_bytes[codes]
        if np.count_nonzero(counts) > 1:  # else each document comes once
            total = np.bincount(documents, weights=times, minlength=size)
            bytes_ = np.zeros(size, dtype=np.int32)
            bytes_[documents] = lengths
            documents = nonzero(total)
            times, lengths = total[documents].astype(np.intp), bytes_[documents]
        dense, tf, length = coded([times.astype(np.int32) << 8 | lengths])
        return Holding(documents, dense, tf, length)

    @cached_property
    def _length_bytes(self) -> Int32s:
        """By code."""
        return to_bytes(self.lengths).astype(np.int32)

    def having(self, texts: Ints) -> Int32s:
        """Where terms are shared texts: the documents that have some of them in any field, each as often as it does."""
        keys = (np.array(sorted(self.fields), dtype=np.int64)[:, None] << 32 | texts).ravel()
        if not len(keys):
            return self.documents[:0]
        starts, ends = self._spans(keys)
        out: Int32s = self.documents[ragged(starts, ends - starts)]
        return out


@dataclass(frozen=True, slots=True)
class Holding:
    """The documents that hold a term in a field, ascending, with codes as those of `Postings`."""

    documents: Ints
    codes: Codes
    frequencies: Floats
    lengths: Floats

    @property
    def nbytes(self) -> int:
        return self.documents.nbytes + self.codes.nbytes


@dataclass(frozen=True)
class Lists:
    """Items by key, whatever they are: key k has `items[starts[k]:starts[k + 1]]`, in the order that they came in."""

    keys: Int32s
    """Ascending."""
    starts: Ints
    items: Int32s

    @classmethod
    def of(cls, keys: Int32s, items: Int32s) -> tuple[Lists, Ints]:
        """With the order that they were put in, for what stands beside the items."""
        order = stable_order(keys)
        ordered = keys[order]
        edges = nonzero(np.diff(ordered, prepend=-1))
        return cls(ordered[edges], np.append(edges, len(ordered)), items[order]), order

    @classmethod
    def joined(cls, parts: Sequence[Lists]) -> Lists:
        """Each key's items, one part's after the other's."""
        keys = np.concatenate([part.keys for part in parts])
        sizes = np.concatenate([np.diff(part.starts) for part in parts])
        order = stable_order(keys)
        at = ragged(offsets(sizes)[order], sizes[order])
        ordered = keys[order]
        edges = nonzero(np.diff(ordered, prepend=-1))
        starts = offsets(sizes[order])[np.append(edges, len(ordered))]
        return cls(ordered[edges], starts, np.concatenate([part.items for part in parts])[at])

    def span(self, key: int) -> tuple[int, int]:
        """Start and end of the key's items."""
        at = int(np.searchsorted(self.keys, key))
        if at == len(self.keys) or int(self.keys[at]) != key:
            return 0, 0
        return int(self.starts[at]), int(self.starts[at + 1])

    def any(self, held: Bools) -> Int32s:
        """The keys of which some item is held. `held`: by item."""
        there = np.repeat(self.keys, np.diff(self.starts))[held[self.items]]
        return np.unique(there)


@dataclass(frozen=True)
class WordLists:
    """Folded words by document: document d has `terms[starts[d]:starts[d + 1]]`."""

    terms: Int32s
    starts: Ints


def coded(lots: Sequence[Int32s]) -> tuple[Codes, Floats, Floats]:
    """Postings as dense codes of their (frequency, length byte); frequency and length by code."""
    seen = [np.bincount(lot) for lot in lots if len(lot)]
    there = np.zeros(max(map(len, seen), default=0), dtype=np.bool_)
    for counts in seen:
        there[: len(counts)] |= counts > 0
    used: Ints = nonzero(there)
    dense = np.zeros(len(there), dtype=compact(len(used)))
    dense[used] = np.arange(len(used))
    codes = np.concatenate([dense[lot] for lot in lots])
    return codes, (used >> 8).astype(np.float64), DECODED[used & 0xFF]
