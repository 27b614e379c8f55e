"""Codes of classifications name trades, through the analysts' crosswalk."""

import pytest

from discovery.mappings.mappings import load_mappings
from tests.tables import cases

MAPPINGS = load_mappings()


def meanings(classification, code):
    return MAPPINGS.codes.meaning(classification, code, MAPPINGS.vocabulary)


@pytest.fixture
def read(understand):
    return lambda q, **options: understand(q, meanings=meanings, **options)


@pytest.mark.parametrize(("q", "type_", "value", "text"), cases(__file__, "a_code_is_a_need"))
def test_a_code_is_a_need(q, type_, value, text, read):
    intent = read(q)
    (piece,) = (p for p in intent.pieces if p.type in ("cpv", "naf", "rome"))
    assert (piece.type, piece.value, piece.text) == (type_, value, text)
    (need,) = intent.needs
    assert (need.text, need.known_by) == (text, "code")
    assert (
        need.sectors
        == meanings(type_, value).all
        == tuple(option.value for option in piece.alternatives)
    )
    assert [option.label for option in piece.alternatives] == [
        MAPPINGS.vocabulary.terms("sector")[slug].label() for slug in need.sectors
    ]
    assert intent.text == ""


@pytest.mark.parametrize(
    "q", ["blanchisserie 59000", "papier A4", "MAPA 2024-12", "784 671 695 00103", "12 345 678"]
)
def test_other_numbers_are_no_codes(q, read):
    assert not [p for p in read(q).pieces if p.type in ("cpv", "naf", "rome")]


def test_a_code_that_leads_to_no_trade_is_told(read):
    intent = read("CPV 09310000")
    assert [(note.code, note.text) for note in intent.notes] == [("code_unknown", "CPV 09310000")]
    assert intent.needs == ()
