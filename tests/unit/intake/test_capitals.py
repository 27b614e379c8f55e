import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import Mappings, load_mappings
from indexer.intake.text import Readable, in_capitals
from tests.tables import cases

READABLE = Readable(load_mappings().vocabulary)


@pytest.mark.parametrize(("name", "readable"), cases(__file__, "capitals"))
def test_a_shouted_name_is_made_readable(name: str, readable: str) -> None:
    assert READABLE(name) == readable


@pytest.mark.parametrize("name", ["Atelier du Bocage", "eco-lieu", "iD'EES", "FAP", "ASEM", "3", "ESAT Les Tilleuls"])
def test_any_other_name_is_left_alone(name: str) -> None:
    assert READABLE(name) == name


@given(st.text("ABCDEFIOU -'", min_size=5, max_size=40))
def test_a_readable_name_stays(name: str) -> None:
    once = READABLE(name)
    assert READABLE(once) == once


def test_every_kind_keeps_its_letters(mappings: Mappings) -> None:
    for kind in mappings.vocabulary.kinds:
        assert READABLE(f"{kind} DU BOCAGE NEUF") == f"{kind} du Bocage Neuf"


@pytest.mark.parametrize(("name", "shouts"), [("FAIRE", True), ("FAP", False), ("LA MER", True), ("12", False)])
def test_what_shouts(name: str, shouts: bool) -> None:
    assert in_capitals(name) is shouts
