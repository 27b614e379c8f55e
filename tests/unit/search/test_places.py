import pytest

from discovery.mappings import load_mappings
from discovery.phrase.spelling.names import towns_resembling
from discovery.places import Gazetteer
from discovery.search.where import MAX_OTHERS, communes_of, find_centre, find_place, point_of
from tests.tables import cases


def first(typed: str, gazetteer: Gazetteer, *, centre: bool = False) -> str | None:
    found = find_place(typed, gazetteer, centre=centre)
    return str(found.place) if found else None


@pytest.mark.parametrize(("typed", "place"), cases(__file__, "places"))
def test_codes_and_names_become_places(typed: str, place: str, gazetteer: Gazetteer) -> None:
    assert first(typed, gazetteer) == place


@pytest.mark.parametrize("code", ["commune:99999", "department:00", "region:00"])
def test_a_code_that_no_place_has_is_none(code: str, gazetteer: Gazetteer) -> None:
    assert find_place(code, gazetteer) is None


def test_a_centre_is_a_commune_before_a_department_of_the_same_name(gazetteer: Gazetteer) -> None:
    assert first("Creuse", gazetteer) == "department:23"
    assert first("Vienne", gazetteer, centre=True) == "commune:38544"


@pytest.mark.parametrize(
    ("typed", "code"), cases(__file__, "bodies_of_communes_and_areas_by_code_or_name")
)
def test_bodies_of_communes_and_areas_by_code_or_name(typed: str, code: str) -> None:
    assert first(typed, Gazetteer.load().naming(load_mappings().places)) == code


@pytest.mark.parametrize(
    ("typed", "label"),
    [("Lile", "Lille (59)"), ("Villeurbane", "Villeurbanne (69)"), ("Grenobel", "Grenoble (38)"),
     ("Strassbourgg", "Strasbourg (67)"), ("Marsseille", "Marseille (13)"), ("Renes", "Rennes (35)")],
)  # fmt: skip
def test_a_misspelt_centre_is_the_nearest_name(
    typed: str, label: str, gazetteer: Gazetteer
) -> None:
    found = find_centre(typed, gazetteer)
    assert found is not None
    assert found.corrected
    assert gazetteer.label(found.place) == label
    assert len({found.place, *found.others}) == 1 + MAX_OTHERS


@pytest.mark.parametrize(
    ("typed", "label"), [("Clermont-Fer", "Clermont-Ferrand (63)"), ("Montpel", "Montpellier (34)")]
)
def test_a_centre_half_typed_is_the_most_populous_that_starts_so(
    typed: str, label: str, gazetteer: Gazetteer
) -> None:
    found = find_centre(typed, gazetteer)
    assert found is not None
    assert gazetteer.label(found.place) == label
    assert find_centre(typed[:3], gazetteer) is None


@pytest.mark.parametrize("typed", ["Lille", "59000", "commune:59350", "Bretagne"])
def test_what_is_known_is_not_corrected(typed: str, gazetteer: Gazetteer) -> None:
    found = find_centre(typed, gazetteer)
    assert found is not None
    assert not found.corrected


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Villeurbane", "Villeurbanne (69)"),
        ("Lil", "Lille (59)"),
        ("Montpelierrre", "Montpellier (34)"),
    ],
)
def test_an_unknown_place_gets_names_that_resemble_it(
    typed: str, label: str, gazetteer: Gazetteer
) -> None:
    assert label in map(gazetteer.label, towns_resembling(typed, gazetteer))


def test_only_communes_and_post_codes_have_a_centre(gazetteer: Gazetteer) -> None:
    for code, has in (
        ("commune:69123", True),
        ("postcode:01150", True),
        ("department:69", False),
        ("country", False),
    ):
        place = gazetteer.parse_place(code)
        assert place is not None
        assert (point_of(place, gazetteer) is not None) is has
        assert bool(communes_of(place, gazetteer)) is has
