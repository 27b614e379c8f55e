"""Filters on the supplier itself."""

from __future__ import annotations

from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both, prefix, term, terms
from discovery.engine.port import Box, Filters, SearchRequest
from discovery.schema.attributes import FIELDS

"""Filter parameter → field of the supplier."""

EDGE_DEGREES = 1e-7
"""Added around a box, about a centimetre: Lucene rounds points and edges, and edges are included."""


def chosen(filters: Filters) -> dict[str, Clause]:
    """A clause for each parameter that filters, by its name."""
    values = {parameter: getattr(filters, parameter) for parameter in FIELDS}
    return {parameter: terms(FIELDS[parameter], asked) for parameter, asked in values.items() if asked}


def always(request: SearchRequest) -> Clause:
    """What no facet ever replaces: live, box, SIRET."""
    box = EVERYTHING if request.box is None else in_box(request.box)
    return both(term("live", True), box, of_siret(request.filters))


def of_siret(filters: Filters) -> Clause:
    """A supplier whose SIRET starts as the filter says; all without one."""
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
