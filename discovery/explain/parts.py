"""What each tier, signal and factor gives one supplier: the port's formulas on one document. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from discovery.engine import predicate, trades
from discovery.engine.port import DistanceSignal, Document, SearchRequest
from discovery.schema.signals import SHARES


@dataclass(frozen=True, slots=True)
class SignalScore:
    """What a signal adds: `value` of at most `weight`."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class TierScore:
    """What a tier adds: `name` is `trade` (of a need, of these `sectors`) or `place`, `way` the one of its steps that
    holds (`named`: by its name), empty when none does; `weight` the best step's."""

    name: str
    way: str
    value: float
    weight: float
    sectors: tuple[str, ...] = ()


def tiers_of(
    document: Document, request: SearchRequest, mentioned: Sequence[bool], *, named: bool = False
) -> Iterator[TierScore]:
    """The tiers that hold for one document. `mentioned`: by need, whether it holds enough of the words. `named`:
    whether its name is what was typed."""
    trade, place = request.signals.trade, request.signals.place
    for need, held in zip(request.needs, mentioned, strict=True):
        way = trades.trade_of(document, need, request)
        if way is None:
            way = "mention" if held else ""
        value = trade.here if named else getattr(trade, way) if way else 0.0
        yield TierScore("trade", "named" if named and way != "here" else way, value, trade.here, need.sectors)
    if request.targets:
        by = trades.ranked_by(document, request)
        most = max(place.seat, place.near)
        yield TierScore("place", by.value if by else "", getattr(place, by.value) if by else 0.0, most)


def signals_of(document: Document, request: SearchRequest) -> Iterator[SignalScore]:
    """What each signal adds to one document's score, by the formulas of `engine/request.py`."""
    signals = request.signals
    if (distance := signals.distance) is not None:
        yield SignalScore("distance", _near(document, distance), distance.weight)
    for name, weight in signals.weights().items():
        yield SignalScore(name, weight * SHARES[name].of(document), weight)
    if (freshness := signals.freshness) is not None:
        updated = document.get("updated_at")
        decayed = 0.0
        if updated:
            days = abs((freshness.as_of - date.fromisoformat(updated)).days)
            decayed = gaussian(days, freshness.offset_days, freshness.scale_days, freshness.decay)
        yield SignalScore("freshness", freshness.weight * decayed, freshness.weight)
    if (answers := signals.responsiveness) is not None:
        yield SignalScore("responsiveness", answers.weight * (document["id"] not in answers.silent), answers.weight)


def _near(document: Document, signal: DistanceSignal) -> float:
    if any(predicate.located_in(document, target) for target in signal.inside):
        return signal.weight
    far = [km for centre in signal.centres if (km := predicate.distance_km(document, centre)) is not None]
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
    """decay ^ ((max(0, value - offset) / scale)^2): a Gaussian that has fallen to `decay` at offset + scale."""
    fallen: float = decay ** (max(0.0, value - offset) ** 2 / scale**2)
    return fallen
