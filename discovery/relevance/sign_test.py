"""The sign test: of two that won so many times, is one the better, and how many times must be looked at to see it?

Pure. Exact in the binomial distribution (Conover, *Practical Nonparametric Statistics*, 3.4); ties take no part. The
number needed is that of a proportion against one half (Fleiss, *Statistical Methods for Rates and Proportions*, 2.2),
then raised until the exact power is reached.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05
"""How often equals may be told apart by luck."""
POWER = 0.8
"""How often a difference must be seen."""


def p_value(one: int, other: int) -> float:
    """Two-sided: how often equals would win as unevenly as this or more so; 1 when nothing was won."""
    return min(1.0, 2 * float(_chances(one + other, 0.5)[: min(one, other) + 1].sum()))


def power(times: int, share: float) -> float:
    """How often the test tells (p < `ALPHA`) whoever wins a `share` (0 to 1) of so many times."""
    least = _most_of_the_worse(times)
    chances = _chances(times, share)
    return float(chances[: least + 1].sum() + chances[times - least :].sum()) if least >= 0 else 0.0


def needed(share: float) -> int:
    """Times after which a share other than one half is seen with `POWER`. Raises ValueError for one half."""
    if share == 0.5:
        raise ValueError("equals can't be told apart, however often they are looked at")
    normal = NormalDist()
    of_luck = normal.inv_cdf(1 - ALPHA / 2) * 0.5
    of_share = normal.inv_cdf(POWER) * math.sqrt(share * (1 - share))
    times = math.ceil(((of_luck + of_share) / (share - 0.5)) ** 2)
    while power(times, share) < POWER:
        times += 1
    return times


def _most_of_the_worse(times: int) -> int:
    """The most that the worse may win for the test to tell; -1 where it can't."""
    cumulated = np.cumsum(_chances(times, 0.5))
    return int(np.searchsorted(cumulated, ALPHA / 2)) - 1


def _chances(times: int, share: float) -> NDArray[np.float64]:
    """Of 0, 1, … `times` wins; `share` strictly between 0 and 1."""
    wins = np.arange(times + 1)
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, times + 1)))))
    ways = factorials[times] - factorials - factorials[::-1]
    chances: NDArray[np.float64] = np.exp(ways + wins * math.log(share) + (times - wins) * math.log1p(-share))
    return chances
