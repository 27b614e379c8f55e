"""A column of keyword values: codes by document, documents by code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import NONE, Bools, Int32s, Ints, compact, offsets, ragged, stable_order

_EQUALITIES = 8
"""Up to so many values, comparing a narrow column with each is faster than one look-up table."""

_BITS_GAIN = 150
"""Rows that one row of a bit matrix counts in the time that counting by code takes for one (measured); three
times as many where rows have several values."""


@dataclass(frozen=True)
class Column:
    """`rows` documents (or activities) with zero or more of `values` each, never the same one twice.

    `single` holds one code a row (`len(values)` = none) when no row has several; otherwise it is None and row i
    has `codes[starts[i]:starts[i + 1]]`.
    """

    rows: int
    values: tuple[str, ...]
    codes: npt.NDArray[np.unsignedinteger[Any]]
    starts: Ints
    single: npt.NDArray[np.unsignedinteger[Any]] | None

    @classmethod
    def build(cls, terms: Int32s, counts: npt.NDArray[np.integer[Any]], strings: Sequence[str | None]) -> Column:
        """From the term ids of all rows, one row after the other, and the number of each row's."""
        used, codes = np.unique(terms, return_inverse=True)
        values = tuple(str(strings[term]) for term in used.tolist())
        narrow = codes.astype(compact(len(values)))
        single = None
        if not len(counts) or int(counts.max()) <= 1:
            single = np.full(len(counts), len(values), dtype=narrow.dtype)
            single[counts > 0] = narrow
        return cls(len(counts), values, narrow, offsets(counts), single)

    @classmethod
    def distinct(cls, owners: Ints, codes: Ints, rows: int, values: Sequence[str | None]) -> Column:
        """From (row, code) pairs in any order, each counted once; a code whose value is None is none."""
        there = np.array([value is not None for value in values], dtype=np.bool_)[codes]
        width = max(1, len(values))
        keys = np.unique(owners[there].astype(np.int64) * width + codes[there])
        counts = np.bincount(keys // width, minlength=rows)
        return cls.build((keys % width).astype(np.int32), counts, values)

    @cached_property
    def code(self) -> dict[str, int]:
        return {value: code for code, value in enumerate(self.values)}

    @cached_property
    def _postings(self) -> tuple[Int32s, Ints]:
        """Rows in order of their code, and where each code's begin."""
        order = stable_order(self.codes)
        if self.single is not None:
            owners = np.flatnonzero(self.single != len(self.values)).astype(np.int32)
        else:
            owners = np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.starts))
        return owners[order], offsets(np.bincount(self.codes, minlength=len(self.values)))

    def rows_of(self, value: str) -> Ints:
        """The rows that have the value, ascending."""
        code = self.code.get(value)
        if code is None:
            return NONE
        rows, starts = self._postings
        found: Ints = rows[starts[code] : starts[code + 1]].astype(np.intp)
        return found

    def having(self, values: Iterable[str]) -> Bools:
        """Whether each row has any of the values; a fresh array of `rows`."""
        codes = [self.code[value] for value in values if value in self.code]
        if self.single is not None and 0 < len(codes) <= _EQUALITIES:
            out: Bools = self.single == codes[0]
            for code in codes[1:]:
                out |= self.single == code
            return out
        out = np.zeros(self.rows, dtype=np.bool_)
        rows, starts = self._postings
        for code in codes:
            out[rows[starts[code] : starts[code + 1]].astype(np.intp)] = True
        return out

    def tally(self, chosen: Ints) -> Ints:
        """Number of the chosen rows (ascending) under each code."""
        count = len(self.values)
        if len(chosen) == self.rows:
            return self._all
        if len(chosen) > count * self.rows // (_BITS_GAIN if self.single is not None else 3 * _BITS_GAIN):
            mask = np.zeros(self._bits.shape[1] * 64, dtype=np.bool_)
            mask[chosen] = True
            packed = np.packbits(mask, bitorder="little").view(np.uint64)
            return np.bitwise_count(self._bits & packed).sum(axis=1, dtype=np.intp)
        if self.single is not None:
            return np.bincount(self.single[chosen], minlength=count + 1)[:count]
        starts = self.starts[chosen]
        return np.bincount(self.codes[ragged(starts, self.starts[chosen + 1] - starts)], minlength=count)

    @cached_property
    def _all(self) -> Ints:
        return np.bincount(self.codes, minlength=len(self.values))

    @cached_property
    def _bits(self) -> npt.NDArray[np.uint64]:
        """(values, rows / 64): a bit for each row that has the value."""
        rows, starts = self._postings
        mask = np.zeros(-(-self.rows // 64) * 64, dtype=np.bool_)
        out = np.zeros((len(self.values), len(mask) // 64), dtype=np.uint64)
        for code in range(len(self.values)):
            held = rows[starts[code] : starts[code + 1]].astype(np.intp)
            mask[held] = True
            out[code] = np.packbits(mask, bitorder="little").view(np.uint64)
            mask[held] = False
        return out
