"""Filters and where, on one segment: which documents match, and which fail by one filter only.

A facet's count of v is the total with its own filter replaced by v. Instead of searching again for each facet,
every candidate counts the filters it fails: it is a match at none, and counts for facet f when it fails f alone.
Filters on activities and the where hold on one activity; what a document's activities can do is summed up in
three bits, from which every coverage and every reading of `national` follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded import tuning
from discovery.engine.embedded.arrays import Bools, Ints, nonzero
from discovery.engine.embedded.layout import PARAMETERS
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.where import Place, in_box, placed
from discovery.engine.port import Coverage, Filters, National, SearchRequest


@dataclass(frozen=True, slots=True)
class View:
    """A segment as a snapshot sees it. `alive`: live documents that no newer copy supersedes;
    `present`: documents not superseded, stubs included (None = all)."""

    segment: Segment
    alive: Bools
    present: Bools | None


@dataclass(frozen=True, slots=True)
class Able:
    """By candidate: whether one of its activities that meet the sector and service filters exists at all, is
    offered over all of France, or serves the where otherwise; and whether the seat lies there."""

    exists: Bools | None
    country: Bools
    zone: Bools | None
    seat: Bools | None
    """`exists` None: no activity is needed. `zone` None: no where. `seat` None: everyone's is in it."""

    def matches(self, coverage: Coverage, national: National, size: int) -> Bools:
        """Whether each candidate passes the activity filters and the where; a fresh array."""
        if self.zone is None:
            if national is National.ONLY:
                return self.country.copy()
            return np.ones(size, dtype=np.bool_) if self.exists is None else self.exists.copy()
        if coverage is not Coverage.LOCATED:
            serves = self.zone if national is National.EXCLUDE else self.country
            if national is National.INCLUDE:
                serves = self.zone | self.country
            if coverage is Coverage.SERVES:
                return serves.copy()
        if national is National.ONLY:
            needed: Bools | None = self.country
        else:
            needed = self.exists
        if self.seat is None:
            located = np.ones(size, dtype=np.bool_) if needed is None else needed.copy()
        else:
            located = self.seat.copy() if needed is None else self.seat & needed
        return located if coverage is Coverage.LOCATED else located | serves


@dataclass(frozen=True, slots=True)
class Matches:
    """The candidates of a request on a segment, ascending, and what each fails.

    `fails`: by parameter, for the filters whose facet is asked for. `failures`: how many of these each
    candidate fails, 0 or 1 (None when there is no such filter). `passes`: activity filters and where.
    """

    view: View
    candidates: Ints
    fails: dict[str, Bools]
    failures: Bools | None
    able: Able
    passes: Bools
    place: Place | None
    found: Ints
    """The matches."""

    def clean(self) -> Ints:
        """Candidates that no document filter excludes, whether or not they pass activities and where."""
        return self.candidates if self.failures is None else self.candidates[~self.failures]


def match(view: View, request: SearchRequest, words: Bools | None, facets: Collection[str] = ()) -> Matches:
    """`words`: the documents that the text matches (None = no text). `facets`: those to be counted afterwards."""
    segment, filters = view.segment, request.filters
    place = placed(segment, request.targets) if request.targets else None
    mask = view.alive if words is None else view.alive & words
    relevant = _relevant(segment, request, place, facets)
    if relevant is not None:
        mask = mask & relevant
    if request.box is not None:
        mask = mask & in_box(segment, request.box)
    if filters.siret:
        mask = mask & _siret(segment, filters.siret)
    for one in request.scope:
        mask = mask & _passing(segment, one)
    soft: dict[str, Bools] = {}
    for parameter, column in PARAMETERS.items():
        values = getattr(filters, parameter)
        if not values:
            continue
        having = segment.columns[column].having(values)
        if parameter in facets:
            soft[parameter] = having
        else:
            mask = mask & having
    if len(soft) > 1:
        failed = np.zeros(segment.size, dtype=np.uint8)
        for having in soft.values():
            failed += ~having
        mask = mask & (failed <= 1)
    candidates: Ints = nonzero(mask)
    fails = {parameter: ~having[candidates] for parameter, having in soft.items()}
    failures: Bools | None = None
    for failing in fails.values():
        failures = failing.copy() if failures is None else failures | failing
    able = _able(segment, request, place, candidates)
    passes = able.matches(request.coverage, request.national, len(candidates))
    found = candidates[passes if failures is None else passes & ~failures]
    return Matches(view, candidates, fails, failures, able, passes, place, found)


def _passing(segment: Segment, filters: Filters) -> Bools:
    """Documents that pass the filters themselves, their activities aside."""
    mask = np.ones(segment.size, dtype=np.bool_)
    for parameter, column in PARAMETERS.items():
        if values := getattr(filters, parameter):
            mask &= segment.columns[column].having(values)
    return mask & _siret(segment, filters.siret) if filters.siret else mask


def _relevant(segment: Segment, request: SearchRequest, place: Place | None, facets: Collection[str]) -> Bools | None:
    """Documents that some asked reading of coverage and national can match; None when all may."""
    coverages = set(Coverage) if "coverage" in facets else {request.coverage}
    nationals = set(National) if "national" in facets else {request.national}
    if place is None:
        return segment.country if nationals == {National.ONLY} else None
    if place.located is None and coverages != {Coverage.SERVES}:
        return None
    out = np.zeros(segment.size, dtype=np.bool_)
    if coverages != {Coverage.SERVES} and place.located is not None:
        out |= place.located
    if coverages != {Coverage.LOCATED}:
        if nationals != {National.ONLY}:
            out |= place.zones.owners
        if nationals != {National.EXCLUDE}:
            out |= segment.country
    return out


def _able(segment: Segment, request: SearchRequest, place: Place | None, candidates: Ints) -> Able:
    filters, activities = request.filters, segment.activities
    zones = None if place is None else place.zones
    seat = None if place is None or place.located is None else place.located[candidates]
    scoped = in_scope(segment, request.scope)
    if not filters.on_activity and scoped is None:
        zone = None if zones is None else zones.owners[candidates]
        return Able(None, segment.country[candidates], zone, seat)
    asked = asked_for(segment, filters) if filters.on_activity else None
    asked = scoped if asked is None else asked if scoped is None else asked & scoped
    assert asked is not None
    if len(candidates) * tuning.FEW < segment.size:
        chosen, owner = activities.of(candidates)
        meets = asked[chosen]
        chosen, owner = chosen[meets], owner[meets]
        exists = _marked(segment.size, owner)[candidates]
        country = _marked(segment.size, owner[activities.country[chosen]])[candidates]
        zone = None
        if zones is not None:
            zone = _marked(segment.size, owner[zones.among[chosen]])[candidates]
        return Able(exists, country, zone, seat)
    if scoped is not None:
        exists, country = segment.owners(nonzero(asked)), segment.owners(nonzero(asked & activities.country))
    elif filters.sector:
        held = activities.in_sectors(filters.sector)
        exists = segment.owners(held[asked[held]] if filters.service_type else held)
        country = segment.owners(held[asked[held] & activities.country[held]])
    else:
        exists = segment.service_types.having(filters.service_type)
        country = np.zeros(segment.size, dtype=np.bool_)
        for value in filters.service_type:
            if value in segment.given_service:
                country |= segment.given_service[value].country
    zone = None if zones is None else segment.owners(zones.activities[asked[zones.activities]])[candidates]
    return Able(exists[candidates], country[candidates], zone, seat)


def _marked(size: int, documents: Ints) -> Bools:
    mask = np.zeros(size, dtype=np.bool_)
    mask[documents] = True
    return mask


def asked_for(segment: Segment, filters: Filters) -> Bools:
    """Whether each activity meets the sector and the service filter, of which one is set; not to be written to."""
    activities = segment.activities
    if not filters.sector:
        return activities.with_services(filters.service_type)
    mask = _marked(activities.size, activities.in_sectors(filters.sector))
    if filters.service_type:
        mask &= activities.with_services(filters.service_type)
    return mask


def in_scope(segment: Segment, scope: Iterable[Filters]) -> Bools | None:
    """Whether each activity meets all that a scope asks of one; None when it asks nothing. Not to be written to."""
    mask = None
    for one in scope:
        if one.on_activity:
            asked = asked_for(segment, one)
            mask = asked if mask is None else mask & asked
    return mask


def bound(request: SearchRequest, place: Place | None) -> bool:
    """Whether the where or `national=only` bears on activities: whether `meeting_where` tells some from others."""
    everywhere = place is None or (request.coverage is not Coverage.SERVES and place.located is None)
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
    only = request.national is National.ONLY
    seated = request.coverage is not Coverage.SERVES
    if place is None or (seated and place.located is None):
        return country
    serving: Bools | None = None
    if request.coverage is not Coverage.LOCATED:
        if only:
            return country  # a country zone serves any where
        serving = place.zones.among if chosen is None else place.zones.among[chosen]
        if request.national is not National.EXCLUDE:
            serving = serving | country
    if not seated or place.located is None:
        return serving
    home = place.located[activities.document if chosen is None else activities.document[chosen]]
    if only:
        home &= country
    return home if serving is None else serving | home


def _siret(segment: Segment, prefix: str) -> Bools:
    sirets, documents = segment.by_siret
    first = bisect_left(sirets, prefix)
    last = bisect_left(sirets, prefix + "\U0010ffff")
    mask = np.zeros(segment.size, dtype=np.bool_)
    mask[documents[first:last]] = True
    return mask
