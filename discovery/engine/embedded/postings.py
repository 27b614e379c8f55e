"""Which documents hold a word: inverted lists for searching and for corrections, forward ones for
names, and the texts that many documents share, kept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import (
    NONE,
    Bools,
    Floats,
    Int32s,
    Int64s,
    Ints,
    expand_ranges,
    nonzero,
    offsets,
    stable_order,
)
from discovery.model import dataclass

_FREE = 24
"""Lengths below are written as they are: Lucene's 255 - longToInt4(Integer.MAX_VALUE)."""


def byte4_to_int(code: int) -> int:
    """The field length that a byte stands for (Lucene's SmallFloat.byte4ToInt): never above the one
    it was made of.
    """
    if code < _FREE:
        return code
    bits, shift = (code - _FREE) & 0x07, (code - _FREE >> 3) - 1
    return _FREE + (bits if shift < 0 else (bits | 0x08) << shift)


DECODED: npt.NDArray[np.float64] = np.array(
    [byte4_to_int(code) for code in range(256)], dtype=np.float64
)
"""Byte -> length."""


def to_bytes(lengths: npt.NDArray[np.int32] | npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """The bytes that remember field lengths (Lucene's SmallFloat.intToByte4); same shape."""
    codes: npt.NDArray[np.intp] = np.searchsorted(DECODED, lengths, side="right") - 1
    return codes.astype(np.uint8)


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
        at = self.keys.searchsorted(keys)
        at[at == len(self.keys)] = 0
        there = self.keys[at] == keys
        return self.starts[at] * there, self.starts[at + 1] * there

    @cached_property
    def fields(self) -> frozenset[int]:
        """Names of the text fields that any document has."""
        return frozenset(np.unique(self.keys >> 32).tolist())

    def through(self, texts: Ints, frequencies: Ints, size: int) -> Holdings:
        """Where terms are shared texts: the documents, of `size`, that have some of them, by field
        that any has them in. `frequencies`: of the term that is looked for, in each of the texts.
        """
        found, keys = Holdings(), self._keys_of(texts, self.fields)
        starts, ends = self._spans(keys) if len(keys) else (keys, keys)
        for field in np.unique(keys[ends > starts] >> 32).tolist():
            within = keys >> 32 == field
            counts = (ends - starts)[within]
            at = expand_ranges(starts[within], counts)
            documents, codes = self.documents[at].astype(np.intp), self.codes[at]
            times = frequencies.repeat(counts)
            times *= self.frequencies[codes].astype(np.intp)
            lengths = self._length_bytes[codes]
            if np.count_nonzero(counts) > 1:  # else each document comes once
                total = np.bincount(documents, weights=times, minlength=size)
                bytes_ = np.zeros(size, dtype=np.int32)
                bytes_[documents] = lengths
                documents = nonzero(total)
                times, lengths = total[documents].astype(np.intp), bytes_[documents]
            dense, tf, length = coded([times.astype(np.int32) << 8 | lengths])
            found[field] = Holding(documents, dense, tf, length)
        return found

    @cached_property
    def _length_bytes(self) -> Int32s:
        """By code."""
        return to_bytes(self.lengths).astype(np.int32)

    def _keys_of(self, terms: Ints, fields: Iterable[int]) -> Int64s:
        held = [field for field in fields if field in self.fields]
        return (np.array(held, dtype=np.int64)[:, None] << 32 | terms).ravel()

    def having(self, terms: Ints, fields: Iterable[int]) -> Int32s:
        """The documents that have some of the terms in some of the fields, each as often as it
        does.
        """
        keys = self._keys_of(terms, fields)
        if not len(keys):
            return self.documents[:0]
        starts, ends = self._spans(keys)
        return self.documents[expand_ranges(starts, ends - starts)]


@dataclass(frozen=True, slots=True)
class Holding:
    """The documents that hold a term in a field, ascending, with codes as those of `Postings`."""

    documents: Ints
    codes: Codes
    frequencies: Floats
    lengths: Floats


class Holdings(dict[int, Holding]):
    """Of a term, by field."""

    @property
    def nbytes(self) -> int:
        return sum(one.documents.nbytes + one.codes.nbytes for one in self.values())


@dataclass(frozen=True)
class Lists:
    """Items by key, whatever they are: key k has `items[starts[k]:starts[k + 1]]`, in the order
    that they came in.
    """

    keys: Int32s
    """Ascending."""
    starts: Ints
    items: Int32s

    @classmethod
    def of(cls, keys: Int32s, items: Int32s) -> tuple[Lists, Ints]:
        """Lists of the items by their keys, and the order that sorted them, for what stands beside
        the items.
        """
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
        at = expand_ranges(offsets(sizes)[order], sizes[order])
        ordered = keys[order]
        edges = nonzero(np.diff(ordered, prepend=-1))
        starts = offsets(sizes[order])[np.append(edges, len(ordered))]
        return cls(ordered[edges], starts, np.concatenate([part.items for part in parts])[at])

    def span(self, key: int) -> tuple[int, int]:
        """Start and end of the key's items."""
        at = int(self.keys.searchsorted(np.int32(key)))  # of another type they are all copied
        if at == len(self.keys) or int(self.keys[at]) != key:
            return 0, 0
        return int(self.starts[at]), int(self.starts[at + 1])

    def any(self, held: Bools) -> Int32s:
        """The keys of which some item is held. `held`: by item."""
        return np.unique(np.repeat(self.keys, np.diff(self.starts))[held[self.items]])


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
    dense = np.zeros(len(there), dtype=np.min_scalar_type(len(used)))
    dense[used] = np.arange(len(used))
    codes = np.concatenate([dense[lot] for lot in lots])
    return codes, (used >> 8).astype(np.float64), DECODED[used & 0xFF]


Content = tuple[bytes, bytes]
"""The terms and the folded words of a text, as the numbers that a process has for them, ascending.
"""

CHUNKS = 16
"""Parts of the texts, one a commit that brought some, beyond which they become one."""


def stored(content: Content, renumber: Callable[[Int32s], Int32s]) -> bytes:
    """What the store keeps of a text: the number of its terms, each with its frequency, then its
    folded words. `renumber` gives the store's numbers of words.
    """
    terms, folded = (renumber(np.frombuffer(part, dtype=np.int32)) for part in content)
    held, frequencies = np.unique(terms, return_counts=True)
    pairs = np.column_stack((held, frequencies)).ravel()
    return np.concatenate([[len(held)], pairs, np.unique(folded)]).astype("<i4").tobytes()


@dataclass(frozen=True)
class _Chunk:
    """Some texts: by term and by folded word, the numbers of the texts that hold it."""

    terms: Lists
    frequencies: Int32s
    """Beside the items of `terms`."""
    words: Lists

    @classmethod
    def of(cls, packed: Sequence[bytes], first: int) -> _Chunk:
        """`first`: number of the first text."""
        flat = np.frombuffer(b"".join(packed), dtype="<i4").astype(np.int32, copy=False)
        starts = offsets(
            np.fromiter((len(blob) // 4 for blob in packed), dtype=np.intp, count=len(packed))
        )
        terms = flat[starts[:-1]]
        texts = np.arange(first, first + len(packed), dtype=np.int32)
        at = expand_ranges(starts[:-1] + 1, 2 * terms)
        behind = starts[:-1] + 1 + 2 * terms
        words = starts[1:] - behind
        held, order = Lists.of(flat[at[::2]], np.repeat(texts, terms))
        return cls(
            held,
            flat[at[1::2]][order],
            Lists.of(flat[expand_ranges(behind, words)], np.repeat(texts, words))[0],
        )


class SharedTexts:
    """The store's shared texts, by term and by word. Only grows, under its owner's lock; who reads
    meanwhile sees the texts of before or of after.
    """

    def __init__(self) -> None:
        self.count = 0
        self._packed: list[bytes] = []
        self._chunks: tuple[_Chunk, ...] = ()

    def extend(self, packed: Sequence[bytes]) -> None:
        """Take in the texts that follow those known."""
        if not packed:
            return
        self._packed += packed
        if len(self._chunks) < CHUNKS:
            self._chunks = (*self._chunks, _Chunk.of(packed, self.count))
        else:
            self._chunks = (_Chunk.of(self._packed, 0),)
        self.count += len(packed)

    def holding(self, term: int) -> tuple[Ints, Ints]:
        """The texts that hold a term, and how often each does."""
        texts, frequencies = [NONE], [NONE]
        for chunk in self._chunks:
            start, end = chunk.terms.span(term)
            texts.append(chunk.terms.items[start:end].astype(np.intp))
            frequencies.append(chunk.frequencies[start:end].astype(np.intp))
        return np.concatenate(texts), np.concatenate(frequencies)

    def spelling(self, word: int) -> Ints:
        """The texts that hold a folded word."""
        found = [NONE]
        for chunk in self._chunks:
            start, end = chunk.words.span(word)
            found.append(chunk.words.items[start:end].astype(np.intp))
        return np.concatenate(found)

    def words(self, held: Bools) -> Iterator[Int32s]:
        """The folded words of some of the texts. `held`: of each text, whether it is one of them."""
        for chunk in self._chunks:
            yield chunk.words.any(held)
