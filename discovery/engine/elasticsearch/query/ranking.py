"""Scores: tiers and signals added up (see `port.Signals`), each a clause of its own; then the supplier's factors.

A clause that must add nothing where a field is missing asks for the field: a function without a value gives 1.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from discovery.engine.elasticsearch.query.activities import (
    located,
    mentioned,
    named,
    needed,
    of_sectors,
    serving,
    with_evidence,
)
from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    NOTHING,
    Clause,
    but_not,
    either,
    exists,
    nested,
    terms,
    text,
)
from discovery.engine.port import (
    DistanceSignal,
    FreshnessSignal,
    Need,
    Order,
    Point,
    SearchRequest,
    ServesBy,
    TextQuery,
    TextSignal,
)
from discovery.mappings.profiles import Promise
from discovery.model.signals import SHARES

Function = dict[str, Any]


def ranked(request: SearchRequest, filters: Clause) -> Clause:
    """The query: what is needed or the words, scored when the order asks for it, and the filters."""
    if request.order is not Order.RELEVANCE:
        return {"bool": {"filter": [clause for clause in (needed(request), filters) if clause != EVERYTHING]}}
    words = [] if request.text is None else [_text(request.text, request.signals.text, needed=bool(request.needs))]
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
    scored = {"query": query, "functions": factors, "score_mode": "multiply", "boost_mode": "multiply"}
    return {"function_score": scored}


def _factors(request: SearchRequest) -> Iterator[Function]:
    for id_, factor in request.signals.factors().items():
        yield {"filter": {"term": {"id": id_}}, "weight": factor}
    sea = request.signals.sea
    if sea is not None:
        there = terms("department", sea.departments)
        yield {"filter": there if sea.among else {"bool": {"must_not": [there]}}, "weight": sea.factor}


def _adding(request: SearchRequest) -> Iterator[Clause]:
    signals = request.signals
    yield _worth(EVERYTHING, signals.base)
    yield from (_trade(request, need) for need in request.needs)
    if signals.distance is not None:
        yield _distance(request, signals.distance)
    for name, weight in signals.weights().items():
        share = SHARES[name]
        yield _factor(share.field, weight / share.full) if share.full else _worth(exists(share.field), weight)
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
    """How a supplier serves the where, the best first: by its seat, by its activities that do what is needed, and only
    where it declares none, by any."""
    promise = request.signals.promise
    if not request.targets or promise == Promise():
        return
    if request.coverage.by_seat:
        yield {"filter": located(request.targets), "weight": promise.seat}
    if request.coverage.by_zone:
        trade = of_sectors({slug for need in request.needs for slug in need.sectors})
        for ways, worth in (
            ((ServesBy.NEAR, ServesBy.NATIONAL), promise.zone),
            ((ServesBy.PRESUMED,), promise.presumed),
        ):
            doing = either([serving(request, way, trade) for way in ways])
            others = but_not(either([serving(request, way, EVERYTHING) for way in ways]), nested(trade))
            yield {"filter": either([doing, others]), "weight": worth}
    yield {"filter": EVERYTHING, "weight": promise.outside}


def _text(query: TextQuery, signal: TextSignal | None, *, needed: bool) -> Clause:
    """The words; whichever of them match, where needs decide who does."""
    words = text(query, required=1 if needed else None)
    if signal is None:
        return words
    scaled = {"bool": {"must": [words], "boost": signal.weight / (signal.full * len(query.words))}}
    return {"function_score": {"query": scaled, "functions": [{"weight": signal.weight}], "boost_mode": "min"}}


def _distance(request: SearchRequest, signal: DistanceSignal) -> Clause:
    """What kilometres leave of the weight, by how likely somebody comes. Both halves fall with distance, so that the
    highest of several centres is the nearest's."""
    inside = _worth(located(signal.inside) if signal.centres else EVERYTHING, signal.weight)
    worth = _first(inside, *(_from(centre, signal) for centre in signal.centres))
    promises = [one for one in _promises(request) if one["filter"] != NOTHING]
    if not promises or worth == NOTHING:
        return worth
    scored = {"query": worth, "functions": promises, "score_mode": "first", "boost_mode": "multiply"}
    return {"function_score": scored}


def _from(centre: Point, signal: DistanceSignal) -> Clause:
    halves = ((signal.near_km, 1 - signal.far_share), (signal.far_km, signal.far_share))
    functions = [
        {"exp": {"location": _decay(centre, signal, km)}, "weight": signal.weight * share}
        for km, share in halves
        if share
    ]
    return _sum(exists("location"), functions)


def _decay(centre: Point, signal: DistanceSignal, half_km: float) -> dict[str, Any]:
    return {
        "origin": {"lat": centre.lat, "lon": centre.lon},
        "offset": f"{signal.offset_km:.6f}km",
        "scale": f"{half_km:.6f}km",
        "decay": 0.5,
    }


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
    return {"function_score": {"query": query, "functions": functions, "score_mode": "sum", "boost_mode": "replace"}}
