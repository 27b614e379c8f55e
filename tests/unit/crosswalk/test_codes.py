"""Codes as people write them, what they are called, what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.mappings.codes import Code, cpv_codes, cpv_label, meaning_of, read_code
from discovery.mappings.crosswalk import CPV_DIGITS
from discovery.phrase import Lexicon, parse
from discovery.places import gazetteer
from tests.tables import cases


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("90910000", Code("cpv", "90910000")), ("90910000-9", Code("cpv", "90910000")),
        (" cpv : 90910000 ", Code("cpv", "90910000")), ("CPV 9091", Code("cpv", "9091")),
        ("9091*", Code("cpv", "9091")), ("81.21Z", Code("naf", "8121Z")), ("8121z", Code("naf", "8121Z")),
        ("APE 8121Z", Code("naf", "8121Z")), ("K2204", Code("rome", "K2204")), ("rome k2204", Code("rome", "K2204")),
    ],
)  # fmt: skip
def test_codes_are_read_as_people_write_them(typed: str, code: Code) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    ["", "9091", "59000", "12345678", "99999999", "CPV 9999", "K22", "2A004", "784671695", "10 km"],
)
def test_a_number_that_is_no_code_is_not_read_as_one(typed: str) -> None:
    assert read_code(typed) is None


def test_every_code_of_cpv_is_there_and_named_in_both_languages() -> None:
    assert len(cpv_codes()) == 9454
    assert all(
        len(code) == CPV_DIGITS and french and english
        for code, (french, english) in cpv_codes().items()
    )
    assert cpv_label("90910000") == "Services de nettoyage"
    assert cpv_label("9091", "en") == "Cleaning services"
    assert cpv_label("12345678") == ""


@given(st.sampled_from(sorted(cpv_codes())))
def test_every_cpv_code_is_decided_by_its_longest_prefix(code: str) -> None:
    mappings = load_mappings()
    meaning = mappings.codes.meaning("cpv", code, mappings.vocabulary)
    assert meaning is not None
    assert code.startswith(meaning.prefix)
    longer = [
        prefix
        for prefix in mappings.codes.cpv
        if code.startswith(prefix) and len(prefix) > len(meaning.prefix)
    ]
    assert not longer
    assert meaning.none != bool(meaning.all)


def test_registered_and_job_codes_mean_sectors_too() -> None:
    mappings = load_mappings()
    cleaning = mappings.codes.meaning("naf", "8121Z", mappings.vocabulary)
    assert cleaning
    assert "nettoyage-de-locaux" in cleaning.sectors
    job = mappings.codes.meaning("rome", "K2204", mappings.vocabulary)
    assert job
    assert job.sectors == ("nettoyage-de-locaux",)
    assert mappings.codes.meaning("rome", "Z9999", mappings.vocabulary) is None


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.from_vocabulary(load_mappings().vocabulary)


@pytest.mark.parametrize(
    ("q", "types"), cases(__file__, "post_codes_dates_and_budgets_are_no_codes")
)
def test_post_codes_dates_and_budgets_are_no_codes(
    q: str, types: list[str], lexicon: Lexicon
) -> None:
    mappings = load_mappings()
    intent = parse(
        q,
        grammar=mappings.grammar,
        lexicon=lexicon,
        gazetteer=gazetteer(),
        frequent=lambda _: False,
        meanings=lambda kind, code: meaning_of(kind, code, mappings.codes, mappings.vocabulary),
    )
    assert {piece.type for piece in intent.pieces} == set(types)
