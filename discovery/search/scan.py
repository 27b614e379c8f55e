"""All that a search finds: for exports and sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from discovery.engine.port import Hit, Position, Searcher, SearchRequest
from discovery.search.parameters import MAX_DEPTH, Query
from discovery.search.service import SearchService

AT_ONCE = 10_000
"""Suppliers whose keys are held together, however many there are."""


def scan_everybody(index: Searcher, service: SearchService) -> Iterator[Hit]:
    """Every supplier that the launch scope opens, by id; of one state where `index` keeps to one. Raises
    EngineUnavailable when it is read."""
    request = service.request(Query(sort="id", facets=()))
    last: Position | None = None
    while True:
        began = last
        for hit in scan_hits(index, request, AT_ONCE, began)[1]:
            last = hit.position
            yield hit
        if last == began:
            return


def scan_hits(
    index: Searcher, request: SearchRequest, most: int = MAX_DEPTH, after: Position | None = None
) -> tuple[int, Iterator[Hit]]:
    """(the total, the hits in order, `most` at most), read page by page from one state of the index. `after`: go on
    behind this position, in orders that can be walked. Raises EngineUnavailable."""
    return index.walk(replace(request, facets=(), offset=0, size=most, after=after))
