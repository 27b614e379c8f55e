"""Figures from facets: what a count says is the total that the search of the same filter finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import Generic, TypeVar

from discovery.engine.port import Need, SearchRequest
from discovery.search.query import Query
from discovery.search.service import SearchService

WHOLE = ("kind", "kind_group", "sector_group", "sector", "department", "region", "certification", "network")

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The public figures of one day.

    `facets[name][value]` counts suppliers, all those that are open; zeros are absent.

    `reach[department][sector]` counts those that a buyer of the department may ask: seated there, or with a zone
    that reaches into it; activities over all of France are left aside, since they would hide every gap.

    `seated[sector][department]` counts those seated there that do it, declared or by evidence (registered code, name).
    """

    day: date
    total: int
    facets: Mapping[str, Counts]
    reach: Mapping[str, Counts]
    seated: Mapping[str, Counts]

    def gaps(self, sector: str) -> tuple[str, ...]:
        """Codes of the departments where nobody known answers for a sector, in the order of the departments."""
        held = self.seated.get(sector, {})
        return tuple(code for code, counts in self.reach.items() if not (counts.get(sector) or held.get(code)))


def gather(search: SearchService) -> Figures:
    """One request for the whole, one a department that is open, one a sector. Raises EngineUnavailable."""
    whole = search.index.search(_counted(search, Query(facets=WHOLE)))
    reach = {}
    for department in search.gazetteer.departments():
        if not search.scope.opens("department", department.code):
            continue
        query = Query(place=(f"department:{department.code}",), national="exclude", facets=("sector",))
        reach[department.code] = search.index.search(_counted(search, query)).facets["sector"]
    everyone = _counted(search, Query(facets=("department",)))
    seated = {
        slug: search.index.search(replace(everyone, needs=(Need((slug,)),))).facets["department"]
        for slug in search.mappings.vocabulary.sectors
    }
    return Figures(today(), whole.total, whole.facets, reach, seated)


def _counted(search: SearchService, query: Query) -> SearchRequest:
    return replace(search.plan(query).request, size=0)


def today() -> date:
    """The date in UTC."""
    return datetime.now(UTC).date()


AT_MOST_SECONDS = 600.0
"""A change of the index may wait that long before what is kept tells of it."""

T = TypeVar("T")


class Cached(Generic[T]):
    """Shared by threads: one gathers, and the others go on with what is kept; where nothing is, they wait for it. What
    an unchanged index told is not gathered again, but made `again` of what is kept."""

    def __init__(
        self,
        gather: Callable[[SearchService], T],
        clock: Callable[[], float] = time.monotonic,
        again: Callable[[T], T] = lambda kept: kept,
    ) -> None:
        self._gather, self._clock, self._again = gather, clock, again
        self._lock = Lock()
        self._kept: tuple[T, str, float] | None = None

    def of(self, search: SearchService) -> T:
        """The value, counted anew when it is old. Raises EngineUnavailable when the engine is away and nothing is
        kept."""
        kept = self._kept
        if kept is not None and self._clock() - kept[2] < AT_MOST_SECONDS:
            return kept[0]
        if not self._lock.acquire(blocking=kept is None) and kept is not None:
            return kept[0]
        try:
            return self._renewed(search)
        finally:
            self._lock.release()

    def _renewed(self, search: SearchService) -> T:
        kept, now = self._kept, self._clock()
        if kept is not None and now - kept[2] < AT_MOST_SECONDS:  # by whoever was waited for
            return kept[0]
        status = search.index.status()
        changed = kept is None or kept[1] != status.generation or not status.ready
        found = self._gather(search) if kept is None or changed else self._again(kept[0])
        self._kept = (found, status.generation, now)
        return found


def kept_figures(
    clock: Callable[[], float] = time.monotonic, gather: Callable[[SearchService], Figures] = gather
) -> Cached[Figures]:
    """What keeps the public figures, dated today. `clock`: in seconds."""
    return Cached(gather, clock, lambda figures: replace(figures, day=today()))
