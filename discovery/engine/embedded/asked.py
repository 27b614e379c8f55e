"""What is asked of activities, on one segment: by each activity, whether it is left, meets the filters, the where."""

from __future__ import annotations

import numpy as np

from discovery.engine.embedded.arrays import Bools, Ints, marked
from discovery.engine.embedded.located import Place
from discovery.engine.embedded.segment import Segment
from discovery.engine.port import Coverage, Filters, National, SearchRequest


def left(segment: Segment, exclude: Filters) -> Bools:
    """Whether no exclusion takes each activity away; a fresh array."""
    activities = segment.activities
    out = np.ones(activities.size, dtype=np.bool_)
    out[activities.in_sectors(exclude.sector)] = False
    if exclude.service_type:
        others = [value for value, _ in activities.services if value not in exclude.service_type]
        out &= ~activities.with_services(exclude.service_type) | activities.with_services(others)
    return out


def asked_for(segment: Segment, filters: Filters) -> Bools:
    """Whether each activity meets the sector and the service filter, of which one is set; not to be written to."""
    activities = segment.activities
    if not filters.sector:
        return activities.with_services(filters.service_type)
    mask = marked(activities.size, activities.in_sectors(filters.sector))
    if filters.service_type:
        mask &= activities.with_services(filters.service_type)
    return mask


def limits(segment: Segment, request: SearchRequest) -> Bools | None:
    """Whether each activity is left by the exclusions and meets all that the scope asks of one; None when nothing is
    asked. Not to be written to."""
    mask = left(segment, request.exclude) if request.exclude.on_activity else None
    for one in request.scope:
        if one.on_activity:
            asked = asked_for(segment, one)
            mask = asked if mask is None else mask & asked
    return mask


def bound(request: SearchRequest, place: Place | None) -> bool:
    """Whether the where or `national=only` bears on activities: whether `meeting_where` tells some from others."""
    everywhere = place is None or (request.coverage.by_seat and place.located is None)
    return request.national is National.ONLY or not everywhere


def meeting_where(
    segment: Segment, request: SearchRequest, place: Place | None, chosen: Ints | None = None
) -> Bools | None:
    """Whether each of the chosen activities (None = all) meets `national=only` and, by its zone or its supplier's seat,
    the where, as coverage allows; None when all do. Not to be written to."""
    if not bound(request, place):
        return None
    activities = segment.activities
    country = activities.country if chosen is None else activities.country[chosen]
    only, coverage = request.national is National.ONLY, request.coverage
    if place is None or (coverage.by_seat and place.located is None):
        return country
    serving: Bools | None = None
    if coverage.by_zone:
        if only and coverage is not Coverage.PRESUMED:
            return country  # a country zone serves any where
        ways = [] if place.presumed is None or only else [place.presumed.among]
        if coverage is not Coverage.PRESUMED:
            ways.append(place.zones.among)
            if request.national is not National.EXCLUDE:
                ways.append(activities.country)
        serving = np.zeros(len(country), dtype=np.bool_)
        for way in ways:
            serving |= way if chosen is None else way[chosen]
    if not coverage.by_seat or place.located is None:
        return serving
    home = place.located[activities.document if chosen is None else activities.document[chosen]]
    if only:
        home &= country
    return home if serving is None else serving | home
