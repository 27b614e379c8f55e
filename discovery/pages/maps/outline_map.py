"""Departments as SVG paths: the outlines projected once, each near enough to be seen. Pure.

The mainland in an equirectangular projection; Paris and its inner ring again, larger, in the corner
that the Channel leaves free; the departments overseas each in a square of their own below.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from statistics import fmean
from typing import Any

from discovery.disk_cache import cached
from discovery.model import dataclass
from discovery.places import gazetteer
from discovery.places.outlines import FILE
from discovery.places.table import read_bytes

WIDTH, HEIGHT = 620, 705
"""The view box."""


Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a part of the world is drawn: degrees west, south, east, north, centred in a box of the
    view.
    """

    west: float
    south: float
    east: float
    north: float
    left: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Units of the view for a degree of latitude."""
        return min(
            self.width / ((self.east - self.west) * self._shrink),
            self.height / (self.north - self.south),
        )

    def place(self, lon: float, lat: float) -> Point:
        """(x, y) in the frame of a point in degrees."""
        scale = self.scale
        x = (lon - (self.west + self.east) / 2) * self._shrink * scale
        y = ((self.south + self.north) / 2 - lat) * scale
        return self.left + self.width / 2 + x, self.top + self.height / 2 + y

    def matrix(self, per_degree: int) -> str:
        """The same as an SVG transform of (longitude, latitude) in so many units a degree."""
        (x, y), scale = self.place(0, 0), self.scale / per_degree
        return f"matrix({self._shrink * scale:.6f} 0 0 {-scale:.6f} {x:.2f} {y:.2f})"

    @property
    def _shrink(self) -> float:
        """A degree of longitude for one of latitude."""
        return math.cos(math.radians((self.south + self.north) / 2))


MAINLAND = Frame(-5.2, 41.3, 9.6, 51.15, 5, 5, 610, 605)
PARIS = Frame(2.14, 48.68, 2.62, 49.02, 12, 18, 110, 118)
OVERSEAS = {
    "971": Frame(-61.85, 15.8, -61.0, 16.55, 20, 622, 66, 66),
    "972": Frame(-61.27, 14.35, -60.78, 14.92, 130, 622, 66, 66),
    "973": Frame(-54.65, 2.05, -51.55, 5.8, 240, 622, 66, 66),
    "974": Frame(55.18, -21.42, 55.88, -20.85, 350, 622, 66, 66),
    "976": Frame(44.98, -13.04, 45.34, -12.6, 460, 622, 66, 66),
}
INNER_RING = ("75", "92", "93", "94")


@dataclass(frozen=True, slots=True)
class Shape:
    """One department, drawn once or twice: `path` is an SVG path's data, `x`, `y` where its number
    stands.
    """

    code: str
    path: str
    x: float
    y: float
    numbered: bool = True
    """False where the same department stands larger in the inset."""


@cache
def geometries() -> Mapping[str, Mapping[str, Any]]:
    """Department → its GeoJSON polygon or multipolygon, read once."""
    features = json.loads(read_bytes(FILE))["features"]
    return {one["properties"]["code"]: one["geometry"] for one in features}


@cache
def shapes() -> tuple[Shape, ...]:
    """The mainland, then the insets, in the order of codes."""
    return cached(__file__, lambda: tuple(_shapes(geometries())))


@cache
def regions() -> Mapping[str, Mapping[str, Shape]]:
    """Region → its shapes by an id of their own: `d` and the number, `i` and the number in the
    inset.
    """
    found: dict[str, dict[str, Shape]] = {}
    for one in shapes():
        if department := gazetteer().department(one.code):
            held = found.setdefault(department.region, {})
            held[f"i{one.code}" if f"d{one.code}" in held else f"d{one.code}"] = one
    return found


@cache
def whole_regions() -> Mapping[str, Shape]:
    """Shapes of regions by `r` and their number: the paths of their departments, the number amid
    theirs.
    """
    return {
        f"r{code}": Shape(
            code,
            "",
            round(fmean(shape.x for id, shape in held.items() if id.startswith("d"))),
            round(fmean(shape.y for id, shape in held.items() if id.startswith("d"))),
        )
        for code, held in regions().items()
    }


def _shapes(features: Mapping[str, Mapping[str, Any]]) -> Iterator[Shape]:
    for code, geometry in features.items():
        yield shape(code, geometry, OVERSEAS.get(code, MAINLAND), numbered=code not in INNER_RING)
    for code in INNER_RING:
        if code in features:
            yield shape(code, features[code], PARIS)


def shape(code: str, geometry: Mapping[str, Any], frame: Frame, *, numbered: bool = True) -> Shape:
    """A GeoJSON polygon or multipolygon in a frame. Rings that shrink to a speck are left out, but
    for the largest.
    """
    parts = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    rings = [[frame.place(lon, lat) for lon, lat in ring] for part in parts for ring in part]
    rings.sort(key=lambda ring: -abs(area(ring)))
    kept = [rings[0], *(ring for ring in rings[1:] if abs(area(ring)) > 1)]
    x, y = centre(rings[0])
    return Shape(code, "".join(map(path, kept)), round(x, 1), round(y, 1), numbered)


def path(ring: Ring) -> str:
    """The SVG path of a ring, in half units, finer than a screen shows; points that fall together
    are told once.
    """
    steps = [(round(x * 2), round(y * 2)) for x, y in ring]
    told = [step for before, step in zip([None, *steps], steps, strict=False) if step != before]
    steps = [
        (x - was_x, y - was_y)
        for (was_x, was_y), (x, y) in pairwise([(0, 0), *(told[:-1] or told)])
    ]
    # After the first pair "m" draws lines, and a minus parts two numbers as a space does.
    return (
        re.sub(r"\b0\.", ".", "m" + " ".join(f"{x / 2:g} {y / 2:g}" for x, y in steps)).replace(
            " -", "-"
        )
        + "z"
    )


def area(ring: Ring) -> float:
    """The area of a ring, signed, by the shoelace formula."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def centre(ring: Ring) -> Point:
    """The centroid of a closed ring; the mean of its points when it has no area."""
    whole = area(ring)
    if abs(whole) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    edges = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
    return (
        sum((a[0] + b[0]) * cross for a, b, cross in edges) / (6 * whole),
        sum((a[1] + b[1]) * cross for a, b, cross in edges) / (6 * whole),
    )
