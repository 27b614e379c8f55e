"""Which cells a map is cut into. Pure."""

from __future__ import annotations

import math

from discovery.engine.port import FINEST, Box, Grid

ZOOM, MAX_ZOOM = 6, 22
"""Of a map that shows all of France; of the closest one."""
HALVINGS = 2
"""A tile of 256 points is cut into 4 x 4 cells: of 64 points, about the size of a marker and its label."""
MAX_CELLS = 2_000
"""Of one answer: a large screen holds some 500."""
FAR_NEIGHBOURS = 3
"""Suppliers that are shown one by one when a cell holds no more."""
HOUSE, NEIGHBOURS = 20, 50
"""Precision from which looking closer parts nobody (a cell is a house): then up to so many are shown one by one."""
FRANCE = Box(-5.3, 41.2, 9.7, 51.2)
"""Without a view most suppliers are there."""

_EDGE = 85.0511


def grid(zoom: int, view: Box | None) -> Grid:
    """Choose the grid that a map's pins are gathered in: finer as one zooms in, coarser when the view would hold
    more than `MAX_CELLS`. `zoom`: the map's (0 = the world in one tile). `view` None: all of France."""
    precision = min(zoom + HALVINGS, FINEST)
    while precision and cells(view or FRANCE, precision) > MAX_CELLS:
        precision -= 1
    return Grid(precision, view, NEIGHBOURS if precision >= HOUSE else FAR_NEIGHBOURS)


def cells(box: Box, precision: int) -> int:
    """How many cells of a grid of 2^precision x 2^precision over the Web Mercator square a box touches, or one row
    and column more."""
    size = 1 << precision
    east = box.east if box.east >= box.west else box.east + 360
    columns = math.ceil((east - box.west) / 360 * size) + 1
    rows = math.ceil((_height(box.north) - _height(box.south)) * size) + 1
    return columns * rows


def zoom_of(grid: Grid) -> int:
    """The zoom level whose cells these are."""
    return max(0, grid.precision - HALVINGS)


def _height(lat: float) -> float:
    """Place on the Mercator square, 0 at its foot to 1."""
    phi = math.radians(max(-_EDGE, min(_EDGE, lat)))
    return 0.5 + math.log(math.tan(phi) + 1 / math.cos(phi)) / (2 * math.pi)
