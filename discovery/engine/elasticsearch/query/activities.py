"""What must hold on one activity: sector, service type and zone together; and how the seat comes in."""

from __future__ import annotations

from collections.abc import Sequence

from discovery.engine import predicate
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both, either, nested, terms
from discovery.engine.elasticsearch.query.filters import chosen, of_siret
from discovery.engine.elasticsearch.query.where import COUNTRY, located, serves
from discovery.engine.port import Coverage, Filters, National, SearchRequest


def activities(request: SearchRequest) -> Clause:
    """Suppliers that pass the filters on activities and the where."""
    meeting = meets(request.filters, request.national)
    having = nested(meeting) if predicate.asks_for_activity(request) else EVERYTHING
    if not request.targets:
        return having
    by_seat = both(located(request.targets), having)
    by_zone = nested(both(meeting, serves(request.targets, request.national)))
    if request.coverage is Coverage.LOCATED:
        return by_seat
    return by_zone if request.coverage is Coverage.SERVES else either([by_seat, by_zone])


def scope(request: SearchRequest) -> Clause:
    """Suppliers that each of the scope's filters finds alone."""
    return both(*map(_found_by, request.scope))


def _found_by(filters: Filters) -> Clause:
    meeting = meets(filters, National.INCLUDE)
    having = EVERYTHING if meeting == EVERYTHING else nested(meeting)
    return both(*chosen(filters).values(), of_siret(filters), having)


def meets(filters: Filters, national: National) -> Clause:
    """An activity that has one of the sectors, one of the service types and, if asked for, a country zone."""
    return both(
        _of_sectors(filters.sector),
        terms("activities.service_types", filters.service_type) if filters.service_type else EVERYTHING,
        COUNTRY if national is National.ONLY else EVERYTHING,
    )


def _of_sectors(slugs: Sequence[str]) -> Clause:
    if not slugs:
        return EVERYTHING
    return either([terms("activities.sector", slugs), terms("activities.sector_group", slugs)])
