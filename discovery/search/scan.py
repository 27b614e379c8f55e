"""All that a search finds: for exports and sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from discovery.engine.port import Hit, Position, Searcher, SearchRequest
from discovery.search.parameters import MAX_DEPTH, Query
from discovery.search.service import SearchService

EVERYBODY = 50_000_000
"""More than there will ever be."""


def scan_everybody(index: Searcher, service: SearchService) -> Iterator[Hit]:
    """Every supplier that the launch scope opens, by id. Raises EngineUnavailable."""
    return scan_hits(index, service.request(Query(sort="id", facets=())), EVERYBODY)[1]


def scan_hits(
    index: Searcher, request: SearchRequest, most: int = MAX_DEPTH, after: Position | None = None
) -> tuple[int, Iterator[Hit]]:
    """(the total, the hits in order, `most` at most), read page by page from one state of the index. `after`: go on
    behind this position, in orders that can be walked. Raises EngineUnavailable."""
    return index.walk(replace(request, facets=(), offset=0, size=most, after=after))
