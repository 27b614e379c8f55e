"""Communes by name: spellings, articles, namesakes, hints, former names."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from discovery.places import Commune, Gazetteer, gazetteer
from discovery.places.model import is_overseas
from discovery.places.name_index import WELL_KNOWN
from tests.tables import cases

communes = st.deferred(lambda: st.sampled_from(list(gazetteer().communes())))


def codes(found: tuple[Commune, ...]) -> list[str]:
    return [commune.code for commune in found]


def without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


@given(communes)
def test_every_commune_is_found_by_its_name(commune: Commune) -> None:
    for name in (
        commune.name,
        without_accents(commune.name),
        commune.name.upper(),
        commune.name.replace("-", " "),
        commune.name.replace("'", "’"),
        f"  {commune.name.lower()} ",
        f"{commune.name} CEDEX 2",
    ):
        assert commune.code in codes(gazetteer().by_name(name)), name


@given(communes)
def test_a_hint_puts_the_commune_before_its_namesakes_elsewhere(commune: Commune) -> None:
    found = gazetteer().by_name(commune.name, hint_department=commune.department)
    assert found[0].department == commune.department
    found = gazetteer().by_name(commune.name, hint_region=commune.region)
    assert found[0].region == commune.region
    for post_code in commune.post_codes:
        found = gazetteer().by_name(commune.name, hint_postcode=post_code)
        assert post_code in found[0].post_codes


@given(communes.map(lambda commune: commune.code))
@example("93066")  # Saint-Denis; the one of La Réunion has more inhabitants
def test_without_hint_the_most_populous_comes_first_but_for_well_known_towns(code: str) -> None:
    """Only a well-known town of the metropole may come before a larger namesake, and only before
    one overseas.
    """
    commune = gazetteer().commune(code)
    assert commune
    for first, second in pairwise(gazetteer().by_name(commune.name)):
        if first.population < second.population:
            assert first.population >= WELL_KNOWN
            assert (is_overseas(first.department), is_overseas(second.department)) == (False, True)


@pytest.mark.parametrize(("name", "code"), cases(__file__, "spellings"))
def test_spellings(places: Gazetteer, name: str, code: str) -> None:
    assert codes(places.by_name(name))[0] == code


def test_namesakes(places: Gazetteer) -> None:
    assert codes(places.by_name("Saint-Denis"))[:2] == ["93066", "97411"]  # the metropole first
    assert codes(places.by_name("Saint-Denis", hint_department="93"))[:2] == ["93066", "97411"]
    assert codes(places.by_name("St Denis", hint_region="04"))[0] == "97411"
    assert codes(places.by_name("saint denis", hint_postcode="93200"))[0] == "93066"
    assert codes(places.by_name("Saint-Denis", hint_postcode="974"))[0] == "97411"
    assert codes(places.by_name("Saint-Étienne", hint_department="42"))[0] == "42218"
    assert codes(places.by_name("Bagneux"))[0] == "92007"


def test_a_hint_that_nothing_meets_loses_nothing(places: Gazetteer) -> None:
    assert codes(places.by_name("Saint-Denis", hint_department="67")) == codes(
        places.by_name("Saint-Denis")
    )
    assert codes(places.by_name("Lyon", hint_postcode="99999")) == ["69123"]


def test_a_post_code_of_a_cedex_still_tells_the_department(places: Gazetteer) -> None:
    assert places.communes_of_postcode("93205") == ()
    assert codes(places.by_name("Saint-Denis", hint_postcode="93205"))[0] == "93066"


def test_an_article_typed_is_meant_unless_the_hint_says_otherwise(places: Gazetteer) -> None:
    with_article = {commune.name for commune in places.by_name("La Chapelle")}
    assert with_article == {"La Chapelle"}
    either = {commune.name for commune in places.by_name("Chapelle")}
    assert "La Chapelle" in either


@pytest.mark.parametrize(("name", "code"), cases(__file__, "former_and_customary_names"))
def test_former_and_customary_names(places: Gazetteer, name: str, code: str) -> None:
    assert codes(places.by_name(name))[0] == code


def test_a_commune_of_today_is_meant_before_a_former_one(places: Gazetteer) -> None:
    """Vouvray is in Touraine; the one absorbed by Valserhône, more populous, needs a hint."""
    assert codes(places.by_name("Vouvray"))[0] == "37281"
    assert "01033" not in codes(places.by_name("Vouvray"))
    assert codes(places.by_name("Vouvray", hint_department="01"))[0] == "01033"
