"""Scores: text × (1 + the sum of the signals) × the supplier's factor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from discovery.engine.elasticsearch.query.activities import activities
from discovery.engine.elasticsearch.query.clauses import EVERYTHING, Clause, exists
from discovery.engine.elasticsearch.query.text import text
from discovery.engine.port import (
    DistanceSignal,
    Filters,
    FreshnessSignal,
    National,
    Order,
    SameActivitySignal,
    SearchRequest,
)

Function = dict[str, Any]


def ranked(request: SearchRequest, filters: Clause) -> Clause:
    """The query: its words, scored when the order asks for it, and the filters."""
    words = EVERYTHING if request.text is None else text(request.text)
    if request.order is not Order.RELEVANCE:
        return {"bool": {"filter": [filters] if words == EVERYTHING else [words, filters]}}
    matching = {"bool": {"must": [words], "filter": [filters]}}
    functions = list(_functions(request))
    scored = _multiplied(matching, [{"weight": 1.0}, *functions]) if functions else matching
    factors = [{"filter": {"term": {"id": id_}}, "weight": factor} for id_, factor in request.signals.factors().items()]
    return _multiplied(scored, factors) if factors else scored


def _multiplied(query: Clause, functions: list[Function]) -> Clause:
    """The query's score times the sum of the functions that apply; times 1 where none does."""
    return {"function_score": {"query": query, "functions": functions, "score_mode": "sum", "boost_mode": "multiply"}}


def _functions(request: SearchRequest) -> Iterator[Function]:
    signals = request.signals
    if signals.distance is not None:
        yield _distance(signals.distance)
    if signals.completeness:
        yield _factor("completeness", signals.completeness / 100)
    if signals.certifications:
        yield _factor("certification_level", signals.certifications / 3)
    if signals.freshness is not None:
        yield _freshness(signals.freshness)
    if signals.same_activity is not None:
        yield _same_activity(request, signals.same_activity)


def _distance(signal: DistanceSignal) -> Function:
    decay = {
        "origin": {"lat": signal.centre.lat, "lon": signal.centre.lon},
        "offset": f"{signal.offset_km:.6f}km",
        "scale": f"{signal.scale_km:.6f}km",
        "decay": signal.decay,
    }
    # A decay function gives 1 where the field is missing; the port says 0: hence the filter.
    return {"filter": exists("location"), "gauss": {"location": decay}, "weight": signal.weight}


def _freshness(signal: FreshnessSignal) -> Function:
    decay = {
        "origin": signal.as_of.isoformat(),
        "offset": f"{signal.offset_days}d",
        "scale": f"{signal.scale_days}d",
        "decay": signal.decay,
    }
    return {"filter": exists("updated_at"), "gauss": {"updated_at": decay}, "weight": signal.weight}


def _factor(field: str, factor: float) -> Function:
    return {"field_value_factor": {"field": field, "factor": factor, "missing": 0}}


def _same_activity(request: SearchRequest, signal: SameActivitySignal) -> Function:
    """The request's where with the signal's sectors for only filter; without a where the sector suffices."""
    named = replace(request, filters=Filters(sector=signal.sectors), scope=())
    if not request.targets:
        named = replace(named, national=National.INCLUDE)
    return {"filter": activities(named), "weight": signal.weight}
