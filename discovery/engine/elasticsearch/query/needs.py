"""Who does what is needed: by an activity, by evidence, by the words alone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from discovery.engine.definition import NAMES
from discovery.engine.elasticsearch.query import clauses
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, NOTHING, Clause, both, but_not, either, terms
from discovery.engine.elasticsearch.query.text import text
from discovery.engine.port import Filters, Need, SearchRequest, TextQuery
from discovery.engine.trades import without


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
