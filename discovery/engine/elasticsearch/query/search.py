"""A search request as bodies of Elasticsearch's `_search`: its page, its facets, its total."""

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

import orjson

from discovery.engine.elasticsearch.query.activities import activities, excluded, needed, scope
from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    Clause,
    always,
    both,
    but_not,
    chosen,
    exists,
    in_box,
)
from discovery.engine.elasticsearch.query.facets import ACTIVITIES, facets
from discovery.engine.elasticsearch.query.order import search_after, sort
from discovery.engine.elasticsearch.query.ranking import ranked
from discovery.engine.port import MAPPED, Box, Cluster, Clusters, Coverage, Grid, National, Point, SearchRequest
from discovery.model.attributes import FIELDS

Body = dict[str, Any]


def body(request: SearchRequest) -> Body:
    """A page of what matches, in order, and how much there is."""
    return {"query": ranked(request, _passing(request)), "sort": sort(request), **_window(request)}


def counts(request: SearchRequest) -> Body:
    """The facets, asked apart: nothing is scored, and Elasticsearch keeps the answer for the next page or person."""
    hard, soft = _split(request)
    return {"query": _matching(request, hard), "aggs": facets(request, soft), "size": 0, "track_total_hits": False}


def total(request: SearchRequest) -> Body:
    """The body that counts what `body` would match."""
    return {"query": _matching(request, _passing(request)), "size": 0, "track_total_hits": True}


def preference(body: Body) -> str:
    """Which replicas to ask: the same for all pages of a search, so that replicas, whose scores may differ a little,
    don't shuffle them."""
    kept = {name: part for name, part in body.items() if name not in ("from", "size", "search_after")}
    try:
        written = orjson.dumps(kept)
    except TypeError:  # half a character, which orjson refuses
        written = json.dumps(kept).encode()
    return blake2b(written, digest_size=8).hexdigest()


def _window(request: SearchRequest) -> Body:
    after = search_after(request)
    part = {"from": request.offset, "size": request.size, "track_total_hits": True}
    return part | ({"search_after": after} if after else {})


def _matching(request: SearchRequest, filters: Clause) -> Clause:
    """What is needed or the words, and filters, unscored."""
    return {"bool": {"filter": [both(needed(request), filters)]}}


def _passing(request: SearchRequest) -> Clause:
    """All that is asked but words."""
    found = both(_never_replaced(request), *_replaceable(request).values())
    return found if request.unless is None else but_not(found, _passing(request.unless))


def _never_replaced(request: SearchRequest) -> Clause:
    return but_not(both(always(request), scope(request)), excluded(request))


def _replaceable(request: SearchRequest) -> dict[str, Clause]:
    """The clauses that facets replace, by parameter (`ACTIVITIES` for all on activities)."""
    clauses = chosen(request.filters)
    placed = activities(request)
    return clauses if placed == EVERYTHING else clauses | {ACTIVITIES: placed}


def _widest(request: SearchRequest) -> bool:
    """Whether no value of a facet on activities, coverage or national finds a supplier that the request does not: the
    where then narrows the query, and is asked once rather than by each aggregation."""
    filters = request.filters
    free = not filters.sector and not filters.service_type
    return free and request.coverage is Coverage.ANY and request.national is National.INCLUDE


def _split(request: SearchRequest) -> tuple[Clause, dict[str, Clause]]:
    """What no facet asked for replaces, and by parameter what one does."""
    clauses = _replaceable(request)
    replaced = {name if name in FIELDS else ACTIVITIES for name in request.facets}
    if _widest(request):
        replaced.discard(ACTIVITIES)
    soft = {name: clause for name, clause in clauses.items() if name in replaced}
    hard = [clause for name, clause in clauses.items() if name not in replaced]
    return both(_never_replaced(request), *hard), soft


MAX_CELLS = 65_535
"""Elasticsearch refuses answers of more buckets (`search.max_buckets`)."""
SHOWN = ("id", "kind", *(f"public.{field}" for field in MAPPED))
"""Fields of the suppliers that stand alone."""


def cells_body(request: SearchRequest, grid: Grid) -> Body:
    """Aggregations within aggregations: located, of these the ones in the view, of these each cell's."""
    hits = {"size": grid.few, "sort": [{"id": "asc"}], "_source": list(SHOWN)}
    of_cell: Body = {
        "centre": {"geo_centroid": {"field": "location"}},
        "bounds": {"geo_bounds": {"field": "location", "wrap_longitude": False}},
    }
    if grid.few:  # no hits at all is a size that Elasticsearch refuses
        of_cell["suppliers"] = {"top_hits": hits}
    cells = {"geotile_grid": {"field": "location", "precision": grid.precision, "size": MAX_CELLS}, "aggs": of_cell}
    view = EVERYTHING if grid.view is None else in_box(grid.view)
    inside = {"filter": view, "aggs": {"cells": cells}}
    return total(request) | {"aggs": {"located": {"filter": exists("location"), "aggs": {"inside": inside}}}}


def clusters(found: Mapping[str, Any], grid: Grid) -> Clusters:
    """The clusters of a grid, from Elasticsearch's answer to `body`."""
    total = int(found["hits"]["total"]["value"])
    located = found["aggregations"]["located"]
    inside = located["inside"]
    return Clusters(
        total=total,
        clusters=tuple(_clusters(inside["cells"]["buckets"], grid)),
        outside=located["doc_count"] - inside["doc_count"],
        unlocated=total - located["doc_count"],
    )


def _clusters(buckets: list[Mapping[str, Any]], grid: Grid) -> Iterator[Cluster]:
    for bucket in sorted(buckets, key=lambda one: _column_and_row(one["key"])):
        count, centre, bounds = bucket["doc_count"], bucket["centre"]["location"], bucket["bounds"]["bounds"]
        north_west, south_east = bounds["top_left"], bounds["bottom_right"]
        hits = bucket["suppliers"]["hits"]["hits"] if count <= grid.few else ()
        yield Cluster(
            count=count,
            centre=Point(centre["lat"], centre["lon"]),
            bounds=Box(north_west["lon"], south_east["lat"], south_east["lon"], north_west["lat"]),
            suppliers=tuple(hit["_source"] for hit in hits),
        )


def _column_and_row(key: str) -> tuple[int, int]:
    """Of "zoom/x/y"."""
    _, column, row = key.split("/")
    return int(column), int(row)
