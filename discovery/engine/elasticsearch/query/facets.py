"""Facet counts: count(v) = the total of the same request with that one filter replaced by v.

Two aggregations, each filtered by all that its facets don't replace; what is costly is so asked once:

- `placed`, past the activity filters and the where: the facets on suppliers' own fields;
- `free`, past all the others: the facets on activities, and the readings of coverage and national.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from discovery.engine.elasticsearch.query import activity_facets, readings
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both
from discovery.engine.port import SearchRequest
from discovery.model.attributes import FIELDS

Aggregation = dict[str, Any]
Counts = dict[str, int]

ACTIVITIES = "activities"
"""Name of the clause that filters on activities and where make together."""

MAX_VALUES = 1000
"""No facet has as many values; on one shard the counts are exact whatever this is."""


def facets(request: SearchRequest, soft: Mapping[str, Clause]) -> dict[str, Aggregation]:
    """The aggregations that count the facets asked for. `soft`: the clauses that facets replace, by
    parameter; the query is without them."""
    found: dict[str, Aggregation] = {}
    chosen = {name: clause for name, clause in soft.items() if name != ACTIVITIES}
    on_suppliers = [name for name in request.facets if name in FIELDS]
    if on_suppliers:
        found["placed"] = _filtered(soft.get(ACTIVITIES, EVERYTHING), _on_suppliers(on_suppliers, chosen))
    others = activity_facets.aggregations(request) | readings.aggregations(request)
    if others:
        found["free"] = _filtered(both(*chosen.values()), others)
    return found


def counts(request: SearchRequest, found: Mapping[str, Any]) -> dict[str, Counts]:
    """Counts above zero by value, of the facets asked for, in their order, from the answer's aggregations."""
    free = found.get("free", {})
    apart = activity_facets.counts(request, free) | readings.counts(request, free)
    return {
        name: _above_zero(_counted(name, found["placed"]) if name in FIELDS else apart[name]) for name in request.facets
    }


def _on_suppliers(names: Sequence[str], chosen: Mapping[str, Clause]) -> dict[str, Aggregation]:
    """Facets without a filter of their own have one filter in common."""
    alike = [name for name in names if name not in chosen]
    found = {name: _beside(name, chosen, [name]) for name in names if name in chosen}
    return found | ({"alike": _beside("", chosen, alike)} if alike else {})


def _beside(own: str, chosen: Mapping[str, Clause], names: Sequence[str]) -> Aggregation:
    others = both(*(clause for name, clause in chosen.items() if name != own))
    return _filtered(others, {name: {"terms": {"field": FIELDS[name], "size": MAX_VALUES}} for name in names})


def _counted(name: str, placed: Mapping[str, Any]) -> Counts:
    buckets = placed.get(name, placed.get("alike"))[name]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _filtered(clause: Clause, inner: dict[str, Aggregation]) -> Aggregation:
    return {"filter": clause, "aggs": inner}


def _above_zero(counts: Counts) -> Counts:
    return {value: number for value, number in counts.items() if number}
