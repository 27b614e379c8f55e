"""Minutes by car: how far they are from times that are common knowledge, and where there are none."""

import math
import re

import numpy as np
import pytest

from discovery.places import Gazetteer
from discovery.places.geo import haversine_km_array
from discovery.places.table import read_communes
from tools.tables.gazetteer import CROWD_KM

# Without traffic, to five minutes: what drivers and road signs say.
KNOWN = """
Lyon – Villefranche-sur-Saône 35 · Lyon – Grenoble 75 · Lyon – Saint-Étienne 55 · Rennes – Saint-Malo 60
Rennes – Nantes 75 · Lille – Roubaix 20 · Lille – Arras 45 · Toulouse – Albi 60 · Toulouse – Montauban 45
Bordeaux – Arcachon 60 · Paris – Meaux 50 · Paris – Chartres 70 · La Rochelle – Saint-Martin-de-Ré 30
La Rochelle – Niort 55 · Brest – Quimper 55 · Marseille – Aix-en-Provence 35 · Marseille – Toulon 55
Nancy – Metz 50 · Strasbourg – Haguenau 30 · Rouen – Le Havre 65 · Tours – Le Mans 70
Clermont-Ferrand – Vichy 50 · Montpellier – Nîmes 50 · Pau – Tarbes 40 · Perpignan – Narbonne 50
Reims – Épernay 30 · Aurillac – Saint-Flour 70 · Besançon – Pontarlier 55 · Gap – Briançon 80
Vesoul – Belfort 55
"""
PAIR = re.compile(r"(.+) – (.+) (\d+)")
PAIRS = [
    found for pair in KNOWN.replace("\n", " · ").split(" · ") if (found := PAIR.fullmatch(pair))
]


def minutes(gazetteer: Gazetteer, start: str, end: str) -> float | None:
    one, other = (gazetteer.by_name(name)[0] for name in (start, end))
    assert one.point is not None
    return gazetteer.roads_from(*one.point).minutes([(other.code, None)])[0]


def test_half_of_the_estimates_are_within_an_eighth_and_nine_in_ten_within_a_third(
    gazetteer: Gazetteer,
) -> None:
    assert len(PAIRS) == 30
    errors = sorted(
        abs((minutes(gazetteer, one[1], one[2]) or math.nan) / float(one[3]) - 1) for one in PAIRS
    )
    assert errors[len(errors) // 2] <= 0.13
    assert errors[len(errors) * 9 // 10] <= 0.33


@pytest.mark.parametrize(
    ("start", "end", "known"),
    [("Lyon", "Paris", 280), ("Paris", "Lille", 135), ("Lyon", "Marseille", 190), ("Toulouse", "Bordeaux", 150),
     ("Paris", "Rennes", 215), ("Paris", "Reims", 90)],
)  # fmt: skip
def test_far_towns_are_no_nearer_than_a_motorway_makes_them(
    start: str, end: str, known: int, gazetteer: Gazetteer
) -> None:
    assert minutes(gazetteer, start, end) == pytest.approx(known, rel=0.12)


def test_it_is_the_same_both_ways(gazetteer: Gazetteer) -> None:
    assert minutes(gazetteer, "Rennes", "Fougères") == pytest.approx(
        minutes(gazetteer, "Fougères", "Rennes")
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Nice", "Bastia"),
        ("Quiberon", "Le Palais"),
        ("Le Conquet", "Ouessant"),
        ("Grand-Bourg", "Le Gosier"),
    ],
)
def test_there_are_none_across_water(start: str, end: str, gazetteer: Gazetteer) -> None:
    assert minutes(gazetteer, start, end) is None


@pytest.mark.parametrize(
    ("start", "end"),
    [("Ajaccio", "Corte"), ("Le Palais", "Bangor"), ("Fromentine", "Noirmoutier-en-l'Île")],
)
def test_there_are_some_on_an_island_and_over_a_bridge(
    start: str, end: str, gazetteer: Gazetteer
) -> None:
    assert (
        minutes(gazetteer, start if gazetteer.by_name(start) else "La Barre-de-Monts", end)
        is not None
    )


@pytest.mark.parametrize("code", ["69123", "48092", "97411", "2B033"])
def test_who_is_within_a_time_is_who_is_estimated_to_be(code: str, gazetteer: Gazetteer) -> None:
    point = gazetteer.commune(code).point  # type: ignore[union-attr]
    roads = gazetteer.roads_from(*point)  # type: ignore[misc]
    codes = [commune.code for commune in gazetteer.communes()]
    times = dict(zip(codes, roads.minutes([(one, None) for one in codes]), strict=True))
    for limit in (15.0, 45.0, 120.0):
        assert roads.within(limit) == {
            one for one, time in times.items() if time is not None and time <= limit
        }
        assert code in roads.within(limit)


def test_within_the_town_itself_kilometres_tell(gazetteer: Gazetteer) -> None:
    lyon = gazetteer.commune("69123")
    assert lyon is not None
    assert lyon.point is not None
    roads = gazetteer.roads_from(*lyon.point)
    near, far, other, unknown = roads.minutes(
        [("69123", 0.5), ("69123", 5.0), ("69266", 0.5), ("", 5.0)]
    )
    assert (near or 0) < (far or 0)
    assert other == roads.minutes([("69266", None)])[0]
    assert unknown is None


def test_crowding_counts_who_lives_within_six_kilometres() -> None:
    table = read_communes()
    parents = set(table.parent)
    people = np.array(
        [
            0 if code in parents else count
            for code, count in zip(table.code, table.population, strict=True)
        ]
    )
    for row in (
        0,
        5_000,
        20_000,
        table.row_of["69123"],
        table.row_of["97411"],
        table.row_of["59183"],
    ):
        km = haversine_km_array(float(table.lat[row]), float(table.lon[row]), table.lat, table.lon)
        expected = math.log(max(1.0, people[km <= CROWD_KM].sum() / (math.pi * CROWD_KM**2)))
        assert table.crowding[row] == pytest.approx(
            expected, abs=0.1
        )  # a commune on the edge may fall either way
