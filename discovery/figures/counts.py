"""Figures from facets: what a count says is the total that the search of the same filter finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from discovery.engine.port import SearchRequest
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
    """

    day: date
    total: int
    facets: Mapping[str, Counts]
    reach: Mapping[str, Counts]

    def gaps(self, sector: str) -> tuple[str, ...]:
        """Codes of the departments where nobody answers for a sector, in the order of the departments."""
        return tuple(code for code, counts in self.reach.items() if not counts.get(sector))


def gather(search: SearchService) -> Figures:
    """One request for the whole, one a department that is open. Raises EngineUnavailable when the engine is away."""
    whole = search.index.search(_counted(search, Query(facets=WHOLE)))
    reach = {}
    for department in search.gazetteer.departments():
        if not search.scope.opens("department", department.code):
            continue
        query = Query(place=(f"department:{department.code}",), national="exclude", facets=("sector",))
        reach[department.code] = search.index.search(_counted(search, query)).facets["sector"]
    return Figures(today(), whole.total, whole.facets, reach)


def _counted(search: SearchService, query: Query) -> SearchRequest:
    return replace(search.plan(query).request, size=0)


def today() -> date:
    """The date in UTC."""
    return datetime.now(UTC).date()
