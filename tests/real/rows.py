"""The public lists, read by the test itself: no code of the importer, its own haversine, its own
reading of places.

What it takes from the project is the gazetteer (names and points of communes), which has tests of
its own.
"""

import csv
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from discovery.places import Commune, Gazetteer

LISTS = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Beside the checkout, never in it: the licences of the lists don't allow that."""
SIAE, ESAT = "siae_itou_2020.csv", "esat_finess_2026.csv"
ROWS = {SIAE: 3_846, ESAT: 1_504}

CONTRADICTION_KM = 50.0
"""A point further than that from the commune that the post code tells is replaced by the commune's.
"""
CITY_KM = 20.0
"""A point that near to a city of the row's name lies in it, whatever the post code."""
EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG's R₁)."""

Point = tuple[float, float]


def fold(text: str) -> str:
    """Lower case, no accents; anything but letters and digits is one space."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").lower())
    return " ".join(re.findall(r"[a-z0-9]+", bare.encode("ascii", "ignore").decode()))


def haversine_km(one: Point, other: Point) -> float:
    """Great-circle distance (haversine), written anew."""
    (lat1, lon1), (lat2, lon2) = (
        [math.radians(value) for value in point] for point in (one, other)
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return EARTH_KM * 2 * math.atan2(math.sqrt(half), math.sqrt(1 - half))


@dataclass(frozen=True)
class Row:
    """One line of a list. `point` is where the supplier is held to be; None = nowhere known."""

    id: str
    kind: str
    siret: str
    name: str
    text: str
    commune: Commune
    point: Point | None

    @cached_property
    def words(self) -> frozenset[str]:
        """The plain words of name, brand, description and operator, folded."""
        return frozenset(fold(self.text).split())


def read(gazetteer: Gazetteer) -> list[Row]:
    """Every row of both lists."""
    return [*_siae(gazetteer), *_esat(gazetteer)]


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (LISTS / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _siae(gazetteer: Gazetteer) -> Iterator[Row]:
    met: Counter[str] = Counter()
    for line in _lines(SIAE):
        given = (
            (round(float(line["lat"]), 5), round(float(line["lon"]), 5)) if line["lat"] else None
        )
        commune = _commune(line["post_code"], line["city"], given, gazetteer)
        id_ = f"{line['siret']}-{line['kind']}"
        met[id_] += 1
        yield Row(
            id=id_ if met[id_] == 1 else f"{id_}-{met[id_]}",
            kind=line["kind"],
            siret=line["siret"],
            name=line["brand"] or line["name"],
            text=" ".join((line["name"], line["brand"], line["description"])),
            commune=commune,
            point=_point(given, commune),
        )


def _esat(gazetteer: Gazetteer) -> Iterator[Row]:
    for line in _lines(ESAT):
        commune = gazetteer.commune(line["insee_commune"])
        assert commune is not None, line["insee_commune"]
        commune = _part(commune, line["post_code"], gazetteer)
        yield Row(
            id=f"finess-{line['finess_et']}",
            kind="ESAT",
            siret=line["siret"],
            name=line["name"],
            text=" ".join((line["name"], line["operator"])),
            commune=commune,
            point=_point(None, commune),
        )


def _point(given: Point | None, commune: Commune) -> Point | None:
    own = commune.point and (round(commune.point[0], 5), round(commune.point[1], 5))
    if given is None or (own is not None and haversine_km(given, own) > CONTRADICTION_KM):
        return own
    return given


def _commune(post_code: str, city: str, point: Point | None, gazetteer: Gazetteer) -> Commune:
    """The commune of that name under that post code. Else what a patient reader would conclude: the
    name in the department that the first digits tell (CEDEX, former names), then the post code's
    largest commune, then the point.
    """
    city = re.sub(r"(?i)\bcedex\b.*", "", city)
    under = gazetteer.communes_of_postcode(post_code)
    for commune in under:
        whole = gazetteer.commune(commune.city)
        if whole is not None and fold(city) in (fold(commune.name), fold(whole.name)):
            return commune
    department = gazetteer.department_of_postcode(post_code)
    for commune in gazetteer.by_name(city, hint_postcode=post_code):
        if commune.department == department:
            return _part(commune, post_code, gazetteer)
    if under:
        return under[0]
    assert point is not None, (post_code, city)
    for commune in gazetteer.by_name(city):
        if commune.point and haversine_km(point, commune.point) < CITY_KM:
            return commune
    near = gazetteer.nearest(*point)
    assert near is not None, point
    return near[0]


def _part(commune: Commune, post_code: str, gazetteer: Gazetteer) -> Commune:
    """Of Paris, Lyon and Marseille, the arrondissement of that post code."""
    parts = gazetteer.communes_of_postcode(post_code)
    return next((part for part in parts if part.parent == commune.code), commune)
