"""Reading + where + words + profile → the engine's request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from discovery.config.profiles import MOST_PINNED, Named, Profile
from discovery.engine.port import (
    FACETS,
    DistanceSignal,
    Filters,
    FreshnessSignal,
    Need,
    Order,
    SameActivitySignal,
    SearchRequest,
    Signals,
    TextQuery,
)
from discovery.gazetteer import normalise
from discovery.search.parameters import Query
from discovery.search.reading import Reading
from discovery.search.where import Where

_EXPLICIT = {
    "distance": Order.DISTANCE,
    "name": Order.NAME,
    "updated": Order.UPDATED,
    "listed": Order.LISTED,
    "id": Order.ID,
}


def request(
    query: Query,
    reading: Reading,
    where: Where,
    text: TextQuery | None,
    profile: Profile,
    today: date,
    scope: tuple[Filters, ...] = (),
    needs: tuple[Need, ...] = (),
) -> SearchRequest:
    """One request, complete. Filters have no part in its signals: they never change a score. `scope`: those of the
    whole service, beside the query's own. `needs`: who meets one of them matches, and `text` only ranks."""
    by = order(query.sort, text is not None or bool(needs), where)
    ranking = Signals()
    if by is Order.RELEVANCE:
        ranking = signals(profile, where, reading.sectors, query.as_of or today)
        if profile.pins or profile.buries:
            pinned = _named(profile.pins, reading.text)[:MOST_PINNED]
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


def order(sort: str, has_words: bool, where: Where) -> Order:
    """Relevance needs words. Without: nearest first when there is a centre, else the fullest profiles."""
    if sort in _EXPLICIT:
        return _EXPLICIT[sort]
    if has_words:
        return Order.RELEVANCE
    return Order.DISTANCE if where.centre else Order.COMPLETENESS


def signals(profile: Profile, where: Where, sectors: tuple[str, ...], as_of: date) -> Signals:
    """The profile's numbers, applied to this centre, this day and the sectors that the phrase names."""
    distance, freshness = profile.distance, profile.freshness
    return Signals(
        distance=DistanceSignal(distance.weight, where.centre, distance.offset_km, distance.scale_km, distance.decay)
        if where.centre and distance.weight and where.origin in distance.origins
        else None,
        completeness=profile.completeness,
        certifications=profile.certifications,
        freshness=FreshnessSignal(freshness.weight, as_of, freshness.offset_days, freshness.scale_days, freshness.decay)
        if freshness.weight
        else None,
        same_activity=SameActivitySignal(profile.same_activity, sectors) if sectors and profile.same_activity else None,
    )


def _named(rules: Iterable[Named], text: str) -> tuple[str, ...]:
    """The suppliers named for these words, in the order of the rules."""
    words = normalise(text)
    ids = [one for rule in rules for query in rule.queries if normalise(query) == words for one in rule.ids]
    return tuple(dict.fromkeys(ids))
