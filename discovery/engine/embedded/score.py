"""A request's words and needs bound to a snapshot; scores of matches on one segment: the trade,
then signals.
"""

import math
from collections.abc import Iterator

import numpy as np

from discovery.engine.definition import NAMES
from discovery.engine.embedded.arrays import Bools, Floats, Ints
from discovery.engine.embedded.layout import ABSENT
from discovery.engine.embedded.match import Matches, distances, not_excluded, seated
from discovery.engine.embedded.segment import Segment, Zones
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.embedded.text import TextPlan
from discovery.engine.instants import EPOCH
from discovery.engine.port import (
    Coverage,
    DistanceSignal,
    National,
    SearchRequest,
    Signals,
    TextQuery,
)
from discovery.engine.predicate import without
from discovery.mappings.profiles import Promise, TradeTiers
from discovery.model import dataclass, replace
from discovery.model.signals import SHARES


@dataclass(frozen=True, slots=True)
class Sought:
    """A request's words bound to a snapshot: `mentions` holds a plan for each need, None where no
    words meet it.
    """

    request: SearchRequest
    text: TextPlan | None
    mentions: tuple[TextPlan | None, ...]
    named: tuple[TextPlan, ...] = ()
    """Of each field of names, all of the words that `Signals.named` asks for."""

    @classmethod
    def of(cls, snapshot: Snapshot, request: SearchRequest, *, ranked: bool = True) -> "Sought":
        """Bind a request's words to a snapshot. Not `ranked`: those alone that decide who matches."""
        text = request.text
        if text is None:
            return cls(request, None, (None,) * len(request.needs))
        plans = tuple(
            snapshot.text_plan(need.said(text)) if need.words else None for need in request.needs
        )
        if not ranked:
            return cls(request, None if plans else snapshot.text_plan(text), plans)
        named = request.signals.named
        names = tuple(
            snapshot.text_plan(TextQuery(named, len(named), ((field, 1.0),), 0.0))
            for field in (NAMES if named else ())
        )
        # Whoever holds any of the words scores, when these don't decide who matches.
        return cls(
            request,
            snapshot.text_plan(replace(text, required=1) if request.needs else text),
            plans,
            names,
        )

    def matches(self, number: int, segment: Segment) -> Bools | None:
        """By document of segment `number`, whether it meets a need, or without any the text; None
        when neither is asked. Not to be written to.
        """
        if not self.request.needs:
            return None if self.text is None else self.text.matches(number)
        out = np.zeros(segment.size, dtype=np.bool_)
        for met in self.met(number, segment):
            out |= met
        return out

    def met(self, number: int, segment: Segment) -> Iterator[Bools]:
        """For each need, by document whether it meets it, exclusions allowing."""
        exclude = self.request.exclude
        kept = not_excluded(segment, exclude) if exclude.on_activity else None
        for need, plan in zip(self.request.needs, self.mentions, strict=True):
            having = segment.activities.in_sectors(need.sectors)
            declared = segment.owners(having if kept is None else having[kept[having]])
            other = segment.columns["evidence_sectors"].having(without(need.sectors, exclude))
            if plan is not None:
                other = other | plan.matches(number)
            if kept is not None:
                other = other & ~segment.owners(having)
            yield declared | other


def relevance(matches: Matches, number: int, sought: Sought) -> Floats:
    """The score of each match; shape of `matches.found`. `number`: the segment's."""
    found, segment, request = matches.found, matches.view.segment, sought.request
    signals = request.signals
    # What documents bring themselves, whatever is asked, is kept: it changes once a day.
    constant = (signals.base, *signals.weights().items(), signals.freshness)
    score: Floats = segment.blends.get(constant, lambda: _of_documents(segment, signals))[found]
    if request.needs and signals.trade != TradeTiers():
        score += _trade(matches, number, sought)
    if sought.text is not None:
        text = sought.text.scores(number, found)
        if signals.text is not None and request.text is not None:
            text = text * (signals.text.weight / (signals.text.full * len(request.text.words)))
            np.minimum(text, signals.text.weight, out=text)
            for name in sought.named:
                text[name.matches(number)[found]] = signals.text.weight
        score += text
    if signals.distance is not None:
        score += _distance(segment, signals.distance, found) * _promise(matches, request)
    if signals.sea is not None:
        there = segment.columns["department"].having(signals.sea.departments)[found]
        score[there if signals.sea.among else ~there] *= signals.sea.factor
    for id_, factor in signals.factors().items():
        document = segment.find(id_)
        if document is not None:
            score[found == document] *= factor
    return score


def _of_documents(segment: Segment, signals: Signals) -> Floats:
    """The base, and what documents give themselves, of all documents."""
    score = np.full(segment.size, signals.base, dtype=np.float64)
    for name, weight in signals.weights().items():
        share = SHARES[name]
        if share.full:
            known = segment.numbers[share.field]
            score += np.where(known == ABSENT, 0.0, weight * known / share.full)
        else:
            score += np.where(segment.columns[share.field].filled, weight, 0.0)
    if signals.freshness is not None:
        fresh = signals.freshness
        updated = segment.updated.astype(np.float64)
        age = np.maximum(0.0, np.abs(fresh.as_of.toordinal() - EPOCH - updated) - fresh.offset_days)
        variance = -(fresh.scale_days**2) / (2 * math.log(fresh.decay))
        score += np.where(updated == ABSENT, 0.0, fresh.weight * np.exp(-(age**2) / (2 * variance)))
    return score


def _trade(matches: Matches, number: int, sought: Sought) -> Floats:
    """Of each match, the sum over the needs of the first way in which it meets each."""
    found, segment = matches.found, matches.view.segment
    tiers = sought.request.signals.trade
    total = np.zeros(len(found), dtype=np.float64)
    for need, plan in zip(sought.request.needs, sought.mentions, strict=True):
        score = np.zeros(segment.size, dtype=np.float64)
        if plan is not None:
            score[plan.matches(number)] = tiers.mention
        score[segment.columns["evidence_sectors"].having(need.sectors)] = tiers.evidence
        score[segment.activities.document[segment.activities.in_sectors(need.sectors)]] = (
            tiers.declared
        )
        for name in sought.named:
            score[name.matches(number)] = tiers.declared
        total += score[found]
    return total


def _promise(matches: Matches, request: SearchRequest) -> Floats:
    """Of each match, how it serves the where: by its seat, by its activities that do what is
    needed, else by any.
    """
    segment, place, promise = matches.view.segment, matches.place, request.signals.promise
    if place is None or promise == Promise():
        return np.ones(len(matches.found), dtype=np.float64)
    score = np.full(segment.size, promise.outside, dtype=np.float64)
    if request.coverage.by_zone:
        only, presumed = request.national is National.ONLY, request.coverage is Coverage.PRESUMED
        ways: list[tuple[float, Zones | None]] = []  # the best last; None = all of France
        if place.presumed is not None and not only:
            ways.append((promise.presumed, place.presumed))
        if not presumed and not only:
            ways.append((promise.zone, place.zones))
        if not presumed and request.national is not National.EXCLUDE:
            ways.append((promise.zone, None))
        for worth, zones in ways:
            score[segment.country if zones is None else zones.owners] = worth
        sectors = tuple({slug: None for need in request.needs for slug in need.sectors})
        having = segment.activities.in_sectors(sectors)
        score[segment.activities.document[having]] = promise.outside
        for worth, zones in ways if len(having) else ():
            among = segment.activities.country if zones is None else zones.among
            score[segment.activities.document[having[among[having]]]] = worth
    if request.coverage.by_seat:
        score[slice(None) if place.located is None else place.located] = promise.seat
    return score[matches.found]


def _distance(segment: Segment, signal: DistanceSignal, chosen: Ints) -> Floats:
    """What kilometres leave of the weight."""
    far = np.full(len(chosen), np.inf if signal.centres else 0.0, dtype=np.float64)
    for centre in signal.centres:
        np.minimum(far, distances(segment, centre, chosen), out=far)
    if signal.inside:
        far[seated(segment, signal.inside)[chosen]] = 0.0
    beyond = np.maximum(0.0, far - signal.offset_km)
    near = (signal.weight * (1 - signal.far_share)) * np.exp2(-beyond / signal.near_km)
    near += (signal.weight * signal.far_share) * np.exp2(-beyond / signal.far_km)
    return near
