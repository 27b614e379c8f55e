"""Why a supplier has its score: the engine asked again for each part, and the signals by the port's formulas.

Every number of the text comes from the engine itself: one word, one of its tokens and one field make a request
whose score is that clause's. So the parts hold for any engine, and their sum is checked against the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from discovery.engine import predicate
from discovery.engine.port import (
    Coverage,
    Document,
    Filters,
    Hit,
    Order,
    SearchEngine,
    SearchRequest,
    Signals,
    TextQuery,
    Word,
)

PAGE = 100
DEEPEST = 10_000
"""Hits looked through for a supplier that no SIRET singles out."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One word met in one field by one token; `score` = boost x weight x BM25."""

    field: str
    token: str
    score: float


@dataclass(frozen=True, slots=True)
class WordScore:
    """dis_max over the clauses: the best, plus `tie_breaker` times the others."""

    text: str
    clauses: tuple[Clause, ...]
    score: float


@dataclass(frozen=True, slots=True)
class SignalScore:
    """A share added to 1: `value` of at most `weight`."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """score = text x (1 + the sum of the signals) x factor. `rank` from 1, None beyond `DEEPEST`.

    `factor` is 1 but for suppliers that the profile pins or buries for these words.
    """

    words: tuple[WordScore, ...]
    signals: tuple[SignalScore, ...]
    score: float
    tie_breaker: float
    rank: int | None
    factor: float = 1.0

    @property
    def text(self) -> float:
        return sum(word.score for word in self.words) if self.words else 1.0

    @property
    def added_up(self) -> float:
        """The parts put together; equals `score` but for rounding."""
        return self.text * (1 + sum(signal.value for signal in self.signals)) * self.factor


def explain(engine: SearchEngine, request: SearchRequest, document: Document) -> Explanation | None:
    """The parts of one supplier's score; None when the request does not find it.

    Asked for another order, the request is scored as relevance would.
    """
    request = replace(request, order=Order.RELEVANCE, facets=(), offset=0, size=PAGE)
    alone = singled_out(request, document)
    hit = _hit(engine, alone, document)
    if hit is None:
        return None
    words = tuple(_word(engine, alone, document, word) for word in request.text.words) if request.text else ()
    signals = tuple(signals_of(document, request))
    tie_breaker = request.text.tie_breaker if request.text else 0.0
    factor = request.signals.factors().get(document["id"], 1.0)
    return Explanation(words, signals, hit.score or 0.0, tie_breaker, _rank(engine, request, document), factor)


def hit_of(engine: SearchEngine, request: SearchRequest, document: Document) -> Hit | None:
    """The supplier as the request finds it; None when it does not."""
    return _hit(engine, singled_out(replace(request, facets=(), offset=0, size=PAGE, after=None), document), document)


def obstacles(engine: SearchEngine, request: SearchRequest, document: Document) -> list[str]:
    """Names of the parts of the request that keep the supplier out, each tried alone."""
    tried: dict[str, SearchRequest] = {}
    for name in Filters.__dataclass_fields__:
        if value := getattr(request.filters, name):
            tried[name] = SearchRequest(filters=replace(Filters(), **{name: value}))
    if request.targets:
        tried["where"] = SearchRequest(targets=request.targets, coverage=request.coverage, national=request.national)
    if request.box:
        tried["bbox"] = SearchRequest(box=request.box)
    if request.text:
        tried["words"] = SearchRequest(text=request.text)
    return [
        name
        for name, one in tried.items()
        if _hit(engine, singled_out(replace(one, facets=(), size=PAGE), document), document) is None
    ]


def singled_out(request: SearchRequest, document: Document) -> SearchRequest:
    """The request narrowed to few suppliers beside this one: filters never change a score."""
    filters = request.filters
    siret = document.get("siret", "")
    if siret.startswith(filters.siret):
        filters = replace(filters, siret=siret)
    if not filters.kind:
        filters = replace(filters, kind=(document["kind"],))
    if not filters.department and document.get("department"):
        filters = replace(filters, department=(document["department"],))
    return replace(request, filters=filters)


def signals_of(document: Document, request: SearchRequest) -> Iterator[SignalScore]:
    """The port's formulas, on one document."""
    signals = request.signals
    if (distance := signals.distance) is not None:
        km = predicate.distance_km(document, distance.centre)
        decayed = 0.0 if km is None else gaussian(km, distance.offset_km, distance.scale_km, distance.decay)
        yield SignalScore("distance", distance.weight * decayed, distance.weight)
    if signals.completeness:
        share = document.get("completeness", 0) / 100
        yield SignalScore("completeness", signals.completeness * share, signals.completeness)
    if signals.certifications:
        share = document.get("certification_level", 0) / 3
        yield SignalScore("certifications", signals.certifications * share, signals.certifications)
    if (freshness := signals.freshness) is not None:
        updated = document.get("updated_at")
        decayed = 0.0
        if updated:
            days = abs((freshness.as_of - date.fromisoformat(updated)).days)
            decayed = gaussian(days, freshness.offset_days, freshness.scale_days, freshness.decay)
        yield SignalScore("freshness", freshness.weight * decayed, freshness.weight)
    if (same := signals.same_activity) is not None:
        met = same_activity(document, request, same.sectors)
        yield SignalScore("same_activity", same.weight if met else 0.0, same.weight)


def same_activity(document: Document, request: SearchRequest, sectors: tuple[str, ...]) -> bool:
    """Whether one activity has one of the sectors and meets the where."""
    for one in predicate.activities(document):
        if not {one.get("sector"), one.get("sector_group")} & set(sectors):
            continue
        if not request.targets or predicate.seated(document, request):
            return True
        if request.coverage is not Coverage.LOCATED and predicate.serves(one, request):
            return True
    return False


def gaussian(value: float, offset: float, scale: float, decay: float) -> float:
    """exp(-max(0, value - offset)^2 / (2 sigma^2)), sigma^2 = -scale^2 / (2 ln decay)."""
    return math.exp(max(0.0, value - offset) ** 2 * math.log(decay) / scale**2)


def _word(engine: SearchEngine, alone: SearchRequest, document: Document, word: Word) -> WordScore:
    assert alone.text is not None
    clauses = []
    for alternative in word.alternatives:
        for field in alone.text.fields:
            text = TextQuery((Word(word.text, (alternative,)),), 1, (field,), alone.text.tie_breaker)
            hit = _hit(engine, replace(alone, text=text, signals=Signals()), document)
            if hit is not None and hit.score:
                clauses.append(Clause(field[0], alternative.token, hit.score))
    clauses.sort(key=lambda clause: -clause.score)
    scores = [clause.score for clause in clauses]
    return WordScore(word.text, tuple(clauses), scores[0] + alone.text.tie_breaker * sum(scores[1:]) if scores else 0.0)


def _hit(engine: SearchEngine, request: SearchRequest, document: Document) -> Hit | None:
    """The supplier's hit, looked for page by page."""
    return next((hit for _, hit in _hits(engine, request) if hit.id == document["id"]), None)


def _rank(engine: SearchEngine, request: SearchRequest, document: Document) -> int | None:
    return next((rank for rank, hit in _hits(engine, request) if hit.id == document["id"]), None)


def _hits(engine: SearchEngine, request: SearchRequest) -> Iterator[tuple[int, Hit]]:
    for offset in range(0, DEEPEST, PAGE):
        page = engine.search(replace(request, offset=offset))
        yield from enumerate(page.hits, offset + 1)
        if offset + PAGE >= page.total:
            return
