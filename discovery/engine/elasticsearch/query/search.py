"""A search request as bodies of Elasticsearch's `_search`: its page, its facets, its total."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import orjson

from discovery.engine.elasticsearch.query.activities import activities, excluded, needed, scope
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, always, both, but_not, chosen
from discovery.engine.elasticsearch.query.facets import ACTIVITIES, facets
from discovery.engine.elasticsearch.query.order import search_after, sort
from discovery.engine.elasticsearch.query.ranking import ranked
from discovery.engine.port import Coverage, National, SearchRequest
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
