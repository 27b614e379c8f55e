"""Search documents written by hand: shaped by `mappings/suppliers.json`, made without indexer or
gazetteer.

supplier("a", kind="ESAT", town=LYON, activities=[does("menuiserie", zone=within(30))])
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from discovery.engine.port import Document, Point


@dataclass(frozen=True, slots=True)
class Town:
    """Codes and point (degrees) of a commune, as the gazetteer has them."""

    code: str
    department: str
    region: str
    lat: float
    lon: float

    @property
    def place(self) -> str:
        return f"commune:{self.code}"

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


LYON = Town("69123", "69", "84", 45.76770, 4.83540)
VILLEURBANNE = Town("69266", "69", "84", 45.76630, 4.87970)
GRENOBLE = Town("38185", "38", "84", 45.18660, 5.73630)
VIENNE = Town("38544", "38", "84", 45.52560, 4.87520)
PARIS = Town("75056", "75", "11", 48.85660, 2.34290)
NANTES = Town("44109", "44", "52", 47.21860, -1.55380)
TOWNS = (LYON, VILLEURBANNE, GRENOBLE, VIENNE, PARIS, NANTES)

GROUPS = {
    "nettoyage-de-locaux": "hygiene-et-proprete",
    "nettoyage-de-vehicules": "hygiene-et-proprete",
    "blanchisserie": "entretien-du-linge",
    "menuiserie": "batiments-et-travaux-publics",
    "restauration": "agro-alimentaire",
}
"""Sector → group. The engine reads no vocabulary: any codes will do, these read well."""

_INSERTION = {"EI", "AI", "ACI", "ETTI", "EITI", "GEIQ", "SEP"}
_HOLDING = {
    town.place: (f"department:{town.department}", f"region:{town.region}") for town in TOWNS
} | {f"department:{town.department}": (f"region:{town.region}",) for town in TOWNS}

Zone = dict[str, Any]


def everywhere() -> Zone:
    return {"scope": "country"}


def within(radius_km: int) -> Zone:
    """Around the supplier's own location, which `supplier` copies in."""
    return {"scope": "radius", "radius_km": radius_km}


def at(*places: str) -> Zone:
    """Any regions, departments and communes, by place code."""
    held = sorted({holder for place in places for holder in _HOLDING.get(place, ())})
    return {"scope": "places", "places": list(places), **({"places_within": held} if held else {})}


def nowhere() -> Zone:
    return {"scope": "none"}


def presumed(radius_km: int) -> Zone:
    """Declared by nobody: around the supplier's own location."""
    return {"scope": "presumed", "radius_km": radius_km}


def does(
    sector: str = "nettoyage-de-locaux",
    *,
    services: Iterable[str] = ("PREST",),
    zone: Zone | None = None,
) -> Zone:
    """One activity."""
    return {
        "sector": sector,
        "sector_group": GROUPS[sector],
        "service_types": list(services),
        **(nowhere() if zone is None else zone),
    }


def supplier(
    id: str,
    *,
    kind: str = "EI",
    name: str = "",
    town: Town | None = LYON,
    location: Point | str | None = "town",
    activities: Iterable[Zone] = (),
    **fields: Any,
) -> Document:
    """A live document. `location`: a point, None for none, or by default the town's."""
    document: Document = {
        "id": id, "live": True, "slug": f"slug-{id}", "fingerprint": f"print-{id}", "kind": kind,
        "kind_group": "insertion" if kind in _INSERTION else "handicap", "name": name or f"Structure {id}",
        "name_key": (name or f"structure {id}").lower(),
        "certification_level": min(len(fields.get("certifications", ())), 3), "completeness": 50,
        "public": {"id": id, "name": name},
    }  # fmt: skip
    if town is not None:
        document |= {"commune": town.code, "department": town.department, "region": town.region}
    point = (town.point if town is not None else None) if isinstance(location, str) else location
    if point is not None:
        document["location"] = {"lat": point.lat, "lon": point.lon}
    document["activities"] = [
        {**one, "location": document["location"]}
        if one["scope"] in ("radius", "presumed") and point is not None
        else dict(one)
        for one in activities
    ]
    if not document["activities"]:
        del document["activities"]
    return document | fields


def delisted(id: str) -> Document:
    """The stub that a delisted supplier leaves."""
    return {"id": id, "live": False, "slug": f"slug-{id}"}


WORDS = (
    "nettoyage",
    "vitres",
    "bureaux",
    "entretien",
    "menuiserie",
    "bois",
    "linge",
    "traiteur",
    "jardins",
    "papier",
)


def crowd(size: int, seed: int) -> Iterator[Document]:
    """Random suppliers for property tests: every field present in some and absent in others, many
    ties.
    """
    dice = random.Random(seed)
    places = [*_HOLDING, *(f"region:{town.region}" for town in TOWNS)]

    def zone() -> Zone:
        match dice.randrange(7):
            case 0:
                return everywhere()
            case 1 | 2:
                return within(dice.choice([1, 5, 30, 100, 500]))
            case 3 | 4:
                return at(*dice.sample(places, dice.randrange(1, 4)))
            case 5:
                return presumed(dice.choice([5, 30, 100]))
            case _:
                return nowhere()

    def some(values: Iterable[str], most: int) -> list[str]:
        return dice.sample([*values], dice.randrange(most + 1))

    def text(most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randrange(1, most)))

    for number in range(size):
        town = dice.choice(TOWNS)
        jitter = Point(
            round(town.lat + dice.uniform(-0.3, 0.3), 5),
            round(town.lon + dice.uniform(-0.3, 0.3), 5),
        )
        fields: dict[str, Any] = {
            "certifications": some(("rge", "iso-9001", "iso-14001"), 3),
            "networks": some(("coorace", "unapei"), 2),
            "territories": some(("qpv", "zrr"), 1),
            "evidence": some(("contract", "job"), 2),
            "evidence_sectors": some(GROUPS, 1),
            "offers": [text(6) for _ in range(dice.randrange(3))],
            "sector_terms": some(WORDS, 4),
            "description": text(30) if dice.random() < 0.7 else "",
            "employees_band": dice.choice(["1-9", "10-49", "500+", ""]),
            "legal_form": dice.choice(["SAS", "ASSO", ""]),
            "updated_at": dice.choice(["2026-01-01", "2024-06-30", "2020-02-29", ""]),
            "first_listed_at": dice.choice(
                ["2026-01-01T08:00:00Z", "2026-01-01T08:00:01Z", "2020-02-29T23:59:59Z", ""]
            ),
        }
        yield supplier(
            f"c{number:04}",
            kind=dice.choice(["EI", "AI", "ACI", "ESAT", "EA"]),
            name=text(4),
            town=town,
            location=dice.choice([town.point, jitter, jitter, None]),
            activities=[
                does(
                    dice.choice([*GROUPS]),
                    services=dice.sample(["DISP", "PREST", "BUILD"], dice.randrange(1, 3)),
                    zone=zone(),
                )
                for _ in range(dice.randrange(5))
            ],
            completeness=dice.choice([0, 40, 80, 100]),
            **{name: value for name, value in fields.items() if value},
        )
