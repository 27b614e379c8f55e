"""Clauses of Elasticsearch's query language: terms, ranges, words, and the filters on suppliers."""

from collections.abc import Iterable, Sequence
from typing import Any

from discovery.engine.port import Box, Filters, Point, SearchRequest, TextQuery, Word
from discovery.model.attributes import FIELDS

Clause = dict[str, Any]

EVERYTHING: Clause = {"match_all": {}}
"""The only clause that `both` leaves out, and `either` answers with."""

NOTHING: Clause = {"match_none": {}}

EDGE_KM = 0.00005
"""Added to every radius: Lucene rounds a point to about a centimetre, and the boundary is included
(so is a radius of zero, which Elasticsearch refuses).
"""


def term(field: str, value: str | int | bool) -> Clause:
    return {"term": {field: value}}


def terms(field: str, values: Iterable[str]) -> Clause:
    """Any of the values; sorted, so that a set makes the same body every time."""
    return {"terms": {field: sorted(values)}}


def exists(field: str) -> Clause:
    return {"exists": {"field": field}}


def prefix(field: str, value: str) -> Clause:
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
    return (
        choices[0]
        if len(choices) == 1
        else {"bool": {"should": choices, "minimum_should_match": 1}}
    )


def but_not(clause: Clause, excluded: Clause) -> Clause:
    """The clause, without what the other one meets."""
    if NOTHING in (clause, excluded):
        return clause
    return {"bool": {"filter": [clause], "must_not": [excluded]}}


def text(query: TextQuery, *, required: int | None = None) -> Clause:
    """Scores as the port says, BM25 being the field's own similarity. Nothing is analysed by the
    engine. `required`: in place of the query's own.
    """
    return {
        "bool": {
            "should": [_word(word, query) for word in query.words],
            "minimum_should_match": query.required if required is None else required,
        }
    }


def _word(word: Word, query: TextQuery) -> Clause:
    return {
        "dis_max": {
            "tie_breaker": query.tie_breaker,
            "queries": [
                {"term": {field: {"value": alternative.token, "boost": boost * alternative.weight}}}
                for alternative in word.alternatives
                for field, boost in query.fields
            ],
        }
    }


EDGE_DEGREES = 1e-7
"""Added around a box, about a centimetre: Lucene rounds points and edges, and edges are included.
"""


def chosen(filters: Filters) -> dict[str, Clause]:
    """A clause for each parameter that filters, by its name."""
    values = {parameter: getattr(filters, parameter) for parameter in FIELDS}
    return {
        parameter: terms(FIELDS[parameter], asked) for parameter, asked in values.items() if asked
    }


def always(request: SearchRequest) -> Clause:
    """What no facet ever replaces: live, box, SIRET, whether trades are known."""
    box = EVERYTHING if request.box is None else in_box(request.box)
    found = both(term("live", True), box, of_siret(request.filters))
    known = either([exists("evidence_sectors"), nested(exists("activities.sector"))])
    return but_not(found, known) if request.unknown_trades else found


def of_siret(filters: Filters) -> Clause:
    return prefix("siret", filters.siret) if filters.siret else EVERYTHING


def in_box(box: Box) -> Clause:
    """Edges included; `west > east` crosses the antimeridian, in Elasticsearch too."""
    corners = {
        "top": min(90.0, box.north + EDGE_DEGREES),
        "left": max(-180.0, box.west - EDGE_DEGREES),
        "bottom": max(-90.0, box.south - EDGE_DEGREES),
        "right": min(180.0, box.east + EDGE_DEGREES),
    }
    return {"geo_bounding_box": {"location": corners}}
