"""Interpretation + where + words + profile → the engine's request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from discovery.config.profiles import MAX_PINNED, Named, Profile
from discovery.engine.port import (
    FACETS,
    Coverage,
    DistanceSignal,
    Filters,
    FreshnessSignal,
    Need,
    Order,
    ResponsivenessSignal,
    SearchRequest,
    SeaSignal,
    Signals,
    TextQuery,
    TextSignal,
    Word,
)
from discovery.engine.rotation import drawn
from discovery.gazetteer import Gazetteer, normalise
from discovery.search.interpretation import Interpretation
from discovery.search.parameters import Query
from discovery.search.where import MAINLAND, GeoFilter, Measured, measured, overseas

BASE = 1.0
"""What every match scores at least, so that the factors of pins and of the sea tell."""

_EXPLICIT = {
    "distance": Order.DISTANCE,
    "name": Order.NAME,
    "updated": Order.UPDATED,
    "listed": Order.LISTED,
    "id": Order.ID,
}


def request(
    query: Query,
    reading: Interpretation,
    where: GeoFilter,
    text: TextQuery | None,
    profile: Profile,
    today: date,
    scope: tuple[Filters, ...] = (),
    needs: tuple[Need, ...] = (),
    gazetteer: Gazetteer | None = None,
    silent: frozenset[str] = frozenset(),
) -> SearchRequest:
    """Make the engine's request. Filters have no part in its signals: they never change a score.

    `scope`: filters of the whole service, beside the query's own. `needs`: who meets one of them matches, and `text`
    only ranks. `today`: what freshness is measured from, unless the query says. `silent`: ids of suppliers known not
    to answer.
    """
    by = order(query.sort, text is not None or bool(needs), where)
    ranking = Signals()
    if by is Order.RELEVANCE:
        known = gazetteer or Gazetteer.load()
        far = measured(reading.asked, where, known)
        around = bool(far.centres) and (not where.targets or where.coverage is Coverage.LOCATED)
        ranking = signals(
            profile, far, query.as_of or today, needed=bool(needs), around=around, overseas=overseas(known)
        )
        ranking = replace(ranking, named=_name(text, needs))
        if silent:
            ranking = replace(ranking, responsiveness=ResponsivenessSignal(profile.responsiveness.weight, silent))
        if profile.rotation:
            ranking = replace(ranking, rotation=drawn(f"{query.as_of or today} {normalise(reading.text)}"))
        if profile.pins or profile.buries:
            pinned = _named(profile.pins, reading.text)[:MAX_PINNED]
            buried = tuple(one for one in _named(profile.buries, reading.text) if one not in pinned)
            ranking = replace(ranking, pinned=pinned, buried=buried)
    return SearchRequest(
        text=text,
        filters=reading.filters,
        targets=where.targets,
        coverage=where.coverage,
        national=where.national,
        box=where.box,
        centre=where.centre,
        signals=ranking,
        order=by,
        offset=(query.page - 1) * query.per_page,
        size=query.per_page,
        facets=FACETS if query.facets is None else query.facets,
        scope=(*scope, *query.scope),
        needs=needs,
        exclude=reading.exclusions.filters,
        exclude_targets=where.excluded,
        presumed=reading.presumed,
    )


def order(sort: str, has_words: bool, where: GeoFilter) -> Order:
    """The order of hits: as asked; by default relevance where there are words or needs, else nearest first where
    there is a centre, else the fullest profiles."""
    if sort in _EXPLICIT:
        return _EXPLICIT[sort]
    if has_words:
        return Order.RELEVANCE
    return Order.DISTANCE if where.centre else Order.COMPLETENESS


def signals(
    profile: Profile,
    measured: Measured,
    as_of: date,
    *,
    needed: bool,
    overseas: frozenset[str],
    around: bool = False,
) -> Signals:
    """A profile's numbers as the engine takes them, for these centres and this day.

    `needed`: whether a trade is recognised. `overseas`: codes of departments across the sea. `around`: whether all
    are found around the centres alike, by their seat or anywhere, so that kilometres tell them apart.
    """
    text, distance, freshness = profile.text, profile.distance, profile.freshness
    by_km = needed and around and profile.circle.kilometres > 0
    worth = distance.weight if needed else distance.alone
    if by_km:
        worth = profile.circle.kilometres
    own: dict[str, Any] = {**profile.weights()}
    return Signals(
        base=BASE,
        trade=profile.trade,
        place=profile.circle.place if by_km else profile.place,
        text=TextSignal(text.weight if needed else text.alone, text.full),
        distance=DistanceSignal(
            worth,
            measured.centres,
            distance.offset_km,
            distance.near_km,
            distance.far_km,
            distance.far_share,
            measured.inside,
        )
        if worth and measured.centres
        else None,
        **own,
        freshness=FreshnessSignal(freshness.weight, as_of, freshness.offset_days, freshness.scale_days, freshness.decay)
        if freshness.weight
        else None,
        sea=_sea(profile.sea, measured.side, overseas),
    )


def _sea(factor: float, side: str | None, overseas: frozenset[str]) -> SeaSignal | None:
    if side is None or factor == 1:
        return None
    return SeaSignal(factor, overseas) if side == MAINLAND else SeaSignal(factor, frozenset({side}), among=False)


def _name(text: TextQuery | None, needs: tuple[Need, ...]) -> tuple[Word, ...]:
    """The words, when they may be a company's name: several, of which some tell no trade."""
    if text is None or len(text.words) < 2:
        return ()
    told = {word.text for need in needs for word in need.words}
    return text.words if any(word.text not in told for word in text.words) else ()


def _named(rules: Iterable[Named], text: str) -> tuple[str, ...]:
    """The suppliers named for these words, in the order of the rules."""
    words = normalise(text)
    ids = [one for rule in rules for query in rule.queries if normalise(query) == words for one in rule.ids]
    return tuple(dict.fromkeys(ids))
