"""What must hold on one activity: sector, service type and zone together; and how the seat comes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from discovery.engine import predicate
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both, either, nested, terms
from discovery.engine.elasticsearch.query.filters import chosen, of_siret
from discovery.engine.elasticsearch.query.where import COUNTRY, located, serves
from discovery.engine.port import Coverage, Filters, National, SearchRequest


def activities(request: SearchRequest) -> Clause:
    """Suppliers that pass the filters on activities and the where."""
    meeting = meets(request.filters, request.national, request.scope)
    having = nested(meeting) if predicate.asks_for_activity(request) else EVERYTHING
    if not request.targets:
        return having
    by_seat = both(located(request.targets), having)
    by_zone = nested(both(meeting, serves(request.targets, request.national)))
    if request.coverage is Coverage.LOCATED:
        return by_seat
    return by_zone if request.coverage is Coverage.SERVES else either([by_seat, by_zone])


def scope(request: SearchRequest) -> Clause:
    """Suppliers that pass the scope themselves, their activities aside."""
    return both(*(clause for one in request.scope for clause in (*chosen(one).values(), of_siret(one))))


def meets(filters: Filters, national: National, scope: Iterable[Filters] = ()) -> Clause:
    """An activity that has one of the sectors, one of the service types and, if asked for, a country zone; and what
    the scope asks of it."""
    return both(
        _of_sectors(filters.sector),
        terms("activities.service_types", filters.service_type) if filters.service_type else EVERYTHING,
        COUNTRY if national is National.ONLY else EVERYTHING,
        *(meets(one, National.INCLUDE) for one in scope),
    )


def _of_sectors(slugs: Sequence[str]) -> Clause:
    if not slugs:
        return EVERYTHING
    return either([terms("activities.sector", slugs), terms("activities.sector_group", slugs)])
