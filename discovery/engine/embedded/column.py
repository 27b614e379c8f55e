"""A column of keyword values: codes by document, documents by code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import (
    NONE,
    Bools,
    Int32s,
    Ints,
    compact,
    nonzero,
    offsets,
    ragged,
    stable_order,
)


@dataclass(frozen=True)
class Column:
    """The values of one field, as small numbers (codes) into `values`.

    `rows` documents (or activities) with zero or more of `values` each, never the same one twice.

    `single` holds one code a row (`len(values)` = none) when no row has several; otherwise it is None and row i has
    `codes[starts[i]:starts[i + 1]]`.
    """

    rows: int
    values: tuple[str, ...]
    codes: npt.NDArray[np.unsignedinteger[Any]]
    starts: Ints
    single: npt.NDArray[np.unsignedinteger[Any]] | None

    @classmethod
    def build(cls, terms: Int32s, counts: npt.NDArray[np.integer[Any]], strings: Sequence[str | None]) -> Column:
        """Make a column of the term ids of all rows, one row after the other, and the number of terms of each row.
        `strings`: text by term id; those in use are never None."""
        there = np.zeros(len(strings), dtype=np.bool_)
        there[terms] = True
        used = nonzero(there)
        values = tuple(str(strings[term]) for term in used.tolist())
        code_of = np.zeros(len(strings), dtype=compact(len(values)))
        code_of[used] = np.arange(len(used))
        narrow = code_of[terms]
        single = None
        if not len(counts) or int(counts.max()) <= 1:
            single = np.full(len(counts), len(values), dtype=narrow.dtype)
            single[counts > 0] = narrow
        return cls(len(counts), values, narrow, offsets(counts), single)

    @classmethod
    def distinct(cls, owners: Ints, codes: Ints, rows: int, values: Sequence[str | None]) -> Column:
        """Make a column of (owner, code) pairs in any order, each counted once. `values`: value by code; a code
        whose value is None is left out."""
        there = np.array([value is not None for value in values], dtype=np.bool_)[codes]
        width = max(1, len(values))
        keys = owners[there].astype(np.int64) * width + codes[there]
        keys.sort(kind="stable")  # nearly sorted already
        keys = keys[np.diff(keys, prepend=-1) != 0]
        counts = np.bincount(keys // width, minlength=rows)
        return cls.build((keys % width).astype(np.int32), counts, values)

    @cached_property
    def code(self) -> dict[str, int]:
        """Value → its code."""
        return {value: code for code, value in enumerate(self.values)}

    @property
    def owners(self) -> Int32s:
        """The row of each code; shape of `codes`."""
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.starts))

    @cached_property
    def _postings(self) -> tuple[Int32s, Ints]:
        """Rows in order of their code, and where each code's begin."""
        return self.owners[stable_order(self.codes)], offsets(np.bincount(self.codes, minlength=len(self.values)))

    def rows_of(self, value: str) -> Ints:
        """Numbers of the rows that have the value, ascending."""
        code = self.code.get(value)
        if code is None:
            return NONE
        rows, starts = self._postings
        found: Ints = rows[starts[code] : starts[code + 1]].astype(np.intp)
        return found

    def having(self, values: Iterable[str]) -> Bools:
        """By row, whether it has any of the values; shape (rows,), a fresh array."""
        codes = [self.code[value] for value in values if value in self.code]
        out = np.zeros(self.rows, dtype=np.bool_)
        rows, starts = self._postings
        for code in codes:
            out[rows[starts[code] : starts[code + 1]].astype(np.intp)] = True
        return out

    def tally(self, chosen: Ints) -> Ints:
        """By code, how many of the chosen rows have it; shape (len(values),). `chosen`: row numbers, ascending."""
        count = len(self.values)
        if self.single is not None:
            return np.bincount(self.single[chosen], minlength=count + 1)[:count]
        starts = self.starts[chosen]
        return np.bincount(self.codes[ragged(starts, self.starts[chosen + 1] - starts)], minlength=count)
