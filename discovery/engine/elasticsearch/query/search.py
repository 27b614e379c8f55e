"""A search request as bodies of Elasticsearch's `_search`: its page, its facets, its total; its
score, tiers and signals added up (see `port.Signals`), each a clause of its own, then the
supplier's factors.

A clause that must add nothing where a field is missing asks for the field: a function without a
value gives 1.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import orjson

from discovery.engine.elasticsearch.query.activities import (
    activities,
    doing,
    excluded,
    located,
    mentioned,
    named,
    needed,
    of_sectors,
    scope,
    serving,
    with_evidence,
)
from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    NOTHING,
    Clause,
    always,
    both,
    but_not,
    chosen,
    either,
    exists,
    in_box,
    nested,
    terms,
    text,
)
from discovery.engine.elasticsearch.query.facets import ACTIVITIES, facets
from discovery.engine.elasticsearch.query.order import search_after, sort
from discovery.engine.port import (
    MAPPED,
    Box,
    Cluster,
    Clusters,
    Coverage,
    DistanceSignal,
    FreshnessSignal,
    Grid,
    National,
    Need,
    Order,
    Point,
    SearchRequest,
    ServesBy,
    TextQuery,
    TextSignal,
)
from discovery.mappings.profiles import Promise
from discovery.model.attributes import FIELDS
from discovery.model.signals import SHARES

Function = dict[str, Any]


def ranked(request: SearchRequest, filters: Clause) -> Clause:
    """The query: what is needed or the words, scored when the order asks for it, and the filters."""
    if request.order is not Order.RELEVANCE:
        return {
            "bool": {
                "filter": [clause for clause in (needed(request), filters) if clause != EVERYTHING]
            }
        }
    words = (
        []
        if request.text is None
        else [_text(request.text, request.signals.text, needed=bool(request.needs))]
    )
    adding = [clause for clause in _adding(request) if clause != NOTHING]
    bears = named(request)
    if request.needs or bears != NOTHING:
        signal = request.signals.text
        words = [_first(*words, _worth(bears, signal.weight))] if words and signal else words
        asked = {"filter": [needed(request), filters], "should": [*words, *adding]}
    else:
        asked = {"must": words, "filter": [filters], "should": adding}
    query: Clause = {"bool": asked | {"minimum_should_match": 0}}
    factors = [*_factors(request)]
    if not factors:
        return query
    scored = {
        "query": query,
        "functions": factors,
        "score_mode": "multiply",
        "boost_mode": "multiply",
    }
    return {"function_score": scored}


def _factors(request: SearchRequest) -> Iterator[Function]:
    for id_, factor in request.signals.factors().items():
        yield {"filter": {"term": {"id": id_}}, "weight": factor}
    sea = request.signals.sea
    if sea is not None:
        there = terms("department", sea.departments)
        yield {
            "filter": there if sea.among else {"bool": {"must_not": [there]}},
            "weight": sea.factor,
        }


def _adding(request: SearchRequest) -> Iterator[Clause]:
    signals = request.signals
    yield _worth(EVERYTHING, signals.base)
    yield from (_trade(request, need) for need in request.needs)
    if signals.distance is not None:
        yield _distance(request, signals.distance)
    for name, weight in signals.weights().items():
        share = SHARES[name]
        yield (
            _factor(share.field, weight / share.full)
            if share.full
            else _worth(exists(share.field), weight)
        )
    if signals.freshness is not None:
        yield _freshness(signals.freshness)


def _worth(clause: Clause, score: float) -> Clause:
    """That score for whoever meets the clause."""
    if not score or clause == NOTHING:
        return NOTHING
    return {"constant_score": {"filter": clause, "boost": score}}


def _first(*ways: Clause) -> Clause:
    """The highest of what several clauses add."""
    found = [way for way in ways if way != NOTHING]
    if not found:
        return NOTHING
    return found[0] if len(found) == 1 else {"dis_max": {"tie_breaker": 0.0, "queries": found}}


def _trade(request: SearchRequest, need: Need) -> Clause:
    tiers = request.signals.trade
    return _first(
        _worth(either([of_sectors(need.sectors, nested=True), named(request)]), tiers.declared),
        _worth(with_evidence(need.sectors), tiers.evidence),
        _worth(mentioned(request, need), tiers.mention),
    )


def _promises(request: SearchRequest) -> Iterator[Function]:
    """How a supplier serves the where, the best first: by its seat, by its activities that do what
    is needed, and only where it declares none, by any.
    """
    promise = request.signals.promise
    if not request.targets or promise == Promise():
        return
    if request.coverage.by_seat:
        yield {"filter": located(request.targets), "weight": promise.seat}
    if request.coverage.by_zone:
        trade = doing(request)
        for ways, worth in (
            ((ServesBy.NEAR, ServesBy.NATIONAL), promise.zone),
            ((ServesBy.PRESUMED,), promise.presumed),
        ):
            by_trade = either([serving(request, way, trade) for way in ways])
            others = but_not(
                either([serving(request, way, EVERYTHING) for way in ways]), nested(trade)
            )
            yield {"filter": either([by_trade, others]), "weight": worth}
    yield {"filter": EVERYTHING, "weight": promise.outside}


def _text(query: TextQuery, signal: TextSignal | None, *, needed: bool) -> Clause:
    """The words; whichever of them match, where needs decide who does."""
    words = text(query, required=1 if needed else None)
    if signal is None:
        return words
    scaled = {"bool": {"must": [words], "boost": signal.weight / (signal.full * len(query.words))}}
    return {
        "function_score": {
            "query": scaled,
            "functions": [{"weight": signal.weight}],
            "boost_mode": "min",
        }
    }


def _distance(request: SearchRequest, signal: DistanceSignal) -> Clause:
    """What kilometres leave of the weight, by how likely somebody comes. Both halves fall with
    distance, so that the highest of several centres is the nearest's.
    """
    inside = _worth(located(signal.inside) if signal.centres else EVERYTHING, signal.weight)
    worth = _first(inside, *(_from(centre, signal) for centre in signal.centres))
    promises = [one for one in _promises(request) if one["filter"] != NOTHING]
    if not promises or worth == NOTHING:
        return worth
    scored = {
        "query": worth,
        "functions": promises,
        "score_mode": "first",
        "boost_mode": "multiply",
    }
    return {"function_score": scored}


def _from(centre: Point, signal: DistanceSignal) -> Clause:
    halves = ((signal.near_km, 1 - signal.far_share), (signal.far_km, signal.far_share))
    start = {
        "origin": {"lat": centre.lat, "lon": centre.lon},
        "offset": f"{signal.offset_km:.6f}km",
    }
    functions = [
        {
            "exp": {"location": {**start, "scale": f"{km:.6f}km", "decay": 0.5}},
            "weight": signal.weight * share,
        }
        for km, share in halves
        if share
    ]
    return _sum(exists("location"), functions)


def _freshness(signal: FreshnessSignal) -> Clause:
    decay = {
        "origin": signal.as_of.isoformat(),
        "offset": f"{signal.offset_days}d",
        "scale": f"{signal.scale_days}d",
        "decay": signal.decay,
    }
    return _sum(exists("updated_at"), [{"gauss": {"updated_at": decay}, "weight": signal.weight}])


def _factor(field: str, factor: float) -> Clause:
    return _sum(exists(field), [{"field_value_factor": {"field": field, "factor": factor}}])


def _sum(who: Clause, functions: Sequence[Function]) -> Clause:
    """What the functions add up to, for whoever meets a clause."""
    query = {"constant_score": {"filter": who}}
    return {
        "function_score": {
            "query": query,
            "functions": functions,
            "score_mode": "sum",
            "boost_mode": "replace",
        }
    }


Body = dict[str, Any]


def body(request: SearchRequest) -> Body:
    """A page of what matches, in order, and how much there is."""
    part = {"from": request.offset, "size": request.size, "track_total_hits": True}
    after = search_after(request)
    found = {"query": ranked(request, _passing(request)), "sort": sort(request), **part}
    return found | ({"search_after": after} if after else {})


def counts(request: SearchRequest) -> Body:
    """The facets, asked apart: nothing is scored, and Elasticsearch keeps the answer for the next
    page or person.
    """
    hard, soft = _split(request)
    return {
        "query": _matching(request, hard),
        "aggs": facets(request, soft),
        "size": 0,
        "track_total_hits": False,
    }


def total(request: SearchRequest) -> Body:
    """The body that counts what `body` would match."""
    return {"query": _matching(request, _passing(request)), "size": 0, "track_total_hits": True}


def preference(body: Body) -> str:
    """Which replicas to ask: the same for all pages of a search, so that replicas, whose scores may
    differ a little, don't shuffle them.
    """
    kept = {
        name: part for name, part in body.items() if name not in ("from", "size", "search_after")
    }
    try:
        written = orjson.dumps(kept)
    except TypeError:  # half a character, which orjson refuses
        written = json.dumps(kept).encode()
    return blake2b(written, digest_size=8).hexdigest()


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
    """Whether no value of a facet on activities, coverage or national finds a supplier that the
    request does not: the where then narrows the query, and is asked once rather than by each
    aggregation.
    """
    free = not request.filters.on_activity and request.national is National.INCLUDE
    return free and request.coverage is Coverage.ANY


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
    """Aggregations within aggregations: located, of these the ones in the view, of these each
    cell's.
    """
    hits = {"size": grid.few, "sort": [{"id": "asc"}], "_source": list(SHOWN)}
    of_cell: Body = {
        "centre": {"geo_centroid": {"field": "location"}},
        "bounds": {"geo_bounds": {"field": "location", "wrap_longitude": False}},
    }
    if grid.few:  # no hits at all is a size that Elasticsearch refuses
        of_cell["suppliers"] = {"top_hits": hits}
    cells = {
        "geotile_grid": {"field": "location", "precision": grid.precision, "size": MAX_CELLS},
        "aggs": of_cell,
    }
    view = EVERYTHING if grid.view is None else in_box(grid.view)
    inside = {"filter": view, "aggs": {"cells": cells}}
    return total(request) | {
        "aggs": {"located": {"filter": exists("location"), "aggs": {"inside": inside}}}
    }


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
    for bucket in sorted(buckets, key=lambda one: [*map(int, one["key"].split("/"))]):
        count, centre, bounds = (
            bucket["doc_count"],
            bucket["centre"]["location"],
            bucket["bounds"]["bounds"],
        )
        north_west, south_east = bounds["top_left"], bounds["bottom_right"]
        hits = bucket["suppliers"]["hits"]["hits"] if count <= grid.few else ()
        yield Cluster(
            count=count,
            centre=Point(centre["lat"], centre["lon"]),
            bounds=Box(north_west["lon"], south_east["lat"], south_east["lon"], north_west["lat"]),
            suppliers=tuple(hit["_source"] for hit in hits),
        )
