import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import Mappings, load_mappings
from indexer.intake.text import Readable, in_capitals

READABLE = Readable(load_mappings().vocabulary)


@given(st.text("ABCDEFIOU -'", min_size=5, max_size=40))
def test_a_readable_name_stays(name: str) -> None:
    once = READABLE(name)
    assert READABLE(once) == once


def test_every_kind_keeps_its_letters(mappings: Mappings) -> None:
    for kind in mappings.vocabulary.kinds:
        assert READABLE(f"{kind} DU BOCAGE NEUF") == f"{kind} du Bocage Neuf"


@pytest.mark.parametrize(
    ("name", "shouts"), [("FAIRE", True), ("FAP", False), ("LA MER", True), ("12", False)]
)
def test_what_shouts(name: str, shouts: bool) -> None:
    assert in_capitals(name) is shouts
