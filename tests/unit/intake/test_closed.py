import pytest

from discovery.mappings import Mappings, load_mappings
from indexer.intake.fields import ClosedList
from tests.tables import cases

SECTORS = ClosedList(load_mappings().vocabulary.sectors)


@pytest.mark.parametrize("given_", cases(__file__, "a_code_or_a_label_in_any_spelling"))
def test_a_code_or_a_label_in_any_spelling(given_: str) -> None:
    assert SECTORS.code(given_) == "nettoyage-de-locaux"


def test_a_synonym_is_not_a_value() -> None:
    assert SECTORS.code("ménage") is None


def test_every_code_and_label_is_read(mappings: Mappings) -> None:
    vocabulary = mappings.vocabulary
    for terms in (vocabulary.kinds, vocabulary.sectors, vocabulary.certifications, vocabulary.networks):
        known = ClosedList(terms)
        for code, term in terms.items():
            assert known.code(code) == code
            assert known.code(term.label("fr")) is not None


@pytest.mark.parametrize(
    ("given_", "near"),
    [("nettoyage-des-locaux", "nettoyage-de-locaux"), ("blanchiserie", "blanchisserie"), ("traitteur", "traiteur")],
)
def test_near_ones_are_named(given_: str, near: str) -> None:
    assert SECTORS.code(given_) is None
    assert SECTORS.near(given_)[0] == near
