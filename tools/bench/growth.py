"""Whether a figure grows over a run: the slope that half of all pairs of samples exceed (Theil and Sen). Pure.

One odd minute (a collection, another program's) moves a mean and a fitted line; it does not move this.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

WARM = 1 / 4
"""The share of the samples, the first, that is not judged: caches fill, threads start."""
TOLERANCES = {
    "service_mb": 0.05,
    "service_handles": 0.10,
    "service_threads": 0.02,
    "worker_mb": 0.05,
    "worker_handles": 0.10,
    "worker_threads": 0.02,
    "p50_ms": 0.50,
    "p95_ms": 0.50,
}
"""By how much of its median each may seem to rise by chance, from the first judged sample to the last. Times are those
of a shared machine."""


@dataclass(frozen=True, slots=True)
class Growth:
    """`rise`: by the slope, from the first judged sample to the last, as a share of the median."""

    name: str
    median: float
    rise: float
    tolerance: float

    @property
    def grows(self) -> bool:
        return self.rise > self.tolerance

    def line(self) -> str:
        verdict = "GROWS" if self.grows else "steady"
        return f"{self.name:16} {verdict:6} median {self.median:8.1f}  rise {self.rise:+.1%} of {self.tolerance:.0%}"


def growths(samples: Sequence[Mapping[str, float]]) -> list[Growth]:
    """Of each figure that has a tolerance; samples have `minutes`. Fewer than three judged say nothing: no rise."""
    judged = samples[int(len(samples) * WARM) :]
    times = [one["minutes"] for one in judged]
    found = []
    for name, tolerance in TOLERANCES.items():
        values = [one[name] for one in judged]
        median = statistics.median(values) if values else 0.0
        risen = slope(times, values) * (times[-1] - times[0]) / median if len(values) > 2 and median else 0.0
        found.append(Growth(name, median, risen, tolerance))
    return found


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """The median of the slopes between all pairs."""
    pairs = combinations(zip(times, values, strict=True), 2)
    return statistics.median((later - before) / (end - start) for (start, before), (end, later) in pairs)
