"""Matches by cell of a map, segment after segment."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from discovery.engine.embedded.arrays import Floats, Int64s, Ints
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.where import in_box
from discovery.engine.port import Box, Cluster, Clusters, Grid, Point

_EDGE_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))
"""Where the Mercator square ends; what lies beyond is put in the outermost cells."""
_LAT_STEP, _LON_STEP = 180 / 2**32, 360 / 2**32
"""Lucene keeps points on a grid of about a centimetre: on the edge of a cell, both engines choose alike."""


@dataclass(slots=True)
class _Cell:
    count: int = 0
    lat: float = 0.0
    lon: float = 0.0
    west: float = math.inf
    south: float = math.inf
    east: float = -math.inf
    north: float = -math.inf
    suppliers: list[tuple[str, int]] = field(default_factory=list)
    """(id, store row), while they are few."""


class Cells:
    """What `Clusters` says of the matches added so far."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._cells: dict[int, _Cell] = {}
        self._total = self._located = self._inside = 0

    def add(self, segment: Segment, found: Ints) -> None:
        """Count a segment's matches into the cells of the grid. `found`: their document numbers."""
        self._total += len(found)
        chosen = found[segment.located[found]]
        self._located += len(chosen)
        if self._grid.view is not None:
            chosen = chosen[in_box(segment, self._grid.view)[chosen]]
        self._inside += len(chosen)
        if not len(chosen):
            return
        lat, lon = segment.lat[chosen], segment.lon[chosen]
        numbers = _cells(lat, lon, self._grid.precision)
        order = np.argsort(numbers, kind="stable")
        starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
        ends = np.append(starts[1:], len(order))
        lat, lon, chosen = lat[order], lon[order], chosen[order]
        sums, lowest, highest = np.add.reduceat, np.minimum.reduceat, np.maximum.reduceat
        parts = zip(
            numbers[order][starts].tolist(), starts.tolist(), ends.tolist(),
            sums(lat, starts).tolist(), sums(lon, starts).tolist(),
            lowest(lat, starts).tolist(), highest(lat, starts).tolist(),
            lowest(lon, starts).tolist(), highest(lon, starts).tolist(),
            strict=True,
        )  # fmt: skip
        for number, start, end, lats, lons, south, north, west, east in parts:
            cell = self._cells.setdefault(number, _Cell())
            cell.count += end - start
            cell.lat += lats
            cell.lon += lons
            cell.south, cell.north = min(cell.south, south), max(cell.north, north)
            cell.west, cell.east = min(cell.west, west), max(cell.east, east)
            if cell.count <= self._grid.few:
                cell.suppliers += [(segment.ids[d], segment.rows[d]) for d in chosen[start:end].tolist()]

    def result(self) -> tuple[Clusters, list[list[int]]]:
        """(clusters, rows): the clusters without their suppliers, and of each the store rows of its few suppliers,
        by id."""
        ordered = [cell for _, cell in sorted(self._cells.items())]
        clusters = tuple(
            Cluster(
                count=cell.count,
                centre=Point(cell.lat / cell.count, cell.lon / cell.count),
                bounds=Box(cell.west, cell.south, cell.east, cell.north),
            )
            for cell in ordered
        )
        rows = [[row for _, row in sorted(cell.suppliers)] if cell.count <= self._grid.few else [] for cell in ordered]
        outside, unlocated = self._located - self._inside, self._total - self._located
        return Clusters(self._total, clusters, outside, unlocated), rows


def _cells(lat: Floats, lon: Floats, precision: int) -> Int64s:
    """Column x 2^precision + row of each point's cell: from west to east, then from north to south."""
    size = 1 << precision
    lon = np.floor(lon / _LON_STEP) * _LON_STEP
    phi = np.radians(np.clip(np.floor(lat / _LAT_STEP) * _LAT_STEP, -_EDGE_LATITUDE, _EDGE_LATITUDE))
    column = np.floor((lon + 180) / 360 * size)
    row = np.floor((0.5 - np.log(np.tan(phi) + 1 / np.cos(phi)) / (2 * math.pi)) * size)
    column, row = np.clip(column, 0, size - 1), np.clip(row, 0, size - 1)
    out: Int64s = column.astype(np.int64) * size + row.astype(np.int64)
    return out
