"""One supplier within a search: whether it is found, and why, however far down the list it stands."""

from __future__ import annotations

from dataclasses import replace

from discovery.engine.port import Order, Signals
from discovery.search.answer import Answer
from discovery.search.query import Query
from discovery.search.service import SearchService


def matched(service: SearchService, query: Query, id_: str) -> Answer | None:
    """The answer to a search with this supplier as its only hit; None where the search does not find it. Raises
    InvalidQuery, EngineUnavailable."""
    first = replace(query, page=1, per_page=1, sort="relevance", facets=(), cursor=None)
    answer = service.search(first, proposing=False)
    request = replace(answer.plan.request, signals=Signals(base=1.0, pinned=(id_,)), order=Order.RELEVANCE, after=None)
    page = service.index.search(request)
    found = bool(page.hits) and page.hits[0].id == id_
    return replace(answer, page=page, nearby=None) if found else None
