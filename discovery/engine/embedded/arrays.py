"""Small numpy idioms that the index is made of, and strings as numbers. Indices are `intp`: numpy
scatters through them fastest.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NONE: Ints = np.zeros(0, dtype=np.intp)


def offsets(counts: npt.NDArray[np.integer]) -> Ints:
    """[0, c0, c0+c1, ...], shape (n + 1,): where each ragged row starts, with the total at the end."""
    out = np.zeros(len(counts) + 1, dtype=np.intp)
    np.cumsum(counts, out=out[1:])
    return out


def expand_ranges(starts: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> Ints:
    """All positions start, start+1, ..., start+count-1 of each row, one row after the other; shape
    (sum of counts,).
    """
    ends = counts.cumsum()  # methods: what numpy wraps around them takes as long on short arrays
    total = int(ends[-1]) if len(ends) else 0
    if total == 0:
        return NONE
    first: Ints = np.asarray(starts - (ends - counts), dtype=np.intp)
    out: Ints = first.repeat(counts)
    out += np.arange(total, dtype=np.intp)
    return out


def nonzero(mask: npt.NDArray[Any]) -> Ints:
    """Where a flat array is true, ascending: `np.flatnonzero` without its detours."""
    return mask.nonzero()[0]


def stable_order(keys: npt.NDArray[np.integer]) -> Ints:
    """Stable argsort of non-negative keys below 2**32, by two radix passes of 16 bits (by numpy's
    own an index takes
    1.35 times as long to load).
    """
    low = keys.astype(np.uint16)  # keeps the 16 low bits
    order: Ints = np.argsort(low, kind="stable")
    if len(keys) and int(keys.max()) > 0xFFFF:
        high = (keys >> 16).astype(np.uint16)[order]
        order = order[np.argsort(high, kind="stable")]
    return order


def mask_of(size: int, numbers: Ints | Int32s) -> Bools:
    """A mask of shape (`size`,), true at some numbers."""
    mask = np.zeros(size, dtype=np.bool_)
    mask[numbers] = True
    return mask


K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Hashable)


class Interner(dict[K, int], Generic[K]):
    """String → number, in the order of first use. Asking for an unknown string numbers it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[K] = []
        """By number."""

    def __missing__(self, text: K) -> int:
        self[text] = number = len(self)
        self.texts.append(text)
        return number

    def since(self, known: int) -> Iterator[tuple[int, K]]:
        """(number, string) of those numbered after the first `known`."""
        return enumerate(self.texts[known:], known)

    def forget(self, known: int) -> None:
        """Keep only the first `known` strings."""
        for text in self.texts[known:]:
            del self[text]
        del self.texts[known:]


class Renumbering(Generic[S, K]):
    """From the numbers of one `Interner` to those of another, which numbers what it doesn't know
    yet. `said`: what is numbered by the first, as it is numbered by the other.
    """

    def __init__(self, source: Interner[S], target: Interner[K], said: Callable[[S], K]) -> None:
        self._source = source
        self._target = target
        self._said = said
        self._of: Int32s = np.zeros(0, dtype=np.int32)
        """-1 for what was not asked yet."""

    def __call__(self, numbers: Int32s) -> Int32s:
        more = len(self._source) - len(self._of)
        if more:
            self._of = np.concatenate([self._of, np.full(more, -1, dtype=np.int32)])
        for number in nonzero(mask_of(len(self._of), numbers) & (self._of < 0)).tolist():
            self._of[number] = self._target[self._said(self._source.texts[number])]
        return self._of[numbers]

    def forget(self, known: int) -> None:
        """Forget numbers that the target dropped when it kept only its first `known`."""
        self._of[self._of >= known] = -1
