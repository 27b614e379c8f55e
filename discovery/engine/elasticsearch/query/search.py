"""A search request, and one for its total only, as bodies of Elasticsearch's `_search`."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from discovery.engine.elasticsearch.query.activities import activities, scope
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, both
from discovery.engine.elasticsearch.query.facets import ACTIVITIES, facets
from discovery.engine.elasticsearch.query.filters import FIELDS, always, chosen
from discovery.engine.elasticsearch.query.order import search_after, sort
from discovery.engine.elasticsearch.query.ranking import ranked
from discovery.engine.elasticsearch.query.text import text
from discovery.engine.port import SearchRequest

Body = dict[str, Any]


def body(request: SearchRequest) -> Body:
    """The whole search.

    Filters that a facet replaces stand in the post filter, which aggregations don't see; the others in the query.
    """
    hard, soft = _split(request)
    after = search_after(request)
    return {
        "query": ranked(request, hard),
        **({"post_filter": both(*soft.values())} if soft else {}),
        "aggs": facets(request, soft),
        "sort": sort(request),
        **({"search_after": after} if after else {}),
        "from": request.offset,
        "size": request.size,
        "track_total_hits": True,
    }


def total(request: SearchRequest) -> Body:
    """The same matches, only counted."""
    words = EVERYTHING if request.text is None else text(request.text)
    matching = both(words, always(request), scope(request), *chosen(request.filters).values(), activities(request))
    return {"query": {"bool": {"filter": [matching]}}, "size": 0, "track_total_hits": True}


def preference(body: Body) -> str:
    """The same for all pages of a search, so that replicas, whose scores may differ a little, don't shuffle them."""
    kept = {name: part for name, part in body.items() if name not in ("from", "size", "search_after")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def _split(request: SearchRequest) -> tuple[Clause, dict[str, Clause]]:
    """The clauses of the query, and those of the post filter by parameter (`ACTIVITIES` for all on activities)."""
    clauses = chosen(request.filters)
    placed = activities(request)
    if placed != EVERYTHING:
        clauses[ACTIVITIES] = placed
    replaced = {name if name in FIELDS else ACTIVITIES for name in request.facets}
    soft = {name: clause for name, clause in clauses.items() if name in replaced}
    hard = [clause for name, clause in clauses.items() if name not in replaced]
    return both(always(request), scope(request), *hard), soft
