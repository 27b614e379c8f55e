"""Where and filters, on one segment: who sits in the targets, what serves them, who matches, who
fails by one filter.

A facet's count of v is the total with its own filter replaced by v. Instead of searching again for
each facet, every candidate counts the filters it fails: it is a match at none, and counts for facet
f when it fails f alone. Filters on activities and the where hold on one activity; what a document's
activities can do is summed up in `ActivityMatch`, from which every coverage and every reading of
`national` follows. What is asked of activities stands here too: by each activity, whether it is
left, meets the filters, the where.
"""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import and_, attrgetter, or_

import numpy as np

from discovery.engine.embedded.arrays import (
    NONE,
    Bools,
    Floats,
    Ints,
    expand_ranges,
    mask_of,
    nonzero,
)
from discovery.engine.embedded.segment import (
    BAND,
    ActivityMatch,
    Circles,
    Place,
    Segment,
    Served,
    Zones,
    square_chord,
)
from discovery.engine.port import (
    Box,
    Circle,
    Coverage,
    Filters,
    National,
    Point,
    SearchRequest,
    Target,
)
from discovery.model import dataclass
from discovery.model.attributes import FIELDS
from discovery.places.geo import EARTH_RADIUS_KM, KM_PER_DEGREE

_SLACK = 1e-9
"""Relative; pre-selection by latitude must never lose a point of the edge."""

_EDGE = 1 + 1e-12
"""The boundary is included, whatever the last bit of a square chord says: 1 µm at 500 km."""

_BEYOND = 200.0
"""Degrees of latitude that reach everything from anywhere."""


def placed(segment: Segment, targets: tuple[Target, ...], *, presumed: bool) -> Place:
    """Who sits in any of the targets, and which activities serve one.

    Kept, since what is counted beside a search, its next pages and filters ask for them again;
    seats and zones apart, since a wider circle around a town is served by the same activities.
    """
    narrow = tuple(target for target in targets if not target.everywhere)
    served = tuple(
        (target.zone_places, target.zone_within, target.zone_points) for target in narrow
    )
    zones = segment.zones.get(served, lambda: _zones(segment, narrow))
    located = None if len(narrow) < len(targets) else seated(segment, targets)
    return Place(located, zones.declared, zones.presumed if presumed else None)


def seated(segment: Segment, targets: tuple[Target, ...]) -> Bools:
    """By document, whether its seat lies in one of the targets; kept, and not to be written to."""
    sat = tuple(
        (one.communes, one.departments, one.regions, one.circle, one.everywhere) for one in targets
    )
    return segment.seats.get(sat, lambda: _seats(segment, targets))


def _seats(segment: Segment, targets: Iterable[Target]) -> Bools:
    located = np.zeros(segment.size, dtype=np.bool_)
    for target in targets:
        if target.everywhere:
            located[:] = True
        for name, values in (
            ("commune", target.communes),
            ("department", target.departments),
            ("region", target.regions),
        ):
            for value in values:
                located[segment.columns[name].rows_of(value)] = True
        if target.circle is not None:
            located[_inside(segment, target.circle)] = True
    return located


def _zones(segment: Segment, targets: Iterable[Target]) -> Served:
    activities = segment.activities
    found: list[Ints] = []
    for target in targets:
        found += [activities.places.rows_of(value) for value in target.zone_places]
        found += [activities.within.rows_of(value) for value in target.zone_within]
        for circles in (activities.circles, activities.presumed_circles):
            found += [_holding(circles, point) for point in target.zone_points]
    serving = np.concatenate(found) if found else NONE
    serving = serving[~activities.country[serving]]
    presumed = activities.presumed[serving]
    return Served(
        *(
            Zones(mask_of(activities.size, one), segment.owners(one))
            for one in (serving[~presumed], serving[presumed])
        )
    )


def _inside(segment: Segment, circle: Circle) -> Ints:
    """Located documents in a circle, edge included."""
    if circle.radius_km < 0:
        return NONE
    lats, numbers, points = segment.by_latitude
    reach = _reach(circle.radius_km)
    first, last = lats.searchsorted((circle.centre.lat - reach, circle.centre.lat + reach)).tolist()
    chords = points.of_some(slice(first, last)).square_chords(circle.centre.lat, circle.centre.lon)
    return numbers[first:last][chords <= square_chord(circle.radius_km) * _EDGE]


def _reach(radius_km: float) -> float:
    """Degrees of latitude beyond which no point of the circle lies."""
    return min(_BEYOND, radius_km / KM_PER_DEGREE * (1 + _SLACK) + _SLACK)


def _holding(circles: Circles, point: Point) -> Ints:
    """Activities whose own circle holds the point, edge included."""
    reaches = np.array([_reach(radius) for radius in circles.reaches.tolist()])
    middle = np.arange(len(reaches)) * BAND + point.lat
    first, last = circles.keys.searchsorted((middle - reaches, middle + reaches))
    near = expand_ranges(first, last - first)
    chords = circles.points.of_some(near).square_chords(point.lat, point.lon)
    return circles.activities[near[chords <= circles.limits[near] * _EDGE]]


def in_box(segment: Segment, box: Box) -> Bools:
    """By document, whether its location lies in the box, edges included; the box may cross the
    antimeridian.
    """
    inside = segment.located & (segment.lat >= box.south) & (segment.lat <= box.north)
    if box.west <= box.east:
        inside &= (segment.lon >= box.west) & (segment.lon <= box.east)
    else:
        inside &= (segment.lon >= box.west) | (segment.lon <= box.east)
    return inside


def distances(segment: Segment, centre: Point, chosen: Ints) -> Floats:
    """Kilometres from the centre to the chosen documents (numbers), same shape; infinite without a
    location.
    """
    half = np.sqrt(segment.points.of_some(chosen).square_chords(centre.lat, centre.lon)) * 0.5
    out: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0))
    out[~segment.located[chosen]] = np.inf
    return out


def not_excluded(segment: Segment, exclude: Filters) -> Bools:
    """By activity, whether no exclusion takes it away; a fresh array."""
    activities = segment.activities
    out = np.ones(activities.size, dtype=np.bool_)
    out[activities.in_sectors(exclude.sector)] = False
    if exclude.service_type:
        others = [value for value, _ in activities.services if value not in exclude.service_type]
        out &= ~activities.with_services(exclude.service_type) | activities.with_services(others)
    return out


def asked_for(segment: Segment, filters: Filters) -> Bools:
    """By activity, whether it meets the sector and the service filter, of which one is set; not to
    be written to.
    """
    activities = segment.activities
    if not filters.sector:
        return activities.with_services(filters.service_type)
    mask = mask_of(activities.size, activities.in_sectors(filters.sector))
    if filters.service_type:
        mask &= activities.with_services(filters.service_type)
    return mask


def limits(segment: Segment, request: SearchRequest) -> Bools | None:
    """By activity, whether the exclusions leave it and it meets all that the scope asks of one;
    None when nothing is asked. Not to be written to.
    """
    mask = not_excluded(segment, request.exclude) if request.exclude.on_activity else None
    for one in request.scope:
        if one.on_activity:
            asked = asked_for(segment, one)
            mask = asked if mask is None else mask & asked
    return mask


def speaking(segment: Segment, request: SearchRequest, chosen: Ints) -> Bools | None:
    """By activity chosen (all those of some documents), whether its zone speaks for its supplier:
    it does what is needed, or nothing of it is declared; None without a need, when all do.
    """
    activities = segment.activities
    codes = activities.codes([slug for need in request.needs for slug in need.sectors])
    if not codes:
        return None
    does: Bools = mask_of(len(activities.pairs), np.array(codes))[activities.pair[chosen]]
    does |= ~segment.owners(chosen[does])[activities.document[chosen]]
    return does


def bound(request: SearchRequest, place: Place | None) -> bool:
    """Whether the where or `national=only` bears on activities: whether `meeting_where` tells some
    from others.
    """
    everywhere = place is None or (request.coverage.by_seat and place.located is None)
    return request.national is National.ONLY or not everywhere


def meeting_where(
    segment: Segment, request: SearchRequest, place: Place | None, chosen: Ints
) -> Bools | None:
    """By activity chosen (all those of some documents), whether it meets `national=only` and, by
    its zone or its supplier's seat, the where, as coverage allows; None when all do.
    """
    if not bound(request, place):
        return None
    activities, may = segment.activities, speaking(segment, request, chosen)
    country = activities.country[chosen] if may is None else activities.country[chosen] & may
    only, coverage = request.national is National.ONLY, request.coverage
    if place is None or (coverage.by_seat and place.located is None):
        return country
    serving: Bools | None = None
    if coverage.by_zone:
        if only and coverage is not Coverage.PRESUMED:
            return country  # a country zone serves any where
        ways = [] if place.presumed is None or only else [place.presumed.among[chosen]]
        if coverage is not Coverage.PRESUMED:
            ways.append(place.zones.among[chosen])
            if request.national is not National.EXCLUDE:
                ways.append(country)
        serving = reduce(or_, ways, np.zeros(len(chosen), dtype=np.bool_))
        if may is not None:
            serving &= may
    if not coverage.by_seat or place.located is None:
        return serving
    home = place.located[activities.document[chosen]]
    if only:
        home &= country
    return home if serving is None else serving | home


@dataclass(frozen=True, slots=True)
class View:
    """A segment as a snapshot sees it. `alive`: live documents that no newer copy supersedes;
    `present`: documents not superseded, stubs included (None = all)."""

    segment: Segment
    alive: Bools
    present: Bools | None


@dataclass(frozen=True, slots=True)
class Matches:
    """The candidates of a request on a segment, ascending, and what each fails.

    `fails`: by parameter, for the filters whose facet is asked for. `failures`: how many of these
    each candidate fails, 0 or 1 (None when there is no such filter). `passes`: activity filters and
    where.
    """

    view: View
    candidates: Ints
    fails: dict[str, Bools]
    failures: Bools | None
    able: ActivityMatch
    passes: Bools
    place: Place | None
    found: Ints
    """The matches."""


def match(
    view: View, request: SearchRequest, words: Bools | None, facets: Collection[str] = ()
) -> Matches:
    """Find the candidates of a request on a segment, and what each fails.

    `words`: by document, whether it does what is needed, or the text matches (None = nothing is
    asked). `facets`: names of those to be counted afterwards.
    """
    segment, filters = view.segment, request.filters
    place = placed(segment, request.targets, presumed=request.presumed) if request.targets else None
    mask = view.alive if words is None else view.alive & words
    relevant = _relevant(segment, request, place, facets)
    if relevant is not None:
        mask = mask & relevant
    if request.box is not None:
        mask = mask & in_box(segment, request.box)
    if filters.siret:
        mask = mask & of_siret(segment, filters.siret)
    if request.unknown_trades:
        mask = mask & ~segment.trades_known
    for one in request.scope:
        mask = mask & _passing(segment, one)
    excluded = _excluded(segment, request)
    if excluded is not None:
        mask = mask & ~excluded
    soft: dict[str, Bools] = {}
    for parameter, having in _having(segment, filters).items():
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
    failures: Bools | None = reduce(or_, fails.values()) if fails else None
    able = _able(segment, request, place, candidates)
    passes = able.matches(request.coverage, request.national, len(candidates))
    found = candidates[passes if failures is None else passes & ~failures]
    if request.unless is not None:
        others = match(view, request.unless, mask_of(segment.size, found)).found
        found = np.setdiff1d(found, others, assume_unique=True)
    return Matches(view, candidates, fails, failures, able, passes, place, found)


def _passing(segment: Segment, filters: Filters) -> Bools:
    """Documents that pass the filters themselves, their activities aside."""
    mask = reduce(and_, _having(segment, filters).values(), np.ones(segment.size, dtype=np.bool_))
    return mask & of_siret(segment, filters.siret) if filters.siret else mask


_asked = attrgetter(*FIELDS)


def _having(segment: Segment, filters: Filters) -> dict[str, Bools]:
    """Documents with one of the values, by the filter that asks for them."""
    return {
        parameter: segment.columns[column].having(values)
        for (parameter, column), values in zip(FIELDS.items(), _asked(filters), strict=True)
        if values
    }


def _excluded(segment: Segment, request: SearchRequest) -> Bools | None:
    """Documents that are left out for what they are, where they sit, or for all of their
    activities; None = none.
    """
    exclude = request.exclude
    out = [seated(segment, request.exclude_targets)] if request.exclude_targets else []
    out += _having(segment, exclude).values()
    if exclude.siret:
        out.append(of_siret(segment, exclude.siret))
    if exclude.on_activity:
        out.append(segment.active & ~segment.owners(nonzero(not_excluded(segment, exclude))))
    return reduce(or_, out) if out else None


def _relevant(
    segment: Segment, request: SearchRequest, place: Place | None, facets: Collection[str]
) -> Bools | None:
    """Documents that some asked reading of coverage and national can match; None when all may."""
    coverages = set(Coverage) if "coverage" in facets else {request.coverage}
    nationals = set(National) if "national" in facets else {request.national}
    if place is None:
        return segment.country if nationals == {National.ONLY} else None
    by_seat = any(coverage.by_seat for coverage in coverages)
    if place.located is None and by_seat:
        return None
    out = np.zeros(segment.size, dtype=np.bool_)
    if by_seat and place.located is not None:
        out |= place.located
    if any(coverage.by_zone for coverage in coverages):
        if nationals != {National.ONLY}:
            out |= place.zones.owners
            if place.presumed is not None:
                out |= place.presumed.owners
        if nationals != {National.EXCLUDE}:
            out |= segment.country
    return out


def _able(
    segment: Segment, request: SearchRequest, place: Place | None, candidates: Ints
) -> ActivityMatch:
    filters, activities = request.filters, segment.activities
    zones = None if place is None else place.zones
    presumed = None if place is None else place.presumed
    seat = None if place is None or place.located is None else place.located[candidates]
    limited = limits(segment, request)
    if not (filters.on_activity or limited is not None or request.needs):
        zone, other = (None if one is None else one.owners[candidates] for one in (zones, presumed))
        return ActivityMatch(None, segment.country[candidates], zone, other, seat)
    chosen, owner = activities.of(candidates)
    may = speaking(segment, request, chosen)
    for asked in (asked_for(segment, filters) if filters.on_activity else None, limited):
        if asked is not None:
            meets = asked[chosen]
            chosen, owner, may = chosen[meets], owner[meets], None if may is None else may[meets]
    needed = filters.on_activity or any(one.on_activity for one in request.scope)
    exists = mask_of(segment.size, owner)[candidates] if needed else None
    if may is not None:
        chosen, owner = chosen[may], owner[may]
    country = mask_of(segment.size, owner[activities.country[chosen]])[candidates]
    zone, other = (
        None if one is None else mask_of(segment.size, owner[one.among[chosen]])[candidates]
        for one in (zones, presumed)
    )
    return ActivityMatch(exists, country, zone, other, seat)


def of_siret(segment: Segment, prefix: str) -> Bools:
    """By document, whether its SIRET starts so."""
    sirets, documents = segment.by_siret
    first, last = np.searchsorted(sirets, (prefix.encode(), prefix.encode() + b"\xff"))
    return mask_of(segment.size, documents[first:last])
