"""Where, on one segment: which documents are located in the targets, which activities serve them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from discovery.engine.embedded.arrays import NONE, Bools, Floats, Ints, expand_ranges
from discovery.engine.embedded.columns import BAND, Circles, kilometres, square_chord
from discovery.engine.embedded.segment import Place, Seats, Segment, Served, Zones
from discovery.engine.port import Box, Circle, Point, Target
from discovery.places.geo import EARTH_RADIUS_KM

_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
_SLACK = 1e-9
"""Relative; pre-selection by latitude must never lose a point of the edge."""

_EDGE = 1 + 1e-12
"""The boundary is included, whatever the last bit of a square chord says: 1 µm at 500 km."""

_BEYOND = 200.0
"""Degrees of latitude that reach everything from anywhere."""


def placed(segment: Segment, targets: tuple[Target, ...], *, presumed: bool) -> Place:
    """Who sits in any of the targets, and which activities serve one.

    Kept, since what is counted beside a search, its next pages and filters ask for them again; seats and zones
    apart, since a wider circle around a town is served by the same activities.
    """
    narrow = tuple(target for target in targets if not target.everywhere)
    served = tuple((target.zone_places, target.zone_within, target.zone_points) for target in narrow)
    zones = segment.zones.get(served, lambda: _zones(segment, narrow))
    located = None if len(narrow) < len(targets) else seated(segment, targets)
    return Place(located, zones.declared, zones.presumed if presumed else None)


def seated(segment: Segment, targets: tuple[Target, ...]) -> Bools:
    """By document, whether its seat lies in one of the targets; kept, and not to be written to."""
    sat = tuple((one.communes, one.departments, one.regions, one.circle, one.everywhere) for one in targets)
    return segment.seats.get(sat, lambda: _seats(segment, targets)).located


def _seats(segment: Segment, targets: Iterable[Target]) -> Seats:
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
    return Seats(located)


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
    return Served(_of(segment, serving[~presumed]), _of(segment, serving[presumed]))


def _of(segment: Segment, serving: Ints) -> Zones:
    among = np.zeros(segment.activities.size, dtype=np.bool_)
    among[serving] = True
    return Zones(serving, among, segment.owners(serving))


def _inside(segment: Segment, circle: Circle) -> Ints:
    """Located documents in a circle, edge included."""
    if circle.radius_km < 0:
        return NONE
    lats, numbers, points = segment.by_latitude
    reach = _reach(circle.radius_km)
    first, last = lats.searchsorted((circle.centre.lat - reach, circle.centre.lat + reach)).tolist()
    chords = points.of_some(slice(first, last)).square_chords(circle.centre.lat, circle.centre.lon)
    inside: Ints = numbers[first:last][chords <= square_chord(circle.radius_km) * _EDGE]
    return inside


def _reach(radius_km: float) -> float:
    """Degrees of latitude beyond which no point of the circle lies."""
    return min(_BEYOND, radius_km / _KM_PER_DEGREE * (1 + _SLACK) + _SLACK)


def _holding(circles: Circles, point: Point) -> Ints:
    """Activities whose own circle holds the point, edge included."""
    reaches = np.array([_reach(radius) for radius in circles.reaches.tolist()])
    middle = np.arange(len(reaches)) * BAND + point.lat
    first, last = circles.keys.searchsorted((middle - reaches, middle + reaches))
    near = expand_ranges(first, last - first)
    chords = circles.points.of_some(near).square_chords(point.lat, point.lon)
    holding: Ints = circles.activities[near[chords <= circles.limits[near] * _EDGE]]
    return holding


def in_box(segment: Segment, box: Box) -> Bools:
    """By document, whether its location lies in the box, edges included; the box may cross the antimeridian."""
    inside = segment.located & (segment.lat >= box.south) & (segment.lat <= box.north)
    if box.west <= box.east:
        inside &= (segment.lon >= box.west) & (segment.lon <= box.east)
    else:
        inside &= (segment.lon >= box.west) | (segment.lon <= box.east)
    return inside


def distances(segment: Segment, centre: Point, chosen: Ints) -> Floats:
    """Kilometres from the centre to the chosen documents (numbers), same shape; infinite without a location."""
    out = kilometres(segment.points.of_some(chosen).square_chords(centre.lat, centre.lon))
    out[~segment.located[chosen]] = np.inf
    return out
