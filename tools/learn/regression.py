"""Lessons → a model, by multinomial logistic regression with targets that may be shared among
classes. Pure.

Minimised is the mean cross-entropy, each lesson by its weight, plus `penalty` / 2 times the squared
weights (L-BFGS).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from discovery.phrase.trades.reader import (
    BITS,
    FINER,
    Features,
    Floats,
    Model,
    features,
    softmax,
    values,
    words_of,
)
from tools.learn.lessons import Lesson

_STEPS = 50
_NONE = ""
_SIZE = 1 << BITS
Matrix = NDArray[np.float64]


def fit(
    lessons: Sequence[Lesson], group_of: Mapping[str, str], silent: frozenset[str], penalty: float
) -> Model:
    """Learn groups of all lessons, then of each group's lessons its sectors. `group_of`: sector →
    its group.
    """
    groups = (*dict.fromkeys(group_of.values()), _NONE)
    sectors = tuple(
        (sector, group) for group in groups for sector, its in group_of.items() if its == group
    )
    read = [features(words_of(lesson.text, silent)) for lesson in lessons]
    seen = np.bincount(np.concatenate([np.unique(one.rows) for one in read]), minlength=_SIZE)
    rarity: Floats = np.log((1 + len(read)) / (1 + seen)).astype(np.float16).astype(np.float32)
    weight = np.asarray([lesson.weight for lesson in lessons])
    told = _matrix(read, rarity, _SIZE, 0)
    wanted = np.zeros((len(lessons), len(groups)))
    for row, lesson in enumerate(lessons):
        for slug, part in lesson.sectors.items() or [(_NONE, 1.0)]:
            wanted[row, groups.index(group_of.get(slug, slug))] += part
    weights, bias = _regression(told, wanted, weight, penalty)
    finer, finer_bias = np.zeros((_SIZE >> FINER, len(sectors))), np.zeros(len(sectors))
    folded = _matrix(read, rarity, _SIZE >> FINER, FINER)
    for group in groups[:-1]:
        own = [place for place, (_, its) in enumerate(sectors) if its == group]
        parts = np.asarray(
            [[lesson.sectors.get(sectors[place][0], 0.0) for place in own] for lesson in lessons]
        )
        rows = np.flatnonzero(parts.sum(1))
        shares = parts[rows] / parts[rows].sum(1, keepdims=True)
        finer[:, own], finer_bias[own] = _regression(folded[rows], shares, weight[rows], penalty)
    (packed, scale), (packed_finer, finer_scale) = _packed(weights), _packed(finer)
    nothing = np.zeros(0, np.float32)
    return Model(
        groups=groups,
        sectors=sectors,
        silent=silent,
        rarity=rarity,
        weights=packed,
        scale=scale,
        bias=bias.astype(np.float32),
        finer=packed_finer,
        finer_scale=finer_scale,
        finer_bias=finer_bias.astype(np.float32),
        joining=nothing,
        sureness=nothing,
    )


def _matrix(read: Sequence[Features], rarity: Floats, width: int, shift: int) -> Any:
    """One row a text."""
    ends = np.cumsum([0, *(len(one.rows) for one in read)])
    rows = np.concatenate([one.rows for one in read]) >> shift
    told = np.concatenate([values(one, rarity) for one in read])
    matrix = csr_array((told, rows, ends), shape=(len(read), width))
    matrix.sum_duplicates()
    return matrix


def _regression(told: Any, wanted: Matrix, weight: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Weights (features, classes) and biases (classes,)."""
    width, classes = told.shape[1], wanted.shape[1]
    turned, weight = told.T.tocsr(), (weight / weight.sum())[:, None]

    def loss(point: Matrix) -> tuple[float, Matrix]:
        weights, bias = point[:-classes].reshape(width, classes), point[-classes:]
        chances = softmax(told @ weights + bias)
        entropy = -float((weight * wanted * np.log(np.maximum(chances, 1e-12))).sum())
        slope = (chances - wanted) * weight
        slopes = np.concatenate([(turned @ slope + penalty * weights).ravel(), slope.sum(0)])
        return entropy + penalty / 2 * float((weights**2).sum()), slopes

    start = np.zeros((width + 1) * classes)
    point = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 6}
    ).x
    return point[:-classes].reshape(width, classes), point[-classes:]


_LEAST = 3
"""Of 127: what a weight must reach to be kept; what is 0 takes no room."""


def _packed(weights: Matrix) -> tuple[NDArray[np.int8], Floats]:
    scale = np.maximum(np.abs(weights).max(0), 1e-9) / 127
    packed = np.rint(weights / scale).astype(np.int8)
    packed[np.abs(packed) < _LEAST] = 0
    return packed, scale.astype(np.float32)
