"""A request on a snapshot: each segment answers, the answers are put together. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from discovery.engine.embedded import facets, rank
from discovery.engine.embedded.arrays import Floats, Int64s, Ints
from discovery.engine.embedded.match import View, match
from discovery.engine.embedded.rank import position
from discovery.engine.embedded.score import Sought
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.embedded.where import in_box
from discovery.engine.port import Box, Cluster, Clusters, Grid, Point, Position, SearchRequest

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


Ranked = tuple[int, float | None, Position | None]
"""(store row, score, position) of a hit."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search's answer: numbers and places, no documents yet.

    `page`: its hits, in order.
    """

    total: int
    facets: dict[str, dict[str, int]]
    page: list[Ranked]


def search(snapshot: Snapshot, request: SearchRequest) -> Found:
    """Total, facet counts and the page's hits of a request, over all segments."""
    sought = Sought.of(snapshot, request)
    total = 0
    counts: dict[str, dict[str, int]] = {}
    ranked: list[tuple[rank.Key, int, float | None]] = []
    for number, view in enumerate(snapshot.views):
        matches = match(view, request, sought.matches(number, view.segment), request.facets)
        total += len(matches.found)
        counted = facets.count(matches, request)
        counts = _added(counts, counted) if number else counted
        rows = view.segment.rows
        ranked += [(key, rows[document], score) for key, document, score in rank.best(matches, number, sought)]
    if len(snapshot.views) > 1:
        ranked.sort(key=lambda one: one[0])
    page = ranked[request.offset : request.offset + request.size]
    return Found(total, counts, [(row, score, position(request.order, key)) for key, row, score in page])


def _added(counts: dict[str, dict[str, int]], more: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    for name, values in more.items():
        mine = counts[name]
        for value, number in values.items():
            mine[value] = mine.get(value, 0) + number
    return counts


def total(snapshot: Snapshot, request: SearchRequest) -> int:
    """How many documents match a request."""
    sought = Sought.of(snapshot, request)
    return sum(
        len(match(view, request, sought.matches(number, view.segment)).found)
        for number, view in enumerate(snapshot.views)
    )


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map's answer: clusters, no documents yet.

    `rows`: of each cluster, the store rows of its suppliers when they are few.
    """

    found: Clusters
    rows: list[list[int]]


def milestones(snapshot: Snapshot, request: SearchRequest, every: int) -> list[str]:
    """The id of each `every`-th match in the order of ids: where parts of a walk may begin."""
    sought = Sought.of(snapshot, request)
    ids: list[str] = []
    for number, view in enumerate(snapshot.views):
        found = match(view, request, sought.matches(number, view.segment)).found
        ids += [view.segment.ids[document] for document in found.tolist()]
    if len(snapshot.views) > 1:
        ids.sort()
    return ids[every - 1 :: every]


def clusters(snapshot: Snapshot, request: SearchRequest, grid: Grid) -> Mapped:
    """Count matches by cell of a grid, with the store rows of those in cells that hold few."""
    sought = Sought.of(snapshot, request)
    cells = Cells(grid)
    for number, view in enumerate(snapshot.views):
        cells.add(view.segment, match(view, request, sought.matches(number, view.segment)).found)
    return Mapped(*cells.result())


def names(snapshot: Snapshot, tokens: Sequence[str], siret: str, limit: int) -> list[int]:
    """Store rows of at most `limit` live documents whose name or brand has all tokens, the last one as a prefix; or
    whose SIRET starts with `siret` (empty = none). Most complete first, then by id."""
    ranked: list[tuple[int, str, int]] = []
    for view in snapshot.views:
        segment = view.segment
        mask = np.zeros(segment.size, dtype=np.bool_)
        if tokens:
            mask[_named(view, tokens[-1], "\U0010ffff")] = True
            for token in tokens[:-1]:
                whole = np.zeros(segment.size, dtype=np.bool_)
                whole[_named(view, token, "")] = True
                mask &= whole
        if siret:
            sirets, documents = segment.by_siret
            first, last = bisect_left(sirets, siret), bisect_left(sirets, siret + "\U0010ffff")
            mask[documents[first:last]] = True
        found = np.flatnonzero(mask & view.alive)
        # Documents are numbered in id order, so that equals stay in it.
        order = np.argsort(-segment.completeness[found].astype(np.int64), kind="stable")[:limit]
        ranked += [(-int(segment.completeness[d]), segment.ids[d], segment.rows[d]) for d in found[order].tolist()]
    ranked.sort()
    return [row for _, _, row in ranked[:limit]]


def _named(view: View, word: str, after: str) -> Ints:
    """Documents named with a word from `word` to `word + after` (included when `after` is empty)."""
    words, starts, documents = view.segment.name_index
    first = bisect_left(words, word)
    last = bisect_left(words, word + after) if after else first + int(words[first : first + 1] == [word])
    return documents[starts[first] : starts[last]]
