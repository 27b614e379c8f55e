"""Where, on one segment: which documents are located in the targets, which activities serve them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded.arrays import NONE, Bools, Floats, Ints
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.sphere import kilometres, square_chord
from discovery.engine.port import Box, Circle, Point, Target
from discovery.gazetteer.geo import EARTH_RADIUS_KM

_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
_SLACK = 1e-9
"""Relative; pre-selection by latitude must never lose a point of the edge."""

_EDGE = 1 + 1e-12
"""The boundary is included, whatever the last bit of a square chord says: 1 µm at 500 km."""

MOST_PLACES = 16
"""Wheres that a segment keeps: a byte a document each, and the activities that serve there."""


@dataclass(frozen=True)
class Place:
    """`located` by document (None = all of them); `zones`: the activities that serve, country zones aside.

    Country zones serve everywhere, unless national is `exclude`; the caller adds them.
    """

    located: Bools | None
    zones: Ints


def placed(segment: Segment, targets: tuple[Target, ...]) -> Place:
    """The targets ORed; kept, since what is counted beside a search, its next pages and filters ask for them again.
    Its arrays are not to be written to."""
    kept = segment.placed
    found: Place | None = kept.get(targets)
    if found is None:
        found = resolve(segment, targets)
        if len(kept) >= MOST_PLACES:
            kept.clear()
        kept[targets] = found
    return found


def resolve(segment: Segment, targets: Sequence[Target]) -> Place:
    """The targets ORed."""
    everywhere = any(target.everywhere for target in targets)
    located = None if everywhere else np.zeros(segment.size, dtype=np.bool_)
    activities = segment.activities
    found: list[Ints] = []
    for target in targets:
        if located is not None:
            for name, values in (
                ("commune", target.communes),
                ("department", target.departments),
                ("region", target.regions),
            ):
                for value in values:
                    located[segment.columns[name].rows_of(value)] = True
            if target.circle is not None:
                located[_inside(segment, target.circle)] = True
        if target.everywhere:
            continue
        found += [activities.places.rows_of(value) for value in target.zone_places]
        found += [activities.within.rows_of(value) for value in target.zone_within]
        found += [_circles_holding(segment, point) for point in target.zone_points]
    zones = np.concatenate(found) if found else NONE
    return Place(located, zones[~activities.country[zones]])


def _inside(segment: Segment, circle: Circle) -> Ints:
    """Located documents in a circle, edge included."""
    if circle.radius_km < 0:
        return NONE
    lats, numbers = segment.by_latitude
    first, last = _window(lats, circle.centre.lat, circle.radius_km)
    near: Ints = numbers[first:last]
    chords = segment.points.square_chords(circle.centre.lat, circle.centre.lon, near)
    inside: Ints = near[chords <= square_chord(circle.radius_km) * _EDGE]
    return inside


def _window(lats: Floats, lat: float, radius_km: float) -> tuple[int, int]:
    """The part of ascending latitudes within a distance: no point of the circle lies outside it."""
    reach = radius_km / _KM_PER_DEGREE * (1 + _SLACK) + _SLACK
    return int(np.searchsorted(lats, lat - reach)), int(np.searchsorted(lats, lat + reach, side="right"))


def _circles_holding(segment: Segment, point: Point) -> Ints:
    """Activities whose own circle holds the point, edge included."""
    found = []
    for band in segment.activities.bands:
        first, last = _window(band.lat, point.lat, band.radius_km)
        if first < last:
            near = np.arange(first, last)
            chords = band.points.square_chords(point.lat, point.lon, near)
            found.append(band.activities[first:last][chords <= band.limits[first:last] * _EDGE])
    return np.concatenate(found) if found else NONE


def in_box(segment: Segment, box: Box) -> Bools:
    """Whether each document's location lies in the box, edges included; it may cross the antimeridian."""
    inside = segment.located & (segment.lat >= box.south) & (segment.lat <= box.north)
    if box.west <= box.east:
        inside &= (segment.lon >= box.west) & (segment.lon <= box.east)
    else:
        inside &= (segment.lon >= box.west) | (segment.lon <= box.east)
    return inside


def distances(segment: Segment, centre: Point, chosen: Ints) -> Floats:
    """Kilometres from the centre to the chosen documents; infinite without a location."""
    out = kilometres(segment.points.square_chords(centre.lat, centre.lon, chosen))
    out[~segment.located[chosen]] = np.inf
    return out
