"""Totals under every reading of `coverage` and of `national`.

What a supplier can do is summed up in five bits, from which every reading follows: its seat lies in the where; an
activity that meets the filters exists; one is offered over all of France; one serves the where by another zone, that is
declared; or by one that is presumed.
The engine counts the suppliers of each combination, in a tree of filters that asks each bit once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from discovery.engine.elasticsearch.query.activities import meets, spoken
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, NOTHING, Clause, both, nested
from discovery.engine.elasticsearch.query.where import COUNTRY, by_zone, located
from discovery.engine.port import Coverage, National, SearchRequest, ServesBy

Aggregation = dict[str, Any]
Bits = Mapping[str, bool]


def aggregations(request: SearchRequest) -> dict[str, Aggregation]:
    """One, `able`, when one of the two facets is asked for."""
    if "coverage" not in request.facets and "national" not in request.facets:
        return {}
    return {"able": _tree([clause for _, clause in _open(_bits(request))])}


def counts(request: SearchRequest, free: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Facet → value → count, from the answer to `aggregations`."""
    if "able" not in free:
        return {}
    bits = _bits(request)
    known = {name: clause == EVERYTHING for name, clause in bits.items()}
    combinations = list(_combinations(free["able"], [name for name, _ in _open(bits)], known))

    def total(coverage: Coverage, national: National) -> int:
        return sum(number for able, number in combinations if _passes(able, bool(request.targets), coverage, national))

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
