"""Measurements as figures: percentiles, ratios between ways that answered the same requests,
growth. Pure.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ALL = "all"
"""Every class of request together."""

FLOOR, SERVICE, EDGE, PAGE, SAID = "floor", "service", "edge", "page", "said"
"""The engine alone with what the service asks of it; the service called in process; the service
over HTTP; the page of the same search over HTTP; the same search over HTTP said by parameters,
without a phrase to understand.
"""
BELOW = {SERVICE: FLOOR, EDGE: FLOOR, PAGE: EDGE, SAID: EDGE}
"""Way → the one that it is compared with."""

Ratios = dict[str, dict[str, float]]
"""By class, by name of the ratio."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request answered one way. `cold`: the first time that anybody asked it. `engine`: ms of
    it that the service waited for its engine, as told over HTTP.
    """

    kind: str
    way: str
    cold: bool
    ms: float
    engine: float = 0.0


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Load:
    """`clients` that ask without pause. `cpu_ms`: processor time of the service's processes for
    each answer.
    """

    clients: int
    per_second: float
    p50: float
    p95: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Memory:
    """MB, idle. `shared_out`: all processes, what they share counted once; `largest`: of one
    process, all it sees. `start`: seconds from the command to the first search answered, not the
    first time.
    """

    shared_out: float
    largest: float
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class Phrases:
    """Searches by a phrase beside the same said by parameters: p50 over HTTP, ms; `own`: less what
    the engine took, which finds others by other means.
    """

    asked: float
    said: float
    asked_own: float
    said_own: float


@dataclass(frozen=True, slots=True)
class Run:
    """One engine at one size. `cold`, `warm`: times by class, then way. `stages`: mean ms by stage
    over HTTP, warm; `first`: of searches asked for the first time. `phrases`: by "warm" or "first",
    then class.

    `feed`: documents a second by step. `trips`: calls to the engine by request, the mean.
    """

    engine: str
    size: int
    cold: Mapping[str, Mapping[str, Times]]
    warm: Mapping[str, Mapping[str, Times]]
    stages: Mapping[str, float]
    loads: Sequence[Load]
    memory: Memory | None
    trips: float
    feed: Mapping[str, float] = field(default_factory=dict)
    first: Mapping[str, float] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, Phrases]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.engine}/{self.size}"


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that at least `share` of all do not exceed. ValueError without values."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(samples: Iterable[Sample], *, cold: bool) -> dict[str, dict[str, Times]]:
    """Times by class and way, and of all classes together."""
    grouped: dict[str, dict[str, list[float]]] = {}
    for one in samples:
        if one.cold is cold:
            for kind in (one.kind, ALL):
                grouped.setdefault(kind, {}).setdefault(one.way, []).append(one.ms)
    return {
        kind: {
            way: Times(len(ms), percentile(ms, 0.5), percentile(ms, 0.95))
            for way, ms in ways.items()
        }
        for kind, ways in sorted(grouped.items(), key=lambda pair: (pair[0] == ALL, pair[0]))
    }


def phrases(samples: Sequence[Sample], *, cold: bool) -> dict[str, Phrases]:
    """By class, of those classes whose every request has a phrase."""
    found = {}
    for kind in dict.fromkeys(one.kind for one in samples if one.way == SAID):
        asked, said = (
            [one for one in samples if (one.kind, one.way, one.cold) == (kind, way, cold)]
            for way in (EDGE, SAID)
        )
        if said and len(asked) == len(said):
            found[kind] = Phrases(
                *(percentile([one.ms for one in some], 0.5) for some in (asked, said)),
                *(percentile([one.ms - one.engine for one in some], 0.5) for some in (asked, said)),
            )
    return found


def ratios(run: Run) -> Ratios:
    """Of warm times, what travels from machine to machine: each way above the one below it, at p50
    and p95. Not of all classes together where a way answers some of them only.
    """
    found: Ratios = {}
    for kind, ways in run.warm.items():
        compared = {
            f"{way}/{below} {name}": getattr(ways[way], name) / getattr(ways[below], name)
            for way, below in BELOW.items()
            if way in ways
            and below in ways
            and ways[below].p50 > 0
            and ways[way].count == ways[below].count
            for name in ("p50", "p95")
        }
        if compared:
            found[kind] = compared
    return found


def against(now: Ratios, recorded: Ratios) -> Ratios:
    """Each ratio as a multiple of the recorded one: 1 = as then, above = slower. Only what both
    have.
    """
    return {
        kind: {
            name: value / recorded[kind][name]
            for name, value in values.items()
            if recorded[kind].get(name)
        }
        for kind, values in now.items()
        if kind in recorded
    }


def growth(smaller: Run, larger: Run, way: str) -> dict[str, float]:
    """By class: by how much p50 is multiplied when the number of suppliers doubles."""
    doublings = math.log2(larger.size / smaller.size)
    return {
        kind: (ways[way].p50 / smaller.warm[kind][way].p50) ** (1 / doublings)
        for kind, ways in larger.warm.items()
        if way in ways and way in smaller.warm.get(kind, {})
    }


def growths(runs: Sequence[Run], way: str) -> dict[str, dict[str, float]]:
    """By "engine small → large": growth from each size to the next."""
    ordered = sorted(runs, key=lambda run: (run.engine, run.size))
    pairs = [(a, b) for a, b in pairwise(ordered) if a.engine == b.engine and a.size < b.size]
    return {f"{a.engine} {a.size} → {b.size}": growth(a, b, way) for a, b in pairs}


def mean_stages(told: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean milliseconds by stage over all requests, absent ones as zero; `rest`: what lies between
    them. The total of these is the mean `total`.
    """
    names = dict.fromkeys(name for stages in told for name in stages if name != "total")
    found = {name: sum(stages.get(name, 0.0) for stages in told) / len(told) for name in names}
    total = sum(stages.get("total", 0.0) for stages in told) / len(told)
    return found | {"rest": max(0.0, total - sum(found.values()))}
