"""Why a supplier has its score: the engine asked again for each part, and the signals by the port's
formulas.

Every number of the text comes from the engine itself: one word, one of its tokens and one field
make a request whose score is that clause's. So the parts hold for any engine, and their sum is
checked against the whole.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from discovery.engine import predicate
from discovery.engine.definition import NAMES
from discovery.engine.port import (
    EQUAL_DIGITS,
    DistanceSignal,
    Document,
    Filters,
    Hit,
    Need,
    Order,
    Searcher,
    SearchRequest,
    Signals,
    TextQuery,
    Word,
)
from discovery.model import dataclass, replace
from discovery.model.signals import SHARES


@dataclass(frozen=True, slots=True)
class SignalScore:
    """What a signal adds: `value` of at most `weight`."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class TierScore:
    """What a tier adds: `name` is `trade` (of a need, of these `sectors`), `way` the one of its
    steps that holds (`named`: by its name), empty when none does; `weight` the best step's. Or
    `place`: kilometres x promise.
    """

    name: str
    way: str
    value: float
    weight: float
    sectors: tuple[str, ...] = ()


def tiers_of(
    document: Document, request: SearchRequest, mentioned: Sequence[bool], *, named: bool
) -> Iterator[TierScore]:
    """The tiers that hold for one document. `mentioned`: by need, whether it holds enough of the
    words. `named`: whether its name is what was typed.
    """
    trade, distance = request.signals.trade, request.signals.distance
    for need, held in zip(request.needs, mentioned, strict=True):
        way = predicate.trade_of(document, need)
        if way is None:
            way = "mention" if held else ""
        value = trade.declared if named else getattr(trade, way) if way else 0.0
        yield TierScore(
            "trade",
            "named" if named and way != "declared" else way,
            value,
            trade.declared,
            need.sectors,
        )
    if distance is not None:
        by = predicate.promised_by(document, request)
        worth = getattr(request.signals.promise, by) * _near(document, distance)
        yield TierScore("place", by if request.targets else "anywhere", worth, distance.weight)


def signals_of(document: Document, request: SearchRequest) -> Iterator[SignalScore]:
    """What each signal adds to one document's score, by the formulas of `engine/request.py`."""
    signals = request.signals
    for name, weight in signals.weights().items():
        yield SignalScore(name, weight * SHARES[name].of(document), weight)
    if (freshness := signals.freshness) is not None:
        updated = document.get("updated_at")
        decayed = 0.0
        if updated:
            days = abs((freshness.as_of - date.fromisoformat(updated)).days)
            decayed = gaussian(days, freshness.offset_days, freshness.scale_days, freshness.decay)
        yield SignalScore("freshness", freshness.weight * decayed, freshness.weight)


def _near(document: Document, signal: DistanceSignal) -> float:
    if not signal.centres or any(
        predicate.located_in(document, target) for target in signal.inside
    ):
        return signal.weight
    far = [
        km
        for centre in signal.centres
        if (km := predicate.distance_km(document, centre)) is not None
    ]
    if not far:
        return 0.0
    beyond = max(0.0, min(far) - signal.offset_km)
    near: float = (1 - signal.far_share) * 0.5 ** (beyond / signal.near_km)
    wide: float = signal.far_share * 0.5 ** (beyond / signal.far_km)
    return signal.weight * (near + wide)


def factors_of(document: Document, request: SearchRequest) -> Iterator[tuple[str, float]]:
    """(name, factor) of what the score is multiplied by: `pinned` or `buried`, `sea`."""
    signals = request.signals
    factor = signals.factors().get(document["id"])
    if factor is not None:
        yield "pinned" if factor > 1 else "buried", factor
    if signals.sea is not None:
        there = not signals.sea.departments.isdisjoint(predicate.values(document, "department"))
        if there == signals.sea.among:
            yield "sea", signals.sea.factor


def gaussian(value: float, offset: float, scale: float, decay: float) -> float:
    """decay ^ ((max(0, value - offset) / scale)^2): a Gaussian that has fallen to `decay` at offset
    + scale.
    """
    fallen: float = decay ** (max(0.0, value - offset) ** 2 / scale**2)
    return fallen


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
class Explanation:
    """score = (base + tiers + text + signals) x factors. `rank` from 1, None beyond `DEEPEST`.

    `words`: what each word scores, of which `scale` times adds to the score. `text`: what all of
    them add, of at most `weight`; all of that where they are its name. `factors`: those that apply,
    by name: `pinned` or `buried` for these words, `sea`.
    """

    words: tuple[WordScore, ...]
    scale: float
    text: SignalScore
    tiers: tuple[TierScore, ...]
    signals: tuple[SignalScore, ...]
    base: float
    score: float
    tie_breaker: float
    rank: int | None
    factors: tuple[tuple[str, float], ...] = ()
    named: bool = False
    """Whether the words are its name."""
    equals: int = 0
    """How many others have this very score and take turns with it from day to day; 0 where none do.
    """

    @property
    def factor(self) -> float:
        return math.prod(factor for _, factor in self.factors)


def explain(index: Searcher, request: SearchRequest, document: Document) -> Explanation | None:
    """The parts of one supplier's score; None when the request does not find it.

    Asked for another order, the request is scored as relevance would.
    """
    request = replace(request, order=Order.RELEVANCE, facets=(), size=PAGE)
    alone = singled_out(request, document)
    hit = _hit(index, alone, document)
    if hit is None:
        return None
    words = (
        tuple(_word(index, alone, document, word) for word in request.text.words)
        if request.text
        else ()
    )
    signal = request.signals.text  # and what a point of a word's score adds
    scale = (
        signal.weight / (signal.full * len(request.text.words)) if signal and request.text else 1.0
    )
    added = scale * sum(word.score for word in words)
    most = added if signal is None else signal.weight
    named = _named(index, alone, document)
    if named and signal is not None:
        added = most
    rank, equals = _rank_and_equals(index, request, document)
    mentioned = [_mentions(index, alone, document, need) for need in request.needs]
    return Explanation(
        words=words,
        scale=scale,
        text=SignalScore("text", min(added, most), most),
        tiers=tuple(tiers_of(document, request, mentioned, named=named)),
        signals=tuple(signals_of(document, request)),
        base=request.signals.base,
        score=hit.score or 0.0,
        tie_breaker=request.text.tie_breaker if request.text else 0.0,
        rank=rank,
        factors=tuple(factors_of(document, request)),
        named=named,
        equals=equals if request.signals.rotation else 0,
    )


def hit_of(index: Searcher, request: SearchRequest, document: Document) -> Hit | None:
    """The supplier as the request finds it; None when it does not."""
    return _hit(
        index, singled_out(replace(request, facets=(), size=PAGE, after=None), document), document
    )


def obstacles(index: Searcher, request: SearchRequest, document: Document) -> list[str]:
    """Names of the parts of the request that keep the supplier out, each tried alone."""
    tried: dict[str, SearchRequest] = {}
    for name in Filters.__dataclass_fields__:
        if value := getattr(request.filters, name):
            tried[name] = SearchRequest(filters=replace(Filters(), **{name: value}))
    if request.targets:
        tried["where"] = SearchRequest(
            targets=request.targets, coverage=request.coverage, national=request.national
        )
        tried["where"] = replace(tried["where"], presumed=request.presumed)
    if request.box:
        tried["bbox"] = SearchRequest(box=request.box)
    if request.text or request.needs:
        tried["words"] = SearchRequest(text=request.text, needs=request.needs)
    for name in Filters.__dataclass_fields__:
        if value := getattr(request.exclude, name):
            tried[f"not_{name}"] = SearchRequest(
                exclude=replace(Filters(), **{name: value}), needs=request.needs
            )
    if request.exclude_targets:
        tried["not_place"] = SearchRequest(exclude_targets=request.exclude_targets)
    return [name for name, one in tried.items() if hit_of(index, one, document) is None]


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


def _word(index: Searcher, alone: SearchRequest, document: Document, word: Word) -> WordScore:
    assert alone.text is not None
    clauses = []
    for alternative in word.alternatives:
        for field in alone.text.fields:
            text = TextQuery(
                (Word(word.text, (alternative,)),), 1, (field,), alone.text.tie_breaker
            )
            hit = _hit(index, replace(alone, text=text, needs=(), signals=Signals()), document)
            if hit is not None and hit.score:
                clauses.append(Clause(field[0], alternative.token, hit.score))
    clauses.sort(key=lambda clause: -clause.score)
    scores = [clause.score for clause in clauses]
    return WordScore(
        word.text,
        tuple(clauses),
        scores[0] + alone.text.tie_breaker * sum(scores[1:]) if scores else 0.0,
    )


def _mentions(index: Searcher, alone: SearchRequest, document: Document, need: Need) -> bool:
    """Whether the supplier holds enough of a need's words."""
    if alone.text is None or not need.words:
        return False
    return (
        _hit(
            index, replace(alone, text=need.said(alone.text), needs=(), signals=Signals()), document
        )
        is not None
    )


def _named(index: Searcher, alone: SearchRequest, document: Document) -> bool:
    """Whether the supplier's name, or brand, holds all words of what may be a name."""
    words = alone.signals.named
    if alone.text is None or not words:
        return False
    texts = (
        replace(alone.text, words=words, required=len(words), fields=((field, 1.0),))
        for field in NAMES
    )
    asked = replace(alone, needs=(), signals=Signals())
    return any(_hit(index, replace(asked, text=text), document) is not None for text in texts)


def _hit(index: Searcher, request: SearchRequest, document: Document) -> Hit | None:
    """The supplier's hit, looked for page by page."""
    return next((hit for _, hit in _hits(index, request) if hit.id == document["id"]), None)


def _rank_and_equals(
    index: Searcher, request: SearchRequest, document: Document
) -> tuple[int | None, int]:
    """The supplier's rank, and how many others have its score; (None, 0) beyond `DEEPEST`."""
    for _, equals in groupby(
        _hits(index, request), key=lambda ranked: round(ranked[1].score or 0.0, EQUAL_DIGITS)
    ):
        ids = {hit.id: rank for rank, hit in equals}
        if document["id"] in ids:
            return ids[document["id"]], len(ids) - 1
    return None, 0


def _hits(index: Searcher, request: SearchRequest) -> Iterator[tuple[int, Hit]]:
    for offset in range(0, DEEPEST, PAGE):
        page = index.search(replace(request, offset=offset))
        yield from enumerate(page.hits, offset + 1)
        if offset + PAGE >= page.total:
            return
