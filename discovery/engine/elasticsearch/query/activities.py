"""What must hold on one activity: sector, service type and zone together; and how the seat comes in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from discovery.engine import predicate
from discovery.engine.definition import NAMES
from discovery.engine.elasticsearch.query import clauses
from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    NOTHING,
    Clause,
    both,
    but_not,
    chosen,
    either,
    nested,
    of_siret,
    terms,
    text,
)
from discovery.engine.elasticsearch.query.where import COUNTRY, located, serves
from discovery.engine.port import Filters, National, Need, SearchRequest, TextQuery
from discovery.engine.trades import without


def activities(request: SearchRequest) -> Clause:
    """Suppliers that pass the filters on activities and the where."""
    meeting = meets(request.filters, request.national, request)
    having = nested(meeting) if predicate.asks_for_activity(request) else EVERYTHING
    if request.national is National.ONLY:
        having = spoken(request, meeting)
    if not request.targets:
        return having
    ways = []
    if request.coverage.by_seat:
        ways.append(both(located(request.targets), having))
    if request.coverage.by_zone:
        ways.append(spoken(request, both(meeting, serves(request))))
    return either(ways)


def doing(request: SearchRequest) -> Clause:
    """An activity that does what is needed; NOTHING without a need."""
    return of_sectors({slug for need in request.needs for slug in need.sectors})


def spoken(request: SearchRequest, which: Clause) -> Clause:
    """Suppliers with an activity that meets a clause: one that does what is needed, of who declares any."""
    trade = doing(request)
    if trade == NOTHING:
        return nested(which)
    return either([nested(both(which, trade)), but_not(nested(which), nested(trade))])


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


def needed(request: SearchRequest) -> Clause:
    """Suppliers that meet a need; without any, those that the text matches."""
    if request.needs:
        return either([_met(request, need) for need in request.needs])
    return EVERYTHING if request.text is None else text(request.text)


def _met(request: SearchRequest, need: Need) -> Clause:
    exclude = request.exclude
    other = either([with_evidence(without(need.sectors, exclude)), mentioned(request, need)])
    if not exclude.on_activity or not need.sectors:
        return either([of_sectors(need.sectors, nested=True), other])
    having = of_sectors(need.sectors)
    return either([clauses.nested(both(having, not_excluded(exclude))), but_not(other, clauses.nested(having))])


def of_sectors(slugs: Iterable[str], *, nested: bool = False) -> Clause:
    """An activity that has one of the sectors or groups; `nested`: a supplier that has such an activity."""
    held = tuple(slugs)
    if not held:
        return NOTHING
    found = either([terms("activities.sector", held), terms("activities.sector_group", held)])
    return clauses.nested(found) if nested else found


def with_evidence(sectors: Iterable[str]) -> Clause:
    """A supplier with evidence of one of the sectors or groups (slugs)."""
    held = tuple(sectors)
    return terms("evidence_sectors", held) if held else NOTHING


def mentioned(request: SearchRequest, need: Need) -> Clause:
    """Suppliers that hold enough of a need's words, in its fields."""
    if request.text is None or not need.words:
        return NOTHING
    return text(need.said(request.text))


def named(request: SearchRequest) -> Clause:
    """Suppliers whose name, or brand, holds all of the words of a name that is typed."""
    words = request.signals.named
    fields = NAMES if words and request.text is not None else ()
    return either([text(TextQuery(words, len(words), ((field, 1.0),), 0.0)) for field in fields])


def not_excluded(exclude: Filters) -> Clause:
    """An activity that no exclusion takes away: of another sector and group, and offered in some other way."""
    taken: list[Clause] = []
    if exclude.sector:
        taken.append(of_sectors(exclude.sector))
    if exclude.service_type:
        taken.append(_only(exclude.service_type))
    return {"bool": {"must_not": taken}} if taken else EVERYTHING


def _only(services: Iterable[str]) -> Clause:
    """An activity with some of these service types, and none between, before or behind them in the alphabet."""
    field, held = "activities.service_types", sorted(set(services))
    gaps = [{"lt": held[0]}, *({"gt": a, "lt": b} for a, b in pairwise(held)), {"gt": held[-1]}]
    return {"bool": {"filter": [terms(field, held)], "must_not": [{"range": {field: gap}} for gap in gaps]}}
