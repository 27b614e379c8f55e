"""Facets on activities: suppliers with an activity that has the value and meets everything else asked of one.

Of a supplier that is seated in the where any such activity counts, of others only one that serves it. An activity
can't be asked about its supplier's seat, so these two are counted apart, and the answer adds them.

Counting activities and finding the supplier of each is what costs most in a search. So it is done only where activities
of one supplier differ in what is asked: where nothing is asked of one but its zone, the suppliers whose activities all
have the same zone are counted by the values of all their activities together (`derived.TOGETHER`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discovery.engine.elasticsearch.query.activities import doing, meets
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, NOTHING, Clause, both, but_not, nested, term
from discovery.engine.elasticsearch.query.where import located, serves
from discovery.engine.port import Filters, National, SearchRequest

FIELDS: Mapping[str, str] = {
    "sector": "activities.sector",
    "sector_group": "activities.sector_group",
    "service_type": "activities.service_types",
}
TOGETHER: Mapping[str, str] = {
    "sector": "all_sectors",
    "sector_group": "all_sector_groups",
    "service_type": "all_service_types",
}
ONE_ZONE = term("one_zone", True)
MAX_VALUES = 1000
Aggregation = dict[str, Any]


def aggregations(request: SearchRequest) -> dict[str, Aggregation]:
    """The aggregations that count facets of activities. `sectors` counts sectors and groups, whose filter is the
    same parameter; `services` the service types; `both` all three, where neither parameter filters."""
    found = {}
    for key, names, others in _groups(request.filters):
        asked = [name for name in names if name in request.facets]
        zone_only = meets(others, National.INCLUDE, request) == EVERYTHING
        if asked:
            for part, who, which in _parts(request, others):
                alike = zone_only and not part.endswith("_doing")
                for way, one in _counted(asked, who, which, zone_only=alike):
                    found[f"{key}_{part}{way}"] = one
    return found


def counts(request: SearchRequest, free: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Facet → value → count, from the answer to `aggregations`."""
    found: dict[str, dict[str, int]] = {name: {} for name in FIELDS if name in request.facets}
    for key, part in free.items():
        if not key.startswith(("sectors_", "services_", "both_")):
            continue
        together = part.get("of", {}).get("meeting")
        for name, mine in found.items():
            for bucket in (part if together is None else together).get(name, {}).get("buckets", ()):
                number = bucket["doc_count"] if together is None else bucket["suppliers"]["doc_count"]
                mine[bucket["key"]] = mine.get(bucket["key"], 0) + number
    return found


def _groups(filters: Filters) -> list[tuple[str, tuple[str, ...], Filters]]:
    """Facets that are counted beside the same filters on activities, which are the third."""
    if not filters.sector and not filters.service_type:
        return [("both", tuple(FIELDS), Filters())]
    return [
        ("sectors", ("sector", "sector_group"), Filters(service_type=filters.service_type)),
        ("services", ("service_type",), Filters(sector=filters.sector)),
    ]


def _parts(request: SearchRequest, others: Filters) -> Iterator[tuple[str, Clause, Clause]]:
    """Suppliers, no one in two parts, and what their activities must meet. `others`: the filters not replaced."""
    meeting = meets(others, request.national, request)
    only = request.national is National.ONLY
    if not request.targets:
        yield from _spoken(request, "all", EVERYTHING, meeting) if only else [("all", EVERYTHING, meeting)]
        return
    seat = located(request.targets)
    if request.coverage.by_seat:
        yield from _spoken(request, "seated", seat, meeting) if only else [("seated", seat, meeting)]
    if request.coverage.by_zone:
        elsewhere = but_not(EVERYTHING, seat) if request.coverage.by_seat else EVERYTHING
        yield from _spoken(request, "serving", elsewhere, both(meeting, serves(request)))


def _spoken(request: SearchRequest, part: str, who: Clause, which: Clause) -> Iterator[tuple[str, Clause, Clause]]:
    """Who declares what is needed counts by those activities, the others by any (see `activities.spoken`)."""
    trade = doing(request)
    if trade == NOTHING:
        yield part, who, which
        return
    yield f"{part}_doing", both(who, nested(trade)), both(which, trade)
    yield f"{part}_others", but_not(who, nested(trade)), which


def _counted(names: Sequence[str], who: Clause, which: Clause, *, zone_only: bool) -> Iterator[tuple[str, Aggregation]]:
    """`zone_only`: `which` asks but for a zone: of suppliers of one zone, it holds for all activities or for none."""
    if which == EVERYTHING:
        yield "_together", _by_values(names, who)
    elif zone_only:
        yield "_together", _by_values(names, both(who, ONE_ZONE, nested(which)))
        yield "", {"filter": but_not(who, ONE_ZONE), "aggs": {"of": _suppliers_by(names, which)}}
    else:
        yield "", {"filter": who, "aggs": {"of": _suppliers_by(names, which)}}


def _by_values(names: Sequence[str], who: Clause) -> Aggregation:
    """Suppliers by the values of all their activities."""
    return {"filter": who, "aggs": {name: {"terms": {"field": TOGETHER[name], "size": MAX_VALUES}} for name in names}}


def _suppliers_by(names: Sequence[str], clause: Clause) -> Aggregation:
    """Suppliers, each once, by the values of those of their activities that meet the clause."""
    suppliers: Aggregation = {"suppliers": {"reverse_nested": {}}}
    values = {name: {"terms": {"field": FIELDS[name], "size": MAX_VALUES}, "aggs": suppliers} for name in names}
    return {"nested": {"path": "activities"}, "aggs": {"meeting": {"filter": clause, "aggs": values}}}
