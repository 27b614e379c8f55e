"""Small random worlds: documents and requests over few values, so that they meet often.

Words are `w0`..`w7`, analysed by `Split`; places are three communes in two departments of two
regions; points stand around a centre, some within a metre or two of a circle's edge (never nearer,
so that the last bit of a distance decides nothing).

Each is made of a `Random`; as a strategy (`worlds`, `requests`), of the seed that Hypothesis draws,
which leaves out what a fault does not need, document by document.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    FACETS,
    Alternative,
    Box,
    Circle,
    Coverage,
    DistanceSignal,
    Document,
    Filters,
    FreshnessSignal,
    National,
    Need,
    Order,
    Point,
    SearchRequest,
    SeaSignal,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    Word,
    drawn,
)
from discovery.mappings.profiles import Promise, TradeTiers

DEFINITION: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "mappings" / "suppliers.json").read_text(encoding="utf-8")
)
FIELDS = tuple(
    name
    for name, mapping in DEFINITION["mappings"]["properties"].items()
    if mapping.get("type") == "text"
)
WORDS = tuple(f"w{number}" for number in range(8))
SECTORS = {
    "peinture": "batiment",
    "maconnerie": "batiment",
    "vitres": "proprete",
    "linge": "textile",
}
PLACES = (
    "commune:1",
    "commune:2",
    "commune:3",
    "department:10",
    "department:20",
    "region:100",
    "region:200",
)
SEATS = {"1": ("10", "100"), "2": ("10", "100"), "3": ("20", "200")}
RADII = (5, 30, 120)
CENTRE = Point(45.76, 4.84)
OTHER = Point(45.76, 4.84 + 0.2)
AS_OF = date(2026, 11, 24)
LISTED = (
    "1969-12-31T23:59:59Z",
    "2024-02-29T00:00:00Z",
    "2026-11-24T08:59:59Z",
    "2026-11-24T09:00:00Z",
)
"""First listings, some a second apart."""


class Split(Analysis):
    """The plainest analysis: words between blanks, lower case; `french` also cuts a final s."""

    def __init__(self) -> None:
        super().__init__({})

    def terms(self, analyzer: str, text: str) -> list[str]:
        words = text.lower().split()
        return [word.removesuffix("s") or word for word in words] if analyzer == "french" else words

    def terms_by(self, analyzers: Sequence[str], text: str) -> list[list[str]]:
        return [self.terms(analyzer, text) for analyzer in analyzers]


def moved(point: Point, km: float, bearing: float) -> Point:
    """`km` away from a point on the sphere of 6371.0088 km, in the direction of `bearing`
    (degrees).
    """
    angle, phi, theta = km / 6371.0088, math.radians(point.lat), math.radians(bearing)
    lat = math.asin(
        math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(theta)
    )
    east = math.atan2(
        math.sin(theta) * math.sin(angle) * math.cos(phi),
        math.cos(angle) - math.sin(phi) * math.sin(lat),
    )
    return Point(math.degrees(lat), point.lon + math.degrees(east))


def _edge_points() -> list[dict[str, float]]:
    points = []
    for radius in RADII:
        for number, km in enumerate((radius / 2, radius - 0.001, radius + 0.001, radius * 1.5)):
            point = moved(CENTRE, km, 37.0 * number + radius)
            points.append({"lat": point.lat, "lon": point.lon})
    return [*points, {"lat": CENTRE.lat, "lon": CENTRE.lon}, {"lat": -17.5, "lon": 179.5}]


POINTS = _edge_points()


def _some(chance: Random, values: Iterable[Any], most: int = 2, least: int = 0) -> list[Any]:
    return chance.sample(list(values), chance.randint(least, most))


def activity(chance: Random) -> dict[str, Any]:
    sector = chance.choice([None, *SECTORS, *SECTORS])
    held = {
        "sector": sector,
        "sector_group": sector
        and chance.choice([SECTORS[sector]] * 4 + ["proprete"]),  # its own, or one of before
        "scope": chance.choice(
            ["country", "radius", "radius", "places", "places", "presumed", "presumed", "none"]
        ),
        "service_types": _some(chance, ["DISP", "PREST", "BUILD"]),
        # A document builder gives places and radius only to their scopes; the port's rules say what
        # else would mean.
        "places": _some(chance, PLACES),
        "places_within": _some(chance, PLACES),
        "radius_km": chance.choice([None, *RADII, *RADII]),
        "location": chance.choice([None, *POINTS]),
    }
    return {name: value for name, value in held.items() if value is not None}


def document(chance: Random, id_: str) -> Document:
    """Three of four with most fields, so that most requests meet them; with one value where a list
    may stand.
    """
    commune = chance.choice(list(SEATS))
    department, region = SEATS[commune]

    def text() -> str:
        return " ".join(chance.choices(WORDS, k=chance.choice([0, 1, 2, 3, 50])))

    fields = {
        "kind": chance.choice(["EI", "EA", "ESAT"]),
        "kind_group": chance.choice(["insertion", "handicap"]),
        "legal_form": chance.choice(["SAS", "ASSO"]),
        "siret": chance.choice(["12345678900011", "12345678900022", "98765432100011"]),
        "name_key": chance.choice("abcdé"),
        "certifications": _some(chance, ["rge", "iso"]),
        "networks": chance.choice([_some(chance, ["coorace", "unea"]), "coorace"]),
        "territories": _some(chance, ["qpv", "zrr"]),
        "evidence": _some(chance, ["contract", "job", "naf"]),
        "evidence_sectors": _some(chance, [*SECTORS, *SECTORS.values()]),
        "employees_band": chance.choice(["1-9", "10-49"]),
        "activities": [activity(chance) for _ in range(chance.choice([0, 1, 2, 3, 4, 8]))],
        "location": chance.choice(POINTS),
        "certification_level": chance.randint(0, 3),
        "completeness": chance.choice([0, 40, 70, 100]),
        "first_listed_at": chance.choice(LISTED),
        "updated_at": (
            AS_OF - timedelta(days=chance.choice([-5, 0, 200, 400, chance.randint(0, 900)]))
        ).isoformat(),
        **{field: chance.choice([text(), text(), [text(), text()]]) for field in FIELDS},
    }
    likely = chance.choice([0.5, 0.9, 0.9, 0.9])
    held = {name: value for name, value in fields.items() if chance.random() < likely}
    seat = {"commune": commune, "department": department, "region": region, "public": {"id": id_}}
    return {"id": id_, "live": chance.random() < 0.9, **seat, **held}


def target(chance: Random) -> Target:
    places, within = frozenset(_some(chance, PLACES, 3)), frozenset(_some(chance, PLACES, 3))
    points = chance.choice([(CENTRE,), (OTHER,), (CENTRE, OTHER)])
    circle = Circle(CENTRE, float(chance.choice([*RADII, *RADII, *RADII, 0])))
    communes, departments = (
        frozenset(_some(chance, SEATS, least=1)),
        frozenset(_some(chance, ["10", "20"])),
    )
    return chance.choice(
        [
            Target(everywhere=True),
            Target(communes=communes, zone_places=places, zone_points=points),
            Target(communes=communes, circle=circle, zone_places=places, zone_points=(CENTRE,)),
            Target(circle=circle, zone_places=places, zone_points=(CENTRE,)),
            Target(
                communes, departments, zone_places=places, zone_within=within, zone_points=points
            ),
            Target(departments=departments, zone_places=places, zone_within=places),
            Target(regions=frozenset(_some(chance, ["100", "200"])), zone_within=places),
        ]
    )


def _words(chance: Random, most: int, least: int = 0) -> tuple[Word, ...]:
    def alternatives() -> tuple[Alternative, ...]:
        return tuple(
            Alternative(token, chance.choice([1.0, 0.6]))
            for token in _some(chance, [*WORDS, "unheard"], 3, least=2)
        )

    return tuple(Word("word", alternatives()) for _ in range(chance.randint(least, most)))


def text(chance: Random) -> TextQuery:
    words = _words(chance, 3, least=1)
    boosts = tuple(
        (field, chance.choice([0.5, 1.0, 3.0])) for field in _some(chance, FIELDS, 5, least=2)
    )
    return TextQuery(words, chance.randint(1, len(words)), boosts, chance.choice([0.0, 0.3, 1.0]))


VALUES: dict[str, list[str]] = {
    "kind": ["EI", "EA", "ESAT"], "kind_group": ["insertion", "handicap"],
    "sector": [*SECTORS, *SECTORS.values(), "unknown"], "service_type": ["DISP", "PREST", "BUILD"],
    "certification": ["rge", "iso"], "network": ["coorace", "unea"], "territory": ["qpv", "zrr"],
    "evidence": ["contract", "job"], "legal_form": ["SAS", "ASSO"], "employees": ["1-9", "10-49"],
    "department": ["10", "20"], "region": ["100", "200"], "siret": ["123456789", "98765432100011"],
}  # fmt: skip
"""Of each filter."""
OFTEN = ("sector", "service_type")
EXCLUDING = (*OFTEN, *OFTEN, "kind", "kind_group", "network", "certification", "siret")


def filters(
    chance: Random, most: int, least: int = 0, names: Iterable[str] = (*OFTEN, *VALUES)
) -> Filters:
    """Few at once, else nothing would match."""
    chosen = {
        name: tuple(_some(chance, VALUES[name], least=1))
        for name in _some(chance, names, most, least)
    }
    filters: dict[str, Any] = dict(chosen)
    if "siret" in filters:
        filters["siret"] = chosen["siret"][0]
    return Filters(**filters)


TRADE, PROMISE, LIKELY = (
    TradeTiers(36, 12, 4),
    Promise(1, 0.9, 0.8, 0.3),
    Promise(0.75, 0.5, 0.5, 0),
)
_HERE = Target(departments=frozenset({"20"}))
DISTANCES = (
    DistanceSignal(0.8, (), 5.0, 20.0, 200.0, 0.4),
    DistanceSignal(3, (CENTRE,), 5.0, 20.0, 200.0, 0.4),
    DistanceSignal(0.5, (OTHER, CENTRE), 0.0, 20.0, 200.0, 0.4, (_HERE,)),
    DistanceSignal(
        0.5, (CENTRE,), 1.0, 10.0, 100.0, 0.0, (_HERE, Target(circle=Circle(CENTRE, 30.0)))
    ),
)
TURNS = (drawn("today"), drawn("tomorrow"))
SEAS = (SeaSignal(0.001, frozenset({"20"})), SeaSignal(0.001, frozenset({"10"}), among=False))


def signals(chance: Random) -> Signals:
    return Signals(
        base=chance.choice([0.0, 1.0]),
        named=chance.choice(
            [(), (), (Word("w1", (Alternative("w1"),)), Word("w2", (Alternative("w2"),)))]
        ),
        trade=chance.choice([TradeTiers(), TRADE, TRADE]),
        promise=chance.choice([Promise(), PROMISE, PROMISE, LIKELY]),
        text=chance.choice([None, TextSignal(0.3, 3.0), TextSignal(0.7, 0.5)]),
        distance=chance.choice([None, *DISTANCES]),
        completeness=chance.choice([0.0, 0.3]),
        certifications=chance.choice([0.0, 0.2]),
        freshness=chance.choice([None, FreshnessSignal(0.1, AS_OF, 30, 365, 0.5)]),
        sea=chance.choice([None, None, *SEAS]),
        pinned=chance.choice([(), (), ("d03", "d00", "d00007", "d99")]),
        buried=chance.choice([(), (), ("d01", "d02")]),
        rotation=chance.choice([None, *TURNS]),
    )


def need(chance: Random, asked: TextQuery | None) -> Need:
    """Of one or two trades, or of words alone."""
    words = chance.choice([asked.words if asked else (), _words(chance, 2), ()])
    fields = chance.choice([(), (), ("name",), ("offers", "description")])
    trades = _some(chance, [*SECTORS, *SECTORS.values()], least=chance.choice([0, 1, 1, 1]))
    return Need(tuple(trades), words, chance.randint(1, max(1, len(words))), fields)


def request(chance: Random) -> SearchRequest:
    asked = text(chance) if chance.random() < 0.6 else None
    made = SearchRequest(
        text=asked,
        filters=filters(chance, chance.choice([0, 1, 2])),
        targets=tuple(target(chance) for _ in range(chance.choice([0, 0, 1, 1, 2]))),
        coverage=chance.choice(list(Coverage)),
        national=chance.choice([National.INCLUDE, *National]),
        box=chance.choice(
            [None] * 8 + [Box(4.0, 45.0, 5.5, 46.5), Box(170.0, -20.0, -170.0, 50.0)]
        ),
        centre=chance.choice([None, CENTRE]),
        signals=signals(chance),
        order=chance.choice([Order.RELEVANCE] * 4 + list(Order)),
        offset=chance.choice([0, 0, 3]),
        size=chance.choice([100, 100, 20, 4, 0]),
        facets=chance.choice([FACETS, FACETS, ("kind", "sector"), ("coverage", "national"), ()]),
        scope=tuple(filters(chance, 2, least=1) for _ in range(chance.choice([0] * 6 + [1, 2]))),
        needs=tuple(need(chance, asked) for _ in range(chance.choice([0, 0, 1, 1, 2]))),
        exclude=filters(chance, 2, names=EXCLUDING) if chance.random() < 0.25 else Filters(),
        exclude_targets=(target(chance),) if chance.random() < 0.1 else (),
        presumed=chance.random() < 0.7,
        unknown_trades=chance.random() < 0.1,
    )
    return replace(made, unless=request(chance), facets=()) if chance.random() < 0.1 else made


_dice = st.integers(0, 2**64 - 1).map(Random)


def documents(id_: str) -> st.SearchStrategy[Document]:
    return _dice.map(lambda chance: document(chance, id_))


def some_documents(size: int) -> list[Document]:
    """Always the same."""
    return [document(Random(number), f"d{number:05}") for number in range(size)]


def worlds(most: int = 24) -> st.SearchStrategy[list[Document]]:
    return st.lists(_dice, max_size=most).map(
        lambda all: [document(one, f"d{at:02}") for at, one in enumerate(all)]
    )


def requests() -> st.SearchStrategy[SearchRequest]:
    return _dice.map(request)
