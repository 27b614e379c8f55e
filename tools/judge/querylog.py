"""What people search, out of the service's log lines: what is asked most, what finds nothing, what
is slow.

The lines hold words only where `DISCOVERY_QUERY_LOG=true`, and never who asked.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tools.judge.judge import fold
from tools.judge.measures import percentile

SEARCHES = frozenset({"/", "/api/v1/search"})
"""Paths whose lines are searches."""


@dataclass(frozen=True, slots=True)
class Line:
    """One search. `took_ms`: the whole request."""

    q: str
    total: int
    took_ms: float


@dataclass(frozen=True, slots=True)
class LoggedQuery:
    """A phrase, however its capitals and accents were typed; `q` as it was last, `total` what it
    found then.
    """

    q: str
    times: int
    total: int
    p50_ms: float
    worst_ms: float


@dataclass(slots=True)
class Unread:
    """Lines left out: not JSON (another program's), or searches without words."""

    foreign: int = 0
    wordless: int = 0


def read(lines: Iterable[str], unread: Unread) -> Iterator[Line]:
    """The answered searches with words among log lines."""
    for line in lines:
        try:
            found: Any = json.loads(line)
        except ValueError:
            unread.foreign += bool(line.strip())
            continue
        if not isinstance(found, dict) or found.get("path") not in SEARCHES or "total" not in found:
            continue
        if not str(found.get("q", "")).strip():
            unread.wordless += 1
            continue
        yield Line(str(found["q"]), int(found["total"]), float(found.get("took_ms", 0)))


def grouped(lines: Iterable[Line]) -> list[LoggedQuery]:
    """Each phrase once, the most asked first."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(fold(line.q), []).append(line)
    found = [
        LoggedQuery(
            group[-1].q,
            len(group),
            group[-1].total,
            percentile([one.took_ms for one in group], 0.5),
            max(one.took_ms for one in group),
        )
        for group in groups.values()
    ]
    return sorted(found, key=lambda one: (-one.times, one.q))


def top(asked: Iterable[LoggedQuery]) -> list[LoggedQuery]:
    """What is asked, the most asked first."""
    return list(asked)


def zero(asked: Iterable[LoggedQuery]) -> list[LoggedQuery]:
    """What finds nothing, the most asked first: the next judged queries, synonyms or suppliers."""
    return [one for one in asked if one.total == 0]


def slow(asked: Iterable[LoggedQuery]) -> list[LoggedQuery]:
    """The slowest first, by their median."""
    return sorted(asked, key=lambda one: (-one.p50_ms, one.q))


ORDERS = {"top": top, "zero": zero, "slow": slow}
