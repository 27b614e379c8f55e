"""The few clauses that queries are put together from. Each returns a fresh JSON object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from discovery.engine.port import Point

Clause = dict[str, Any]

EVERYTHING: Clause = {"match_all": {}}
"""The only clause that `both` leaves out, and `either` answers with."""

NOTHING: Clause = {"match_none": {}}

EDGE_KM = 0.00005
"""Added to every radius: Lucene rounds a point to about a centimetre, and the boundary is included (so is a radius of
zero, which Elasticsearch refuses)."""


def term(field: str, value: str | int | bool) -> Clause:
    """A document has this very value in the field."""
    return {"term": {field: value}}


def terms(field: str, values: Iterable[str]) -> Clause:
    """Any of the values; sorted, so that a set makes the same body every time."""
    return {"terms": {field: sorted(values)}}


def exists(field: str) -> Clause:
    """A document has any value in the field."""
    return {"exists": {"field": field}}


def prefix(field: str, value: str) -> Clause:
    """A document has a value that starts so in the field."""
    return {"prefix": {field: value}}


def within(field: str, point: Point, km: float) -> Clause:
    """At most `km` from the point by great circle, edge included."""
    return {
        "geo_distance": {
            "distance": f"{km + EDGE_KM:.6f}km",
            "distance_type": "arc",
            field: {"lat": point.lat, "lon": point.lon},
        }
    }


def nested(clause: Clause) -> Clause:
    """Suppliers one of whose activities meets the clause."""
    if clause == NOTHING:
        return NOTHING
    return {"nested": {"path": "activities", "query": clause, "score_mode": "none"}}


def both(*clauses: Clause) -> Clause:
    """AND, in filter context. Nothing to meet is everything."""
    asked = [clause for clause in clauses if clause != EVERYTHING]
    if NOTHING in asked:
        return NOTHING
    if not asked:
        return EVERYTHING
    return asked[0] if len(asked) == 1 else {"bool": {"filter": asked}}


def either(clauses: Sequence[Clause]) -> Clause:
    """OR. No choice is nothing; everything among the choices is everything."""
    if EVERYTHING in clauses:
        return EVERYTHING
    choices = [clause for clause in clauses if clause != NOTHING]
    if not choices:
        return NOTHING
    return choices[0] if len(choices) == 1 else {"bool": {"should": choices, "minimum_should_match": 1}}


def but_not(clause: Clause, excluded: Clause) -> Clause:
    """The clause, without what the other one meets."""
    if NOTHING in (clause, excluded):
        return clause
    return {"bool": {"filter": [clause], "must_not": [excluded]}}
