"""All that a search finds, page after page: for exports and sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from discovery.engine.port import WALKABLE, Hit, Position, Searcher, SearchRequest
from discovery.search.parameters import MAX_DEPTH

PAGE = 250
"""Hits asked for at once."""
TURN = 25
"""Hits given in one turn, with what is made of them meanwhile: some milliseconds."""


def everyone(
    index: Searcher, request: SearchRequest, most: int = MAX_DEPTH, after: Position | None = None
) -> tuple[int, Iterator[Hit]]:
    """(the total, the hits in their order up to `most`). EngineUnavailable at once, rather than halfway, if away.

    Orders that can be walked are, from behind `after`; the others are paged. What is made of the hits while they are
    asked for is made by turns: between two of them, whoever waits for an answer goes first.
    """
    request = replace(request, facets=(), offset=0, size=min(PAGE, most), after=after)
    with index.turn():
        first = index.search(request)

    def hits() -> Iterator[Hit]:
        page, given = first, 0
        while page.hits:
            for start in range(0, min(len(page.hits), most - given), TURN):
                with index.turn():
                    yield from page.hits[start : min(start + TURN, most - given)]
            given += len(page.hits)
            if given >= most or len(page.hits) < request.size:
                return
            walked = request.order in WALKABLE
            behind: dict[str, Any] = {"after": page.hits[-1].position} if walked else {"offset": given}
            with index.turn():
                page = index.search(replace(request, size=min(PAGE, most - given), **behind))

    return first.total, hits()
