"""Facets on activities: suppliers with an activity that has the value and meets everything else asked of one.

Of a supplier that is seated in the where any such activity counts, of others only one that serves it. An activity
can't be asked about its supplier's seat, so these two are counted apart, and the answer adds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from discovery.engine.elasticsearch.query.activities import meets
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both, but_not
from discovery.engine.elasticsearch.query.where import located, serves
from discovery.engine.port import Coverage, Filters, SearchRequest

FIELDS: Mapping[str, str] = {
    "sector": "activities.sector",
    "sector_group": "activities.sector_group",
    "service_type": "activities.service_types",
}
MOST_VALUES = 1000
Aggregation = dict[str, Any]


def aggregations(request: SearchRequest) -> dict[str, Aggregation]:
    """`sectors` counts sectors and groups, whose filter is the same parameter; `services` the service types."""
    filters = request.filters
    found = {}
    for key, names, others in (
        ("sectors", ("sector", "sector_group"), Filters(service_type=filters.service_type)),
        ("services", ("service_type",), Filters(sector=filters.sector)),
    ):
        asked = [name for name in names if name in request.facets]
        if asked:
            for part, (who, which) in _parts(request, others).items():
                found[f"{key}_{part}"] = {"filter": who, "aggs": {"of": _suppliers_by(asked, which)}}
    return found


def counts(request: SearchRequest, free: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """By facet and value, from the answer to `aggregations`."""
    found: dict[str, dict[str, int]] = {name: {} for name in FIELDS if name in request.facets}
    for key, part in free.items():
        if not key.startswith(("sectors_", "services_")):
            continue
        for name in found:
            for bucket in part["of"]["meeting"].get(name, {}).get("buckets", ()):
                number = bucket["suppliers"]["doc_count"]
                found[name][bucket["key"]] = found[name].get(bucket["key"], 0) + number
    return found


def _parts(request: SearchRequest, others: Filters) -> dict[str, tuple[Clause, Clause]]:
    """Suppliers, no one in two parts, and what their activities must meet. `others`: the filters not replaced."""
    meeting = meets(others, request.national, request.scope)
    if not request.targets:
        return {"all": (EVERYTHING, meeting)}
    seat = located(request.targets)
    if request.coverage is Coverage.LOCATED:
        return {"seated": (seat, meeting)}
    serving = both(meeting, serves(request.targets, request.national))
    if request.coverage is Coverage.SERVES:
        return {"serving": (EVERYTHING, serving)}
    return {"seated": (seat, meeting), "serving": (but_not(EVERYTHING, seat), serving)}


def _suppliers_by(names: Sequence[str], clause: Clause) -> Aggregation:
    """Suppliers, each once, by the values of those of their activities that meet the clause."""
    suppliers: Aggregation = {"suppliers": {"reverse_nested": {}}}
    values = {name: {"terms": {"field": FIELDS[name], "size": MOST_VALUES}, "aggs": suppliers} for name in names}
    return {"nested": {"path": "activities"}, "aggs": {"meeting": {"filter": clause, "aggs": values}}}
