"""Communes by code, their points, what belongs together; the table as a whole."""

import pytest

from discovery.places import Gazetteer
from tests.tables import cases

KNOWN_POINTS = {
    "69123": (45.7677, 4.8354), "69381": (45.7694, 4.8300), "75056": (48.8566, 2.3429), "75101": (48.8626, 2.3363),
    "13055": (43.2976, 5.3694), "97411": (-20.8790, 55.4486), "2A004": (41.9186, 8.7369), "97302": (4.9380, -52.3350),
    "59350": (50.6309, 3.0709),
}  # fmt: skip


@pytest.mark.parametrize(("code", "point"), KNOWN_POINTS.items())
def test_known_points(places: Gazetteer, code: str, point: tuple[float, float]) -> None:
    commune = places.commune(code)
    assert commune is not None
    assert commune.point == pytest.approx(point, abs=0.0006)


@pytest.mark.parametrize(("code", "lat", "lon"), cases(__file__, "points_filled_by_hand"))
def test_points_filled_by_hand(places: Gazetteer, code: str, lat: float, lon: float) -> None:
    commune = places.commune(code)
    assert commune is not None
    assert commune.point == (lat, lon)


def test_town_halls_that_the_source_puts_on_another_continent_are_not_believed(
    places: Gazetteer,
) -> None:
    (vincey,) = places.by_name("Vincey")
    (anse_bertrand,) = places.by_name("Anse-Bertrand")
    assert vincey.point == pytest.approx((48.34, 6.33), abs=0.05)
    assert anse_bertrand.point == pytest.approx((16.45, -61.47), abs=0.06)


def test_the_table_has_every_commune_once(places: Gazetteer) -> None:
    communes = list(places.communes())
    codes = [commune.code for commune in communes]
    assert len(codes) == len(set(codes)) == 35_014
    assert codes == sorted(codes)
    assert sum(commune.parent is not None for commune in communes) == 45
    assert 68_500_000 < sum(c.population for c in communes if c.parent is None) < 69_500_000


def test_only_far_collectivities_lack_a_point(places: Gazetteer) -> None:
    without = [commune for commune in places.communes() if commune.point is None]
    assert len(without) <= 67
    assert {commune.department for commune in without} <= {"984", "987", "988", "989"}
    assert all((commune.lat is None) == (commune.lon is None) for commune in without)


def test_codes_agree_with_one_another(places: Gazetteer) -> None:
    for commune in places.communes():
        department = places.department(commune.department)
        assert department is not None
        assert department.region == commune.region
        assert places.region(commune.region) is not None
        assert commune.code.startswith(commune.department)
        assert all(len(code) == 5 and code.isdigit() for code in commune.post_codes)
        assert commune.parent is None or places.commune(commune.parent) is not None


@pytest.mark.parametrize(
    ("former", "current"),
    [("69232", "69123"), ("78228", "91228"), ("01015", "01015"), ("50173", "50129")],
)
def test_former_codes(places: Gazetteer, former: str, current: str) -> None:
    commune = places.commune(former)
    assert commune is not None
    assert commune.code == current
    assert former == current or former in commune.former_codes


def test_no_former_code_is_a_current_one_nor_shared(places: Gazetteer) -> None:
    former = [code for commune in places.communes() for code in commune.former_codes]
    assert len(former) > 4_000
    assert len(former) == len(set(former))
    assert not set(former) & {commune.code for commune in places.communes()}


@pytest.mark.parametrize(("city", "number"), [("75056", 20), ("69123", 9), ("13055", 16)])
def test_arrondissements_belong_to_their_city(places: Gazetteer, city: str, number: int) -> None:
    codes = [commune.code for commune in places.communes() if commune.parent == city]
    assert len(codes) == number
    for code in (city, *codes):
        assert places.codes_holding(code)[0] == city


def test_arrondissement_by_number(places: Gazetteer) -> None:
    found = {city: places.arrondissement(city, 3) for city in ("paris", "LYON", "Marseille")}
    assert {city: commune.code for city, commune in found.items() if commune} == {
        "paris": "75103",
        "LYON": "69383",
        "Marseille": "13203",
    }
    first, last = places.arrondissement("Paris", 1), places.arrondissement("Paris", 20)
    assert first is not None
    assert last is not None
    assert (first.code, last.code) == ("75101", "75120")
    assert places.arrondissement("Paris", 21) is None
    assert places.arrondissement("Nantes", 1) is None
