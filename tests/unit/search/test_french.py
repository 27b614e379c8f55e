import pytest

from discovery.places import Gazetteer, Place
from discovery.search.where import _prepositions, de, in_place
from tests.tables import cases


@pytest.mark.parametrize(("place", "name", "said"), cases(__file__, "inside"))
def test_inside(place: str, name: str, said: str) -> None:
    kind, _, code = place.partition(":")
    assert in_place(Place(kind, code), name) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "said"), cases(__file__, "of"))
def test_of(name: str, said: str) -> None:
    assert de(name) == said
    assert de(name, "en") == name


def test_every_name_listed_is_a_department_or_a_region(gazetteer: Gazetteer) -> None:
    """A misspelt name in the lists would silently never match."""
    known = {one.name for one in gazetteer.departments()} | {
        one.name for one in gazetteer.regions()
    }
    assert _prepositions().keys() - known == set()
