"""Post codes."""

import pytest

from discovery.places import Gazetteer
from tests.tables import cases


@pytest.mark.parametrize(("post_code", "codes"), cases(__file__, "post_codes"))
def test_communes_of_a_post_code(places: Gazetteer, post_code: str, codes: list[str]) -> None:
    assert [commune.code for commune in places.communes_of_postcode(post_code)] == codes


def test_most_post_codes_cover_several_communes_the_most_populous_first(places: Gazetteer) -> None:
    found = places.communes_of_postcode("01150")
    assert len(found) > 5
    populations = [commune.population for commune in found]
    assert populations == sorted(populations, reverse=True)
    assert "Blyes" in [commune.name for commune in found]


def test_every_commune_is_under_each_of_its_post_codes_or_its_arrondissements_are(
    places: Gazetteer,
) -> None:
    for commune in places.communes():
        for post_code in commune.post_codes:
            found = places.communes_of_postcode(post_code)
            assert commune in found or {other.parent for other in found} == {commune.code}


def test_partial_post_codes(places: Gazetteer) -> None:
    assert places.postcodes_with_prefix("7501") == tuple(f"7501{digit}" for digit in range(10))
    assert "69100" in places.postcodes_with_prefix("69")
    assert all(code.startswith("974") for code in places.postcodes_with_prefix("974"))
    assert places.postcodes_with_prefix("69100") == ("69100",)
    assert places.postcodes_with_prefix("99") == ()
    everything = places.postcodes_with_prefix("")
    assert len(everything) > 6_000
    assert list(everything) == sorted(set(everything))


@pytest.mark.parametrize(("post_code", "department"), cases(__file__, "departments_of_post_codes"))
def test_department_of_a_post_code(
    places: Gazetteer, post_code: str, department: str | None
) -> None:
    assert places.department_of_postcode(post_code) == department
