"""Measures of one ranked list against grades, as trec_eval defines them. Pure functions.

`ranked`: supplier ids, best first. `grades`: grade (1-3) by id; those absent are 0.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

RELEVANT = 2
"""The least grade that counts as an answer where a measure knows only yes and no."""

Grades = Mapping[str, int]


def relevant(grades: Grades) -> set[str]:
    """The ids that count as answers."""
    return {id_ for id_, grade in grades.items() if grade >= RELEVANT}


def ndcg(ranked: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Discounted gain of the first `depth` over that of the best possible order; 0 when nothing is
    graded.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain(grades.get(id_, 0) for id_ in ranked[:depth]) / best if best else 0.0


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def reciprocal_rank(ranked: Sequence[str], grades: Grades) -> float:
    """1 / the place of the first answer; 0 without one."""
    return next(
        (1 / place for place, id_ in enumerate(ranked, 1) if grades.get(id_, 0) >= RELEVANT), 0.0
    )


def precision(ranked: Sequence[str], grades: Grades, depth: int = 5) -> float:
    """The share of answers among the first `depth` places, empty ones included."""
    return sum(grades.get(id_, 0) >= RELEVANT for id_ in ranked[:depth]) / depth


def recall(ranked: Sequence[str], grades: Grades, depth: int = 50) -> float:
    """The share of all answers that stand among the first `depth`; 0 when there is none to find."""
    answers = relevant(grades)
    return len(answers & set(ranked[:depth])) / len(answers) if answers else 0.0


def judged(ranked: Sequence[str], known: Collection[str], depth: int = 10) -> float:
    """The share of the first `depth` results that were judged at all; 1 when there are no results."""
    top = ranked[:depth]
    return sum(id_ in known for id_ in top) / len(top) if top else 1.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie (nearest rank); 0 without values."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 without values."""
    return sum(values) / len(values) if values else 0.0
