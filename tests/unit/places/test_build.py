"""The rules of tools.tables.gazetteer that need no network and no geometry library."""

from types import ModuleType
from typing import Any

import pytest

from discovery.places.geo import EARTH_RADIUS_KM, haversine_km
from discovery.places.table import COLUMNS
from tools.tables import gazetteer


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return gazetteer


class Point:
    def __init__(self, lat: float, lon: float) -> None:
        self.y, self.x = lat, lon


class Square:
    """A polygon of 0.02° around a centre."""

    def __init__(self, lat: float, lon: float) -> None:
        self.centroid = Point(lat, lon)

    def contains(self, point: Point) -> bool:
        return max(abs(point.y - self.centroid.y), abs(point.x - self.centroid.x)) < 0.01


@pytest.mark.parametrize(
    ("hall", "expected", "source"),
    [
        ((45.009, 4.009), (45.009, 4.009), "town hall"),  # inside
        ((45.025, 4.0), (45.025, 4.0), "town hall"),  # outside, 2.8 km away
        ((45.028, 4.0), (45.0, 4.0), "centroid"),  # outside, 3.1 km away
        ((16.0, -61.0), (45.0, 4.0), "centroid"),  # another continent
        (None, (45.0, 4.0), "centroid"),
    ],
)
def test_point_rule(
    script: ModuleType, hall: tuple[float, float] | None, expected: tuple[float, float], source: str
) -> None:
    shape = script.Shape(Square(45.0, 4.0), Point(*hall) if hall else None)
    assert script.point_of(shape) == (expected, source)


def test_point_without_polygon(script: ModuleType) -> None:
    assert script.point_of(script.Shape(None, Point(45.0, 4.0))) == ((45.0, 4.0), "town hall alone")
    assert script.point_of(script.Shape(None, None)) == (None, "none")


def test_the_script_and_the_service_measure_alike(script: ModuleType) -> None:
    """The script runs where numpy may not be, so it has its own copy of the formula."""
    assert script.EARTH_RADIUS_KM == EARTH_RADIUS_KM
    assert script.COLUMNS == COLUMNS
    assert script.haversine_km(48.85, 2.35, 45.76, 4.84) == pytest.approx(
        haversine_km(48.85, 2.35, 45.76, 4.84)
    )


def commune(code: str, name: str, kind: str = "commune-actuelle", **more: Any) -> dict[str, Any]:
    return {"code": code, "nom": name, "type": kind, "departement": "91", "region": "11", **more}


NOW = [
    commune(
        "91228",
        "Évry-Courcouronnes",
        anciensCodes=["78228", "91182"],
        codesPostaux=["91080", "91000"],
    ),
    commune("91182", "Courcouronnes", "commune-deleguee", chefLieu="91228"),
    commune("91228", "Évry-Petit-Bourg", "commune-deleguee", chefLieu="91228"),
    commune("91999", "Ailleurs", population=12),
]
BEFORE = [
    commune("78228", "Évry"),
    commune("91182", "Courcouronnes"),
    commune("91999", "Jadis"),
    commune("91000", "Unknown since"),
]


def test_former_names_and_codes(script: ModuleType) -> None:
    former = script.former_of(NOW, BEFORE, [{"code": "91999", "name": "Là-bas"}])
    evry = former["91228"]
    assert evry.codes == {"78228", "91182"}
    assert evry.names == {"Courcouronnes"}
    assert {
        "Évry",
        "Évry-Petit-Bourg",
    } <= evry.own_names  # its name starts so; its seat is called so
    assert former["91999"].own_names == {"Ailleurs", "Jadis", "Là-bas"}
    assert "91000" not in former


def test_hand_names_must_be_of_a_commune(script: ModuleType) -> None:
    with pytest.raises(SystemExit, match="hand_names"):
        script.former_of(NOW, BEFORE, [{"code": "00000", "name": "Nowhere"}])


def test_rows(script: ModuleType) -> None:
    rows = script.table(NOW, {"91228": (48.62374, 2.42951)}, script.former_of(NOW, BEFORE, []))
    assert [row[0] for row in rows] == ["91228", "91999"]
    first = dict(zip(COLUMNS, rows[0], strict=True))
    assert (first["lat"], first["lon"]) == ("48.6237", "2.4295")
    assert first["post_codes"] == "91000 91080"
    assert first["other_names"] == "Évry|Évry-Petit-Bourg"
    assert first["former_names"] == "Courcouronnes"
    second = dict(zip(COLUMNS, rows[1], strict=True))
    assert (second["lat"], second["population"], second["other_names"]) == ("", "12", "Jadis")


def test_a_hand_point_is_refused_where_the_sources_have_one(script: ModuleType) -> None:
    shapes = {"91228": script.Shape(Square(48.6, 2.4), None)}
    points, sources = script.place(NOW, shapes, {"91999": (48.5, 2.5)})
    assert points == {"91228": (48.6, 2.4), "91999": (48.5, 2.5)}
    assert sources == {"centroid": 1, "by hand": 1}
    with pytest.raises(SystemExit, match="91228 has a point"):
        script.place(NOW, shapes, {"91228": (48.5, 2.5)})
    with pytest.raises(SystemExit, match="unknown communes"):
        script.place(NOW, shapes, {"00000": (48.5, 2.5)})
