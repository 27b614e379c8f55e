"""Random draws that are the same on every Python.

Of `random.Random`, only seeding with a string and `random()` are promised to stay (Python's
documentation, "Notes on Reproducibility"); everything else is built on them here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with weights, ready to be drawn in O(log n)."""

    def __init__(self, weights: Iterable[tuple[T, float]]) -> None:
        kept = [(value, weight) for value, weight in weights if weight > 0]
        if not kept:
            raise ValueError("no value has a weight above zero")
        self.values = [value for value, _ in kept]
        self._sums = list(accumulate(weight for _, weight in kept))

    @classmethod
    def of(cls, weights: Mapping[T, float]) -> Weighted[T]:
        """Values to be drawn by their weights."""
        return cls(weights.items())

    def at(self, share: float) -> T:
        """The value at `share` (0 to 1, excluded) of the total weight."""
        return self.values[
            min(bisect_right(self._sums, share * self._sums[-1]), len(self.values) - 1)
        ]


class Draws:
    """One stream of draws, fixed by its seed."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed).random  # noqa: S311 - nothing secret

    def share(self) -> float:
        """A number in [0, 1)."""
        return self._random()

    def chance(self, probability: float) -> bool:
        """true as often as `probability` says (0 to 1)."""
        return self._random() < probability

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return int(self._random() * count)

    def between(self, least: int, most: int) -> int:
        """A whole number between the two, included."""
        return least + int(self._random() * (most - least + 1))

    def skewed(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, small ones being likelier."""
        return least + int(self._random() ** 2 * (most - least + 1))

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, each as likely."""
        return values[int(self._random() * len(values))]

    def weighted(self, weighted: Weighted[T]) -> T:
        """One of the values, by their weights."""
        return weighted.at(self._random())

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """Different positions of `values`, in drawn order; all of them when there are fewer than
        `count`.
        """
        left = list(values)
        drawn = []
        for _ in range(min(count, len(left))):
            at = int(self._random() * len(left))
            left[at], left[-1] = left[-1], left[at]
            drawn.append(left.pop())
        return drawn
