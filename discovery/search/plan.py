"""Reading + where + words + profile → the engine's request."""

from __future__ import annotations

from datetime import date

from discovery.config.profiles import Profile
from discovery.engine.port import (
    FACETS,
    DistanceSignal,
    FreshnessSignal,
    Order,
    SameActivitySignal,
    SearchRequest,
    Signals,
    TextQuery,
)
from discovery.search.parameters import Query
from discovery.search.reading import Reading
from discovery.search.where import Where

_EXPLICIT = {"distance": Order.DISTANCE, "name": Order.NAME, "updated": Order.UPDATED}


def request(
    query: Query, reading: Reading, where: Where, text: TextQuery | None, profile: Profile, today: date
) -> SearchRequest:
    """One request, complete. Filters have no part in its signals: they never change a score."""
    by = order(query.sort, text is not None, where)
    return SearchRequest(
        text=text,
        filters=reading.filters,
        targets=where.targets,
        coverage=where.coverage,
        national=where.national,
        box=where.box,
        centre=where.centre,
        signals=signals(profile, where, reading.sectors, query.as_of or today) if by is Order.RELEVANCE else Signals(),
        order=by,
        offset=(query.page - 1) * query.per_page,
        size=query.per_page,
        facets=FACETS if query.facets is None else query.facets,
        scope=query.scope,
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
        if where.centre and distance.weight
        else None,
        completeness=profile.completeness,
        certifications=profile.certifications,
        freshness=FreshnessSignal(freshness.weight, as_of, freshness.offset_days, freshness.scale_days, freshness.decay)
        if freshness.weight
        else None,
        same_activity=SameActivitySignal(profile.same_activity, sectors) if sectors and profile.same_activity else None,
    )
