"""What lies around France: the land of all countries in sight, coarse, for maps to be drawn on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from gzip import decompress

from discovery.gazetteer.table import data_file

FILE = "land.geojson.gz"

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]
"""West, south, east, north."""


def land_gz() -> bytes:
    """Gzipped GeoJSON (RFC 7946): one feature a country, property `name`; polygons without holes."""
    return data_file(FILE).read_bytes()


@cache
def rings() -> tuple[Ring, ...]:
    """Outer rings of all polygons, (longitude, latitude) in degrees, closed."""
    features = json.loads(decompress(land_gz()))["features"]
    return tuple(
        [(lon, lat) for lon, lat in polygon[0]] for one in features for polygon in one["geometry"]["coordinates"]
    )


def clipped(ring: Iterable[Point], box: Box) -> Ring:
    """The part of a closed ring within a box, closed; empty where there is none (Sutherland and Hodgman's way: parts
    that lie apart hang together along the box's edge, which a map's frame hides)."""
    west, south, east, north = box
    found = list(ring)
    for axis, edge, inside in (
        (0, west, lambda value: value >= west),
        (0, east, lambda value: value <= east),
        (1, south, lambda value: value >= south),
        (1, north, lambda value: value <= north),
    ):
        found = _cut(found, axis, edge, inside)
        if not found:
            return []
    return found


def _cut(ring: Ring, axis: int, edge: float, inside: Callable[[float], bool]) -> Ring:
    """What is on one side of a line."""
    kept: Ring = []
    for before, point in zip([ring[-1], *ring], ring, strict=False):
        was, is_in = inside(before[axis]), inside(point[axis])
        if was != is_in:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            along = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            kept.append((edge, along) if axis == 0 else (along, edge))
        if is_in:
            kept.append(point)
    if kept and kept[0] != kept[-1]:
        kept.append(kept[0])
    return kept
