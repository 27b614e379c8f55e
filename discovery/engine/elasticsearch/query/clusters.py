"""Matches by cell of a map, as a body of `_search` and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discovery.engine.elasticsearch.query import search
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, exists, in_box
from discovery.engine.port import MAPPED, Box, Cluster, Clusters, Grid, Point, SearchRequest

Body = dict[str, Any]

MAX_CELLS = 65_535
"""Elasticsearch refuses answers of more buckets (`search.max_buckets`)."""
SHOWN = ("id", "kind", *(f"public.{field}" for field in MAPPED))
"""Fields of the suppliers that stand alone."""


def body(request: SearchRequest, grid: Grid) -> Body:
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
    return search.total(request) | {"aggs": {"located": {"filter": exists("location"), "aggs": {"inside": inside}}}}


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
