"""What must hold on one activity: sector, service type and zone together; and how the seat comes in."""

from __future__ import annotations

from discovery.engine import predicate
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both, but_not, either, nested, terms
from discovery.engine.elasticsearch.query.filters import chosen, of_siret
from discovery.engine.elasticsearch.query.needs import not_excluded, of_sectors
from discovery.engine.elasticsearch.query.where import COUNTRY, located, serves
from discovery.engine.port import Filters, National, SearchRequest


def activities(request: SearchRequest) -> Clause:
    """Suppliers that pass the filters on activities and the where."""
    meeting = meets(request.filters, request.national, request)
    having = nested(meeting) if predicate.asks_for_activity(request) else EVERYTHING
    if not request.targets:
        return having
    return _placed(request, meeting, having)


def where(request: SearchRequest, which: Clause) -> Clause:
    """Suppliers with an activity that meets a clause and by its zone or their seat the where, as coverage, national and
    presumed allow. Without a where that activity suffices, whatever `national` says."""
    if not request.targets:
        return nested(which)
    meeting = both(which, COUNTRY) if request.national is National.ONLY else which
    return _placed(request, meeting, nested(meeting))


def _placed(request: SearchRequest, meeting: Clause, having: Clause) -> Clause:
    """Suppliers that serve by an activity that is `meeting`, or that are `having` and seated there."""
    ways = []
    if request.coverage.by_seat:
        ways.append(both(located(request.targets), having))
    if request.coverage.by_zone:
        ways.append(nested(both(meeting, serves(request))))
    return either(ways)


def scope(request: SearchRequest) -> Clause:
    """Suppliers that pass the scope themselves, their activities aside."""
    return both(*(clause for one in request.scope for clause in (*chosen(one).values(), of_siret(one))))


def excluded(request: SearchRequest) -> Clause:
    """Suppliers that are left out for what they are, where they sit, or for all of their activities."""
    exclude = request.exclude
    out = [*chosen(exclude).values()]
    if exclude.siret:
        out.append(of_siret(exclude))
    if request.exclude_targets:
        out.append(located(request.exclude_targets))
    if exclude.on_activity:
        out.append(but_not(nested(EVERYTHING), nested(not_excluded(exclude))))
    return either(out)


def meets(filters: Filters, national: National, request: SearchRequest) -> Clause:
    """An activity that has one of the sectors, one of the service types and, if asked for, a country zone; and that a
    request's exclusions leave and its scope allows."""
    return both(
        _passing(filters),
        COUNTRY if national is National.ONLY else EVERYTHING,
        not_excluded(request.exclude),
        *map(_passing, request.scope),
    )


def _passing(filters: Filters) -> Clause:
    return both(
        of_sectors(filters.sector) if filters.sector else EVERYTHING,
        terms("activities.service_types", filters.service_type) if filters.service_type else EVERYTHING,
    )
