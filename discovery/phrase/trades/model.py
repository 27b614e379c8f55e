"""Multinomial naive Bayes, kept sparse: of a feature, only the classes that it was seen with. Pure.

log P(class | text) = log prior + sum over features of log((count + a) / (all counts of the class + a * features)),
up to a constant (Manning, Raghavan, Schütze, *Introduction to Information Retrieval*, 13.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from discovery.phrase.trades.lessons import Lesson

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What was learnt.

    `places`: feature → its place. Feature i was seen with `classes[at[i]:at[i+1]]`, which it speaks for by `gains`;
    `base`: what any known feature adds to each class.
    """

    names: tuple[str, ...]
    places: Mapping[str, int]
    at: NDArray[np.int32]
    classes: NDArray[np.int16]
    gains: Floats
    base: Floats

    def scores(self, features: Iterable[str]) -> tuple[Floats, int]:
        """(scores, known): of each class the log of its likelihood up to a constant, shape (classes,); and how many
        of the features were ever seen."""
        scores = np.zeros(len(self.names), dtype=np.float32)
        known = 0
        for name in features:
            place = self.places.get(name)
            if place is not None:
                known += 1
                first, last = self.at[place], self.at[place + 1]
                scores[self.classes[first:last]] += self.gains[first:last]
        return scores + known * self.base, known

    def gain(self, feature: str, chosen: NDArray[np.bool_]) -> float:
        """How much a feature speaks for the chosen classes: the most it adds to one of them."""
        place = self.places.get(feature)
        if place is None:
            return 0.0
        first, last = self.at[place], self.at[place + 1]
        gains = self.gains[first:last][chosen[self.classes[first:last]]]
        return float(gains.max()) if len(gains) else 0.0


def fit(lessons: Iterable[Lesson], smoothing: float) -> Model:
    """Learn a model. `smoothing`: how often each feature counts as seen in each class before it is (Laplace's
    smoothing is 1)."""
    features: dict[str, int] = {}
    classes: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for counts, parts in lessons:
        seen = [features.setdefault(name, len(features)) for name in counts]
        for name, part in parts.items():
            rows += seen
            columns += [classes.setdefault(name, len(classes))] * len(seen)
            weights += [part * count for count in counts.values()]
    width = len(classes)
    cells, found = np.unique(np.asarray(rows, dtype=np.int64) * width + np.asarray(columns), return_inverse=True)
    sums = np.bincount(found, weights=np.asarray(weights))
    totals = np.bincount(cells % width, weights=sums, minlength=width)
    at = np.searchsorted(cells // width, np.arange(len(features) + 1))
    return Model(
        names=tuple(classes),
        places=features,
        at=at.astype(np.int32),
        classes=(cells % width).astype(np.int16),
        gains=np.log1p(sums / smoothing).astype(np.float32),
        base=-np.log(totals / smoothing + len(features)).astype(np.float32),
    )
