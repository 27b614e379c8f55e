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
    def build(cls, terms: Int32s, counts: npt.NDArray[np.integer[Any]], strings: Sequence[str]) -> Column:
        """From the term ids of all rows, one row after the other, and the number of each row's."""
        used, codes = np.unique(terms, return_inverse=True)
        values = tuple(strings[term] for term in used.tolist())
        narrow = codes.astype(compact(len(values)))
        single = None
        if not len(counts) or int(counts.max()) <= 1:
            single = np.full(len(counts), len(values), dtype=narrow.dtype)
            single[counts > 0] = narrow
        return cls(len(counts), values, narrow, offsets(counts), single)

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

    def tally(self, chosen: Ints | None) -> Ints:
        """Number of the chosen rows (None = all) under each code."""
        count = len(self.values)
        if chosen is None:
            return np.bincount(self.codes, minlength=count)
        if self.single is not None:
            return np.bincount(self.single[chosen], minlength=count + 1)[:count]
        starts = self.starts[chosen]
        return np.bincount(self.codes[ragged(starts, self.starts[chosen + 1] - starts)], minlength=count)
