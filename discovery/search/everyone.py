"""All that a search finds, page after page: for exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from discovery.engine.port import WALKABLE, Hit, SearchEngine, SearchRequest
from discovery.search.parameters import MAX_DEPTH

PAGE = 500


def everyone(engine: SearchEngine, request: SearchRequest, most: int = MAX_DEPTH) -> tuple[int, Iterator[Hit]]:
    """(the total, the hits in their order up to `most`). EngineUnavailable at once, rather than halfway, if away.

    Orders that can be walked are; the others are paged, and a supplier that changes meanwhile may move another one
    across the edge of a page.
    """
    request = replace(request, facets=(), offset=0, size=min(PAGE, most), after=None)
    first = engine.search(request)

    def hits() -> Iterator[Hit]:
        page, given = first, 0
        while page.hits:
            yield from page.hits[: most - given]
            given += len(page.hits)
            if given >= most or len(page.hits) < request.size:
                return
            walked = request.order in WALKABLE
            behind: dict[str, Any] = {"after": page.hits[-1].position} if walked else {"offset": given}
            page = engine.search(replace(request, size=min(PAGE, most - given), **behind))

    return first.total, hits()
