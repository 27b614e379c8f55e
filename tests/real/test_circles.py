"""Totals in circles over the public lists equal a brute force over the files: who is in that
commune, or within the radius of its centre.
"""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from discovery.context import Services
from discovery.places import Commune, Gazetteer
from discovery.search.query import Query
from tests.real.rows import Point, Row, haversine_km

pytestmark = pytest.mark.xdist_group("real")

NAMED = (
    "69123",
    "75056",
    "13055",
    "67482",
    "44109",
    "59350",
    "97411",
    "2A004",
    "29019",
    "97209",
    "98818",
    "01053",
)
"""Large cities, with arrondissements and without, overseas, in Corsica; the others are drawn."""
DRAWN = 14
RADII = (1, 7.5, 30, 100, 500)
MANY = 600
"""Ids compared one by one; beyond that the totals alone, to spare the time of reading thousands of
hits.
"""
KINDS: tuple[tuple[str, ...], ...] = ((), ("ESAT",), ("EI", "ACI"), ("GEIQ",), ("EA",))


def inside(row: Row, commune: Commune, radius_km: float) -> bool:
    if row.commune.city == commune.city:
        return True
    return (
        row.point is not None
        and commune.point is not None
        and haversine_km(row.point, commune.point) <= radius_km
    )


@pytest.fixture(scope="session")
def centres(places: Gazetteer, rows: list[Row]) -> list[Commune]:
    draw = random.Random(20261201)
    seats = sorted({row.commune.code for row in rows})
    anywhere = sorted(commune.code for commune in places.communes() if commune.point)
    codes = [*NAMED, *draw.sample(seats, DRAWN // 2), *draw.sample(anywhere, DRAWN - DRAWN // 2)]
    found = [places.commune(code) for code in codes]
    return [commune for commune in found if commune is not None]


def differs(services: Services, query: Query, expected: set[str]) -> str:
    """What the answer has wrong, "" for nothing: the total as the service says it and, unless very
    many, every id.
    """
    total = services.search.search(replace(query, per_page=1, facets=())).page.total
    if total != len(expected):
        return f"{query}: {total} instead of {len(expected)}"
    if total > MANY:
        return ""
    request = replace(services.search.request(query), size=MANY, facets=())
    wrong = {hit.id for hit in services.engine.search(request).hits} ^ expected
    return f"{query}: {len(wrong)} that are in one only" if wrong else ""


@pytest.mark.parametrize("radius", RADII)
def test_circles_around_communes(
    radius: float, services: Services, rows: list[Row], centres: list[Commune]
) -> None:
    met = set()
    for commune in centres:
        around = [row for row in rows if inside(row, commune, radius)]
        for kinds in KINDS:
            expected = {row.id for row in around if not kinds or row.kind in kinds}
            query = Query(place=(f"commune:{commune.code}",), radius=radius, kind=kinds)
            assert not differs(services, query, expected)
            met.add(len(expected))
    assert len(met) > 5, "circles that hold nothing prove nothing"


@pytest.mark.parametrize("radius", RADII)
def test_circles_around_points(
    radius: float, services: Services, rows: list[Row], centres: list[Commune]
) -> None:
    """A bare point is in no commune: the distance alone counts."""
    draw = random.Random(radius)
    for commune in centres:
        assert commune.point is not None
        point: Point = tuple(round(value + draw.uniform(-0.2, 0.2), 4) for value in commune.point)  # type: ignore[assignment]
        expected = {
            row.id
            for row in rows
            if row.point is not None and haversine_km(row.point, point) <= radius
        }
        assert not differs(services, Query(lat=point[0], lon=point[1], radius=radius), expected)


def test_two_circles_are_or(services: Services, rows: list[Row], centres: list[Commune]) -> None:
    for one, other in pairwise(centres):
        expected = {row.id for row in rows if inside(row, one, 20) or inside(row, other, 20)}
        asked = Query(place=(f"commune:{one.code}", f"commune:{other.code}"), radius=20)
        assert not differs(services, asked, expected)


def test_a_phrase_draws_the_same_circle_as_parameters(
    services: Services, rows: list[Row], places: Gazetteer
) -> None:
    for name, kind in (
        ("Lyon", "ESAT"),
        ("Rennes", "EI"),
        ("Fort-de-France", "ACI"),
        ("Marseille", "ETTI"),
    ):
        commune = places.by_name(name)[0]
        expected = {row.id for row in rows if row.kind == kind and inside(row, commune, 30)}
        assert expected, name
        assert not differs(services, Query(q=f"{kind} à 30 km de {name}"), expected)


def test_boundaries_hold_their_communes(
    services: Services, rows: list[Row], centres: list[Commune]
) -> None:
    """A commune, its department and its region without a radius: nothing but the seat counts, for
    want of zones.
    """
    for commune in centres:
        for place, held in (
            (f"commune:{commune.city}", [row for row in rows if row.commune.city == commune.city]),
            (
                f"department:{commune.department}",
                [row for row in rows if row.commune.department == commune.department],
            ),
            (
                f"region:{commune.region}",
                [row for row in rows if row.commune.region == commune.region],
            ),
        ):
            expected = {row.id for row in held}
            assert not differs(services, Query(place=(place,), presumed="exclude"), expected)
