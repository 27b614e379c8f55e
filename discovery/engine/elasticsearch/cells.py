"""Circles by the cells of a grid that they touch, so that those that may hold a point are found by a term. Pure.

There is a grid for each size of circle, whose cells are some circle's radius high: a circle touches a dozen of them,
and a point lies in one of each grid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from discovery.engine.port import Point
from discovery.gazetteer.geo import EARTH_RADIUS_KM

SIZES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Of the grids' cells, in degrees."""

_SLACK = 1e-5
"""Degrees, a metre: Lucene rounds points, and edges are included."""


def touched(centre: Point, radius_km: float) -> list[str]:
    """Every cell that holds a point of the circle, and some of its neighbours."""
    angle = math.degrees(radius_km / EARTH_RADIUS_KM) + _SLACK
    size = next((size for size in SIZES if size >= angle), SIZES[-1])
    south, north = max(-90.0, centre.lat - angle), min(90.0, centre.lat + angle)
    return [_cell(size, row, column) for row in _steps(south, north, size) for column in _columns(centre, angle, size)]


def containing(point: Point) -> list[str]:
    """The cell of each grid that the point lies in."""
    return [_cell(size, _step(point.lat, size), _column(_step(point.lon, size), size)) for size in SIZES]


def _columns(centre: Point, angle: float, size: float) -> Iterator[int]:
    """All of them around a pole."""
    if abs(centre.lat) + angle >= 90.0:
        yield from range(round(360 / size))
        return
    farthest = math.sin(math.radians(angle)) / math.cos(math.radians(centre.lat))
    half = math.degrees(math.asin(min(1.0, farthest))) + _SLACK
    yield from dict.fromkeys(_column(step, size) for step in _steps(centre.lon - half, centre.lon + half, size))


def _steps(low: float, high: float, size: float) -> range:
    return range(_step(low, size), _step(high, size) + 1)


def _step(degrees: float, size: float) -> int:
    return math.floor(degrees / size)


def _column(step: int, size: float) -> int:
    """Counted eastwards once around: the antimeridian is no edge."""
    return step % round(360 / size)


def _cell(size: float, row: int, column: int) -> str:
    return f"{size:g}/{row}/{column}"
