"""Strings as numbers, so that what is counted and packed is counted and packed by numpy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

import numpy as np

from discovery.engine.embedded.arrays import Int32s, nonzero

K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Hashable)


class Numbers(dict[K, int], Generic[K]):
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
    """From the numbers of one `Numbers` to those of another, which numbers what it doesn't know yet. `said`: what is
    numbered by the first, as it is numbered by the other."""

    def __init__(self, source: Numbers[S], target: Numbers[K], said: Callable[[S], K]) -> None:
        self._source = source
        self._target = target
        self._said = said
        self._of: Int32s = np.zeros(0, dtype=np.int32)
        """-1 for what was not asked yet."""

    def __call__(self, numbers: Int32s) -> Int32s:
        more = len(self._source) - len(self._of)
        if more:
            self._of = np.concatenate([self._of, np.full(more, -1, dtype=np.int32)])
        asked = np.zeros(len(self._of), dtype=np.bool_)
        asked[numbers] = True
        for number in nonzero(asked & (self._of < 0)).tolist():
            self._of[number] = self._target[self._said(self._source.texts[number])]
        return self._of[numbers]

    def forget(self, known: int) -> None:
        """Forget what the target has dropped, which kept only its first `known`."""
        self._of[self._of >= known] = -1
