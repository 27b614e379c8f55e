"""Small random worlds: documents and requests over few values, so that they meet often.

Words are `w0`..`w7`, analysed by `Split`; places are three communes in two departments of two regions; points
stand around a centre, some within a metre or two of a circle's edge (never nearer, so that the last bit of a
distance decides nothing).

Two kinds: strategies, which find odd corners and shrink; and `dense_*`, uniformly random, in which most requests find
something to disagree about.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import fields, replace
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
FIELDS = tuple(name for name, mapping in DEFINITION["mappings"]["properties"].items() if mapping.get("type") == "text")
WORDS = tuple(f"w{number}" for number in range(8))
SECTORS = {"peinture": "batiment", "maconnerie": "batiment", "vitres": "proprete", "linge": "textile"}
PLACES = ("commune:1", "commune:2", "commune:3", "department:10", "department:20", "region:100", "region:200")
SEATS = {"1": ("10", "100"), "2": ("10", "100"), "3": ("20", "200")}
RADII = (5, 30, 120)
CENTRE = Point(45.76, 4.84)
OTHER = Point(45.76, 4.84 + 0.2)
AS_OF = date(2026, 11, 24)
LISTED = ("1969-12-31T23:59:59Z", "2024-02-29T00:00:00Z", "2026-11-24T08:59:59Z", "2026-11-24T09:00:00Z")
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
    """`km` away from a point on the sphere of 6371.0088 km, in the direction of `bearing` (degrees)."""
    angle, phi, theta = km / 6371.0088, math.radians(point.lat), math.radians(bearing)
    lat = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(theta))
    east = math.atan2(
        math.sin(theta) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(lat)
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


def some(values: Any, most: int = 2) -> Any:
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True)


def some_tuple(values: Any, most: int = 2) -> Any:
    return some(values, most).map(tuple)


def rarely(strategy: Any) -> Any:
    """The strategy once in four times, else nothing."""
    return st.one_of(st.none(), st.none(), st.none(), strategy)


@st.composite
def activities(draw: Any) -> dict[str, Any]:
    sector = draw(st.one_of(st.none(), st.sampled_from(list(SECTORS)), st.sampled_from(list(SECTORS))))
    activity: dict[str, Any] = {"scope": draw(st.sampled_from(["country", "radius", "places", "presumed", "none"]))}
    if sector is not None:
        activity |= {"sector": sector, "sector_group": SECTORS[sector]}
    if activity["scope"] in ("radius", "presumed"):
        activity["radius_km"] = draw(st.sampled_from(RADII))
        activity["location"] = draw(st.one_of(st.none(), st.sampled_from(POINTS)))
    if activity["scope"] == "places" or (activity["scope"] == "presumed" and activity["location"] is None):
        activity["places"] = draw(some(PLACES))
        activity["places_within"] = draw(some(PLACES))
    activity["service_types"] = draw(some(["DISP", "PREST", "BUILD"]))
    return activity


@st.composite
def documents(draw: Any, id_: str) -> Document:
    """With any field missing, or one value where a list may stand."""
    commune = draw(st.sampled_from(list(SEATS)))
    department, region = SEATS[commune]
    text = st.lists(st.sampled_from(WORDS), max_size=60 if draw(st.integers(0, 9)) == 0 else 4).map(" ".join)
    choices: dict[str, Any] = {
        "kind": st.sampled_from(["EI", "EA", "ESAT"]),
        "kind_group": st.sampled_from(["insertion", "handicap"]),
        "legal_form": st.sampled_from(["SAS", "ASSO"]),
        "siret": st.sampled_from(["12345678900011", "12345678900022", "98765432100011"]),
        "name_key": st.sampled_from(["a", "b", "é"]),
        "location": st.sampled_from(POINTS),
        "certifications": some(["rge", "iso"]),
        "networks": st.one_of(some(["coorace", "unea"]), st.sampled_from(["coorace"])),
        "territories": some(["qpv", "zrr"]),
        "evidence": some(["contract", "job", "naf"]),
        "evidence_sectors": some([*SECTORS, *SECTORS.values()]),
        "employees_band": st.sampled_from(["1-9", "10-49"]),
        "certification_level": st.integers(0, 3),
        "completeness": st.sampled_from([0, 40, 40, 100]),
        "updated_at": st.integers(0, 3).map(lambda days: (AS_OF - timedelta(days=200 * days)).isoformat()),
        "first_listed_at": st.sampled_from(LISTED),
        "activities": st.lists(activities(), max_size=4),
        **{field: st.one_of(text, st.lists(text, max_size=2)) for field in FIELDS},
    }
    document: Document = {"id": id_, "live": draw(st.integers(0, 9)) > 0}
    document |= {"commune": commune, "department": department, "region": region}
    for name, strategy in choices.items():
        if draw(st.booleans()):
            document[name] = draw(strategy)
    return document


@st.composite
def worlds(draw: Any, most: int = 24) -> list[Document]:
    return [draw(documents(f"d{number:02}")) for number in range(draw(st.integers(0, most)))]


@st.composite
def targets(draw: Any) -> Target:
    kind = draw(st.sampled_from(["commune", "circle", "department", "region", "area", "country"]))
    points = draw(st.sampled_from([(CENTRE,), (OTHER,), (CENTRE, OTHER)]))
    places = frozenset(draw(some(PLACES)))
    if kind == "country":
        return Target(everywhere=True)
    if kind == "commune":
        return Target(communes=frozenset(draw(some(SEATS))), zone_places=places, zone_points=points)
    if kind == "circle":
        circle = Circle(CENTRE, draw(st.sampled_from([*map(float, RADII), 0.0])))
        return Target(circle=circle, zone_places=places, zone_points=(CENTRE,))
    if kind == "area":
        return Target(
            communes=frozenset(draw(some(SEATS))),
            departments=frozenset(draw(some(["10", "20"]))),
            zone_places=places,
            zone_within=frozenset(draw(some(PLACES))),
            zone_points=points,
        )
    if kind == "department":
        return Target(departments=frozenset(draw(some(["10", "20"]))), zone_places=places, zone_within=places)
    return Target(regions=frozenset(draw(some(["100", "200"]))), zone_within=places)


@st.composite
def texts(draw: Any) -> TextQuery:
    alternative = st.builds(Alternative, st.sampled_from([*WORDS, "unheard"]), st.sampled_from([1.0, 0.6]))
    words = draw(
        st.lists(
            st.builds(Word, st.just("word"), st.lists(alternative, min_size=1, max_size=3).map(tuple)),
            min_size=1,
            max_size=3,
        )
    )
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=5, unique=True))
    boosts = [draw(st.sampled_from([0.5, 1.0, 3.0])) for _ in fields]
    return TextQuery(
        words=tuple(words),
        required=draw(st.integers(1, len(words))),
        fields=tuple(zip(fields, boosts, strict=True)),
        tie_breaker=draw(st.sampled_from([0.0, 0.3, 1.0])),
    )


FILTERS = [item.name for item in fields(Filters)]
filters = st.builds(
    Filters,
    kind=some_tuple(["EI", "EA", "ESAT"]),
    kind_group=some_tuple(["insertion", "handicap"], 1),
    sector=some_tuple([*SECTORS, *SECTORS.values(), "unknown"]),
    service_type=some_tuple(["DISP", "PREST", "BUILD"]),
    certification=some_tuple(["rge", "iso"], 1),
    network=some_tuple(["coorace", "unea"], 1),
    territory=some_tuple(["qpv"], 1),
    evidence=some_tuple(["contract", "job"], 1),
    legal_form=some_tuple(["SAS", "ASSO"], 1),
    employees=some_tuple(["1-9", "10-49"], 1),
    department=some_tuple(["10", "20"], 1),
    region=some_tuple(["100", "200"], 1),
    siret=st.sampled_from(["", "", "", "123456789", "98765432100011"]),
)

TRADE, PROMISE, LIKELY = TradeTiers(36, 12, 4), Promise(1, 0.9, 0.8, 0.3), Promise(0.75, 0.5, 0.5, 0)
_HERE = Target(departments=frozenset({"20"}))
DISTANCES = (
    DistanceSignal(0.8, (), 5.0, 20.0, 200.0, 0.4),
    DistanceSignal(3, (CENTRE,), 5.0, 20.0, 200.0, 0.4),
    DistanceSignal(0.5, (OTHER, CENTRE), 0.0, 20.0, 200.0, 0.4, (_HERE,)),
    DistanceSignal(0.5, (CENTRE,), 1.0, 10.0, 100.0, 0.0, (_HERE, Target(circle=Circle(CENTRE, 30.0)))),
)
TURNS = (drawn("today"), drawn("tomorrow"))
SEAS = (SeaSignal(0.001, frozenset({"20"})), SeaSignal(0.001, frozenset({"10"}), among=False))

signals = st.builds(
    Signals,
    base=st.sampled_from([0.0, 1.0]),
    named=st.sampled_from([(), (), (Word("w1", (Alternative("w1"),)), Word("w2", (Alternative("w2"),)))]),
    trade=st.sampled_from([TradeTiers(), TRADE]),
    promise=st.sampled_from([Promise(), PROMISE, LIKELY]),
    text=st.sampled_from([None, TextSignal(0.3, 3.0), TextSignal(0.7, 0.5)]),
    distance=st.sampled_from([None, *DISTANCES]),
    completeness=st.sampled_from([0.0, 0.3]),
    certifications=st.sampled_from([0.0, 0.2]),
    freshness=st.one_of(
        st.none(),
        st.builds(FreshnessSignal, st.just(0.1), st.just(AS_OF), st.just(30), st.just(365), st.just(0.5)),
    ),
    sea=st.sampled_from([None, None, *SEAS]),
    pinned=st.sampled_from([(), (), ("d03", "d00", "d00007", "d99")]),
    buried=st.sampled_from([(), (), ("d01", "d02")]),
    rotation=st.sampled_from([None, *TURNS]),
)


@st.composite
def needs(draw: Any, text: TextQuery | None) -> Need:
    """Of one or two trades, or of words alone."""
    sectors = draw(some_tuple([*SECTORS, *SECTORS.values()]))
    words = draw(st.one_of(st.just(text.words if text else ()), texts().map(lambda one: one.words), st.just(())))
    fields = draw(st.sampled_from([(), (), ("name",), ("offers", "description")]))
    return Need(sectors, words, draw(st.integers(1, max(1, len(words)))), fields)


exclusions = st.builds(
    Filters,
    kind=some_tuple(["EI", "EA"], 1),
    kind_group=some_tuple(["handicap"], 1),
    sector=some_tuple([*SECTORS, *SECTORS.values()]),
    service_type=some_tuple(["DISP", "PREST", "BUILD"]),
    network=some_tuple(["coorace"], 1),
    certification=some_tuple(["rge"], 1),
    siret=st.sampled_from(["", "", "", "123456789"]),
)


@st.composite
def requests(draw: Any) -> SearchRequest:
    """Filters are mostly few, else nothing would match."""
    chosen = draw(filters)
    kept = {name for name in FILTERS if draw(st.integers(0, 3)) == 0}
    empty = Filters()
    few = Filters(**{name: getattr(chosen if name in kept else empty, name) for name in FILTERS})
    text = draw(st.one_of(st.none(), texts()))
    return SearchRequest(
        text=text,
        filters=few,
        targets=draw(st.lists(targets(), max_size=2).map(tuple)),
        coverage=draw(st.sampled_from(Coverage)),
        national=draw(st.sampled_from([National.INCLUDE, National.INCLUDE, National.EXCLUDE, National.ONLY])),
        box=draw(rarely(st.sampled_from([Box(4.0, 45.0, 5.5, 46.5), Box(170.0, -20.0, -170.0, 50.0)]))),
        centre=draw(st.sampled_from([None, CENTRE])),
        signals=draw(signals),
        order=draw(st.sampled_from([Order.RELEVANCE, *Order])),
        offset=draw(st.sampled_from([0, 0, 3])),
        size=draw(st.sampled_from([20, 100, 2, 0])),
        facets=draw(st.sampled_from([FACETS, FACETS, (), ("kind", "sector"), ("coverage", "national")])),
        scope=draw(rarely(st.lists(scopes(), min_size=1, max_size=2).map(tuple))) or (),
        needs=draw(st.one_of(st.just(()), st.lists(needs(text), min_size=1, max_size=2).map(tuple))),
        exclude=draw(st.one_of(st.just(empty), st.just(empty), exclusions)),
        exclude_targets=draw(rarely(st.lists(targets(), min_size=1, max_size=1).map(tuple))) or (),
        presumed=draw(st.sampled_from([True, True, False])),
    )


@st.composite
def scopes(draw: Any) -> Filters:
    """One or two of the filters."""
    drawn = draw(filters)
    names = draw(st.lists(st.sampled_from(FILTERS), unique=True, min_size=1, max_size=2))
    return Filters(**{name: getattr(drawn, name) for name in names})


def _maybe(chance: Random, likely: float, value: Any) -> dict[str, Any]:
    name, held = value
    return {name: held} if chance.random() < likely else {}


def _dense_activity(chance: Random) -> dict[str, Any]:
    sector = chance.choice(list(SECTORS))
    return {
        "sector": sector,
        "sector_group": SECTORS[sector],
        "service_types": chance.sample(["DISP", "PREST", "BUILD"], chance.randint(0, 2)),
        "scope": chance.choice(["country", "radius", "radius", "places", "places", "presumed", "presumed", "none"]),
        # A document builder gives places and radius only to their scopes; the port's rules say what else would mean.
        "places": chance.sample(PLACES, chance.randint(0, 2)),
        "places_within": chance.sample(PLACES, chance.randint(0, 1)),
        **_maybe(chance, 0.8, ("radius_km", chance.choice(RADII))),
        **_maybe(chance, 0.8, ("location", chance.choice(POINTS))),
    }


def dense_document(chance: Random, id_: str) -> Document:
    """With most fields, so that most requests meet it."""
    commune = chance.choice(list(SEATS))
    department, region = SEATS[commune]
    document: Document = {
        "id": id_,
        "live": chance.random() < 0.9,
        "kind": chance.choice(["EI", "EA", "ESAT"]),
        "kind_group": chance.choice(["insertion", "handicap"]),
        "legal_form": chance.choice(["SAS", "ASSO"]),
        "siret": chance.choice(["12345678900011", "12345678900022", "98765432100011"]),
        "name_key": chance.choice("abcdé"),
        "commune": commune,
        "department": department,
        "region": region,
        "certifications": chance.sample(["rge", "iso"], chance.randint(0, 2)),
        "networks": chance.sample(["coorace", "unea"], chance.randint(0, 2)),
        "territories": chance.sample(["qpv", "zrr"], chance.randint(0, 1)),
        "evidence": chance.sample(["contract", "job"], chance.randint(0, 2)),
        "evidence_sectors": chance.sample(list(SECTORS), chance.randint(0, 1)),
        "employees_band": chance.choice(["1-9", "10-49"]),
        "activities": [_dense_activity(chance) for _ in range(chance.randint(0, 4))],
        **_maybe(chance, 0.8, ("location", chance.choice(POINTS))),
        **_maybe(chance, 0.8, ("certification_level", chance.randint(0, 3))),
        **_maybe(chance, 0.8, ("completeness", chance.choice([0, 40, 70, 100]))),
        **_maybe(chance, 0.8, ("first_listed_at", chance.choice(LISTED))),
        **_maybe(chance, 0.8, ("updated_at", (AS_OF - timedelta(days=chance.randint(-5, 900))).isoformat())),
    }
    for field in FIELDS:
        if chance.random() < 0.6:
            document[field] = " ".join(chance.choices(WORDS, k=chance.choice([1, 2, 3, 50])))
    return document


def _dense_target(chance: Random) -> Target:
    places = frozenset(chance.sample(PLACES, 2))
    points = chance.choice([(CENTRE,), (OTHER,), (CENTRE, OTHER)])
    circle = Circle(CENTRE, float(chance.choice(RADII)))
    communes = frozenset(chance.sample(list(SEATS), 1))
    return chance.choice(
        [
            Target(everywhere=True),
            Target(communes=communes, zone_places=places, zone_points=points),
            Target(communes=communes, circle=circle, zone_places=places, zone_points=(CENTRE,)),
            Target(departments=frozenset({"10"}), zone_places=places, zone_within=places),
            Target(regions=frozenset({"200"}), zone_within=places),
        ]
    )


def dense_request(chance: Random) -> SearchRequest:
    """With at most two filters, and a text that many documents hold."""
    values: dict[str, list[str]] = {
        "kind": ["EI", "EA"],
        "kind_group": ["insertion"],
        "sector": [*SECTORS, "proprete", "batiment"],
        "service_type": ["DISP", "PREST", "BUILD"],
        "certification": ["rge", "iso"],
        "network": ["coorace"],
        "territory": ["qpv"],
        "evidence": ["job"],
        "legal_form": ["ASSO"],
        "employees": ["1-9"],
        "department": ["10"],
        "region": ["100", "200"],
    }

    def some(most: int) -> Filters:
        names = chance.sample(["sector", "service_type", *values], chance.randint(0, most))
        chosen: dict[str, Any] = {
            name: tuple(chance.sample(values[name], min(len(values[name]), chance.randint(1, 2)))) for name in names
        }
        return Filters(**chosen)

    filters = some(2)
    text = None
    if chance.random() < 0.7:
        words = tuple(
            Word("word", tuple(Alternative(t, chance.choice([1.0, 0.6])) for t in chance.sample(WORDS, 2)))
            for _ in range(chance.randint(1, 3))
        )
        boosts = tuple((field, chance.choice([0.5, 1.0, 3.0])) for field in chance.sample(FIELDS, 4))
        text = TextQuery(words, chance.randint(1, len(words)), boosts, chance.choice([0.0, 0.3, 1.0]))
    request = SearchRequest(
        text=text,
        filters=filters,
        targets=tuple(_dense_target(chance) for _ in range(chance.choice([0, 0, 1, 1, 2]))),
        coverage=chance.choice(list(Coverage)),
        national=chance.choice([National.INCLUDE, *National]),
        box=Box(4.0, 45.0, 5.5, 46.5) if chance.random() < 0.1 else None,
        centre=chance.choice([None, CENTRE]),
        signals=Signals(
            base=chance.choice([0.0, 1.0]),
            named=chance.choice([(), (), (Word("w1", (Alternative("w1"),)),)]),
            trade=chance.choice([TradeTiers(), TRADE, TRADE]),
            promise=chance.choice([Promise(), PROMISE, PROMISE, LIKELY]),
            text=chance.choice([None, TextSignal(0.3, 3.0)]),
            distance=chance.choice([None, *DISTANCES]),
            completeness=chance.choice([0.0, 0.3]),
            certifications=chance.choice([0.0, 0.2]),
            freshness=chance.choice([None, FreshnessSignal(0.1, AS_OF, 30, 365, 0.5)]),
            sea=chance.choice([None, None, *SEAS]),
            pinned=chance.choice([(), (), ("d003", "d000", "d999")]),
            buried=chance.choice([(), (), ("d001", "d002")]),
            rotation=chance.choice([None, *TURNS]),
        ),
        order=chance.choice([Order.RELEVANCE] * 4 + list(Order)),
        offset=chance.choice([0, 0, 5]),
        size=chance.choice([100, 100, 4]),
        facets=chance.choice([FACETS, FACETS, ("kind", "sector"), ()]),
        scope=(some(1),) if chance.random() < 0.3 else (),
        needs=tuple(_dense_need(chance) for _ in range(chance.choice([0, 0, 1, 1, 2]))),
        exclude=_dense_exclusion(chance) if chance.random() < 0.3 else Filters(),
        exclude_targets=(_dense_target(chance),) if chance.random() < 0.1 else (),
        presumed=chance.random() < 0.7,
        unknown_trades=chance.random() < 0.1,
    )
    if chance.random() < 0.1:
        request = replace(request, unless=dense_request(chance), facets=())
    return request


def _dense_need(chance: Random) -> Need:
    words = tuple(Word("word", (Alternative(token),)) for token in chance.sample(WORDS, chance.randint(0, 2)))
    fields = chance.choice([(), (), ("name",), ("offers", "description")])
    return Need(tuple(chance.sample([*SECTORS, "proprete"], chance.randint(1, 2))), words, max(1, len(words)), fields)


def _dense_exclusion(chance: Random) -> Filters:
    return chance.choice(
        [
            Filters(kind=("EI",)),
            Filters(sector=("peinture",)),
            Filters(sector=("proprete", "linge")),
            Filters(service_type=("DISP",)),
            Filters(service_type=("DISP", "PREST"), network=("coorace",)),
        ]
    )
