"""What maps are drawn on: France and the land around it, waters, departments; outlines of communes, tile by tile."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from gzip import decompress
from io import BytesIO
from itertools import accumulate
from zipfile import ZipFile

from discovery.places.table import data_file

BASE = "map_base.json.gz"
"""`land` around France, `country`, `lakes`: rings; `rivers`, `borders` of departments: lines. Each is a list of whole
numbers in 1/`PER_DEGREE` degrees: longitude and latitude of the first point, then the steps to the next ones."""
TILES = "communes.zip"
"""`X_Y.json`, X and Y = degrees east and north of its corner / `TILE`: lines as above, `communes` and `edges` (of
departments, of the country)."""
PER_DEGREE = 1000
TILE = 0.5
"""Degrees."""

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]
"""West, south, east, north."""


@cache
def base() -> Mapping[str, Sequence[Sequence[int]]]:
    """The lines that the map is drawn of, by name, as `BASE` holds them."""
    found: dict[str, list[list[int]]] = json.loads(decompress(data_file(BASE).read_bytes()))
    return found


@cache
def tiles() -> Mapping[tuple[int, int], bytes]:
    """Each tile's JSON, as it lies in `TILES`."""
    with ZipFile(BytesIO(data_file(TILES).read_bytes())) as archive:
        return {tile_of(name): archive.read(name) for name in archive.namelist()}


def tile_of(name: str) -> tuple[int, int]:
    """The tile (x, y) of a file name: "8_91.json" → (8, 91). Raises ValueError for another name."""
    x, y = name.removesuffix(".json").split("_")
    return int(x), int(y)


@cache
def lines(name: str) -> tuple[Ring, ...]:
    """Those of `base` by their name: (longitude, latitude) in degrees; those of land, country and lakes are closed."""
    return tuple(map(degrees, base()[name]))


def degrees(line: Sequence[int]) -> Ring:
    """A line of differences, as the files hold it, as a ring of points in degrees."""
    along = zip(accumulate(line[0::2]), accumulate(line[1::2]), strict=True)
    return [(x / PER_DEGREE, y / PER_DEGREE) for x, y in along]


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
