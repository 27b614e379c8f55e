"""How well real lists join. The lists are not part of the project: absent, these tests skip."""

import csv
from pathlib import Path

import pytest

from discovery.places import Gazetteer, haversine_km

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"


def rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here: real lists are kept outside the project")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_post_code_and_city_find_the_commune(places: Gazetteer) -> None:
    structures = rows("siae_itou_2020.csv")
    joined = 0
    for row in structures:
        found = places.by_name(row["city"], hint_postcode=row["post_code"])
        joined += bool(found) and row["post_code"] in found[0].post_codes
    assert (
        joined / len(structures) >= 0.985
    )  # what is left: CEDEX codes, and codes that contradict the city


def test_a_commune_point_is_near_the_address(places: Gazetteer) -> None:
    distances = []
    for row in rows("siae_itou_2020.csv"):
        found = places.by_name(row["city"], hint_postcode=row["post_code"])
        if row["lat"] and found and found[0].point and row["post_code"] in found[0].post_codes:
            distances.append(haversine_km(float(row["lat"]), float(row["lon"]), *found[0].point))
    distances.sort()
    assert distances[len(distances) // 2] < 2
    assert distances[int(0.99 * len(distances))] < 10


def test_department_of_a_real_point(places: Gazetteer) -> None:
    structures = [row for row in rows("siae_itou_2020.csv") if row["lat"]]
    agree = sum(
        places.department_at(float(row["lat"]), float(row["lon"]))
        == places.department_of_postcode(row["post_code"])
        for row in structures
    )
    assert (
        agree / len(structures) >= 0.99
    )  # the rest: stored points that contradict their own post code


def test_insee_codes_resolve(places: Gazetteer) -> None:
    sheltered = rows("esat_finess_2026.csv")
    found = [places.commune(row["insee_commune"]) for row in sheltered]
    assert sum(commune is not None for commune in found) >= 1_503
    pairs = list(zip(found, sheltered, strict=True))
    assert all(
        commune is None or commune.department == row["department_code"] for commune, row in pairs
    )


def test_city_names_resolve_to_their_code(places: Gazetteer) -> None:
    sheltered = rows("esat_finess_2026.csv")
    joined = 0
    for row in sheltered:
        found = places.by_name(row["city"], hint_postcode=row["post_code"])
        told = places.commune(row["insee_commune"])
        city = told.city if told else row["insee_commune"]
        joined += city in {commune.city for commune in found}
    assert joined / len(sheltered) >= 0.998
