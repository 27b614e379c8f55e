"""Facet counts: count(v) = the total of the same request with that one filter replaced by v.

Two aggregations, each filtered by all that its facets don't replace; what is costly is so asked
once:

- `placed`, past the activity filters and the where: the facets on suppliers' own fields;
- `free`, past all the others: the facets on activities, and the readings of coverage and national.

**Facets on activities** count suppliers with an activity that has the value and meets everything
else asked of one. Of a supplier that is seated in the where any such activity counts, of others
only one that serves it: an activity can't be asked about its supplier's seat, so these two are
counted apart, and the answer adds them. Finding the supplier of each activity is what costs most in
a search: where nothing is asked of one but its zone, suppliers whose activities all have the same
zone are counted by the values of all their activities together (`TOGETHER`).

**Readings** of `coverage` and `national` follow from five bits of a supplier: its seat lies in the
where; an activity that meets the filters exists; one is offered over all of France; one serves the
where by another zone, declared; or by a presumed one. The suppliers of each combination are counted
in a tree of filters that asks each bit once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discovery.engine.elasticsearch.query.activities import (
    COUNTRY,
    by_zone,
    doing,
    located,
    meets,
    serves,
    spoken,
)
from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    NOTHING,
    Clause,
    both,
    but_not,
    nested,
    term,
)
from discovery.engine.port import Coverage, Filters, National, SearchRequest, ServesBy
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
        placed = {name: _beside(name, chosen, [name]) for name in on_suppliers if name in chosen}
        if alike := [
            name for name in on_suppliers if name not in chosen
        ]:  # those have one filter in common
            placed["alike"] = _beside("", chosen, alike)
        found["placed"] = _filtered(soft.get(ACTIVITIES, EVERYTHING), placed)
    others = activity_aggregations(request) | reading_aggregations(request)
    if others:
        found["free"] = _filtered(both(*chosen.values()), others)
    return found


def counts(request: SearchRequest, found: Mapping[str, Any]) -> dict[str, Counts]:
    """Counts above zero by value, of the facets asked for, in their order, from the answer's
    aggregations.
    """
    free, placed = found.get("free", {}), found.get("placed", {})
    apart = activity_counts(request, free) | reading_counts(request, free)
    counted: dict[str, Counts] = {}
    for name in request.facets:
        values = apart.get(name, {})
        if name in FIELDS:
            buckets = placed.get(name, placed.get("alike"))[name]["buckets"]
            values = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        counted[name] = {value: number for value, number in values.items() if number}
    return counted


def _beside(own: str, chosen: Mapping[str, Clause], names: Sequence[str]) -> Aggregation:
    others = both(*(clause for name, clause in chosen.items() if name != own))
    return _filtered(
        others, {name: {"terms": {"field": FIELDS[name], "size": MAX_VALUES}} for name in names}
    )


def _filtered(clause: Clause, inner: dict[str, Aggregation]) -> Aggregation:
    return {"filter": clause, "aggs": inner}


ON_ACTIVITIES: Mapping[str, str] = {
    "sector": "activities.sector",
    "sector_group": "activities.sector_group",
    "service_type": "activities.service_types",
}
TOGETHER: Mapping[str, str] = {name: f"all_{name}s" for name in ON_ACTIVITIES}
"""Facet → the supplier's field with the values of all its activities."""
ONE_ZONE = term("one_zone", True)


def activity_aggregations(request: SearchRequest) -> dict[str, Aggregation]:
    """The aggregations that count facets of activities. `sectors` counts sectors and groups, whose
    filter is the same parameter; `services` the service types; `both` all three, where neither
    parameter filters.
    """
    found = {}
    for key, names, others in _groups(request.filters):
        asked = [name for name in names if name in request.facets]
        zone_only = meets(others, National.INCLUDE, request) == EVERYTHING
        if asked:
            for part, who, which in _parts(request, others):
                alike = zone_only and not part.endswith("_doing")
                for way, one in _of_part(asked, who, which, zone_only=alike):
                    found[f"{key}_{part}{way}"] = one
    return found


def activity_counts(request: SearchRequest, free: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Facet → value → count, from the answer to `activity_aggregations`."""
    found: dict[str, dict[str, int]] = {
        name: {} for name in ON_ACTIVITIES if name in request.facets
    }
    for key, part in free.items():
        if not key.startswith(("sectors_", "services_", "both_")):
            continue
        together = part.get("of", {}).get("meeting")
        for name, mine in found.items():
            for bucket in (part if together is None else together).get(name, {}).get("buckets", ()):
                number = (
                    bucket["doc_count"] if together is None else bucket["suppliers"]["doc_count"]
                )
                mine[bucket["key"]] = mine.get(bucket["key"], 0) + number
    return found


def _groups(filters: Filters) -> list[tuple[str, tuple[str, ...], Filters]]:
    """Facets that are counted beside the same filters on activities, which are the third."""
    if not filters.on_activity:
        return [("both", tuple(ON_ACTIVITIES), Filters())]
    return [
        ("sectors", ("sector", "sector_group"), Filters(service_type=filters.service_type)),
        ("services", ("service_type",), Filters(sector=filters.sector)),
    ]


def _parts(request: SearchRequest, others: Filters) -> Iterator[tuple[str, Clause, Clause]]:
    """Suppliers, no one in two parts, and what their activities must meet. `others`: the filters
    not replaced.
    """
    meeting = meets(others, request.national, request)
    only = request.national is National.ONLY
    if not request.targets:
        yield from (
            _spoken(request, "all", EVERYTHING, meeting) if only else [("all", EVERYTHING, meeting)]
        )
        return
    seat = located(request.targets)
    if request.coverage.by_seat:
        yield from (
            _spoken(request, "seated", seat, meeting) if only else [("seated", seat, meeting)]
        )
    if request.coverage.by_zone:
        elsewhere = but_not(EVERYTHING, seat) if request.coverage.by_seat else EVERYTHING
        yield from _spoken(request, "serving", elsewhere, both(meeting, serves(request)))


def _spoken(
    request: SearchRequest, part: str, who: Clause, which: Clause
) -> Iterator[tuple[str, Clause, Clause]]:
    """Who declares what is needed counts by those activities, the others by any (see
    `activities.spoken`).
    """
    trade = doing(request)
    if trade == NOTHING:
        yield part, who, which
        return
    yield f"{part}_doing", both(who, nested(trade)), both(which, trade)
    yield f"{part}_others", but_not(who, nested(trade)), which


def _of_part(
    names: Sequence[str], who: Clause, which: Clause, *, zone_only: bool
) -> Iterator[tuple[str, Aggregation]]:
    """`zone_only`: `which` asks but for a zone: of suppliers of one zone, it holds for all
    activities or for none.
    """
    if which == EVERYTHING:
        yield "_together", _by_values(names, who)
    elif zone_only:
        yield "_together", _by_values(names, both(who, ONE_ZONE, nested(which)))
        yield "", {"filter": but_not(who, ONE_ZONE), "aggs": {"of": _suppliers_by(names, which)}}
    else:
        yield "", {"filter": who, "aggs": {"of": _suppliers_by(names, which)}}


def _by_values(names: Sequence[str], who: Clause) -> Aggregation:
    """Suppliers by the values of all their activities."""
    return {
        "filter": who,
        "aggs": {name: {"terms": {"field": TOGETHER[name], "size": MAX_VALUES}} for name in names},
    }


def _suppliers_by(names: Sequence[str], clause: Clause) -> Aggregation:
    """Suppliers, each once, by the values of those of their activities that meet the clause."""
    suppliers: Aggregation = {"suppliers": {"reverse_nested": {}}}
    values = {
        name: {"terms": {"field": ON_ACTIVITIES[name], "size": MAX_VALUES}, "aggs": suppliers}
        for name in names
    }
    return {
        "nested": {"path": "activities"},
        "aggs": {"meeting": {"filter": clause, "aggs": values}},
    }


Bits = Mapping[str, bool]


def reading_aggregations(request: SearchRequest) -> dict[str, Aggregation]:
    """One, `able`, when one of the two facets is asked for."""
    if "coverage" not in request.facets and "national" not in request.facets:
        return {}
    return {"able": _tree([clause for _, clause in _open(_bits(request))])}


def reading_counts(request: SearchRequest, free: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Facet → value → count, from the answer to `aggregations`."""
    if "able" not in free:
        return {}
    bits = _bits(request)
    known = {name: clause == EVERYTHING for name, clause in bits.items()}
    combinations = list(_combinations(free["able"], [name for name, _ in _open(bits)], known))

    def total(coverage: Coverage, national: National) -> int:
        return sum(
            number
            for able, number in combinations
            if _passes(able, bool(request.targets), coverage, national)
        )

    return {
        "coverage": {value.value: total(value, request.national) for value in Coverage},
        "national": {value.value: total(request.coverage, value) for value in National},
    }


def _bits(request: SearchRequest) -> dict[str, Clause]:
    meeting = meets(request.filters, National.INCLUDE, request)
    zone = presumed = NOTHING
    if any(not target.everywhere for target in request.targets):
        zone = spoken(request, both(meeting, by_zone(request.targets, ServesBy.NEAR)))
        if request.presumed:
            presumed = spoken(request, both(meeting, by_zone(request.targets, ServesBy.PRESUMED)))
    needed = any(one.on_activity for one in (request.filters, *request.scope))
    return {
        "seat": located(request.targets) if request.targets else NOTHING,
        "exists": nested(meeting) if needed else EVERYTHING,
        "country": spoken(request, both(meeting, COUNTRY)),
        "zone": zone,
        "presumed": presumed,
    }


def _open(bits: Mapping[str, Clause]) -> list[tuple[str, Clause]]:
    """The bits that are not known beforehand. `country` always is among them."""
    return [(name, clause) for name, clause in bits.items() if clause not in (EVERYTHING, NOTHING)]


def _tree(clauses: Sequence[Clause]) -> Aggregation:
    level: Aggregation = {"filters": {"filters": {"yes": clauses[0]}, "other_bucket_key": "no"}}
    return level | ({"aggs": {"next": _tree(clauses[1:])}} if clauses[1:] else {})


def _combinations(
    level: Mapping[str, Any], names: Sequence[str], known: Mapping[str, bool]
) -> Iterator[tuple[Bits, int]]:
    """Every combination of bits with the number of suppliers that have it."""
    for answer, bucket in level["buckets"].items():
        able = {**known, names[0]: answer == "yes"}
        if names[1:]:
            yield from _combinations(bucket["next"], names[1:], able)
        else:
            yield able, bucket["doc_count"]


def _passes(able: Bits, somewhere: bool, coverage: Coverage, national: National) -> bool:
    """Whether a supplier passes the activity filters and the where under a reading."""
    having = able["country"] if national is National.ONLY else able["exists"]
    if not somewhere:
        return having
    if coverage is Coverage.LOCATED:
        return able["seat"] and having
    presumed = able["presumed"] and national is not National.ONLY
    if coverage is Coverage.PRESUMED:
        return presumed
    near = able["zone"] and national is not National.ONLY
    serving = presumed or near or (able["country"] and national is not National.EXCLUDE)
    return serving or (coverage is Coverage.ANY and able["seat"] and having)
