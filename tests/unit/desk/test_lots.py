"""The same need gives the same lots however it is told; what is hostile is refused in words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.desk.eforms import MAX_XML, lots_of_notice
from discovery.desk.lot import MAX_LOTS, MAX_TEXT, MAX_TITLE, Lot, amounts, euros, months, query
from discovery.desk.pasted import lots_of_text
from discovery.desk.request import read_json, read_notice, read_text
from discovery.http.api.needs import AskedLot
from discovery.mappings import load_mappings
from discovery.mappings.codes import cpv_codes
from discovery.search.query import MAX_Q, InvalidQuery
from tests.examples import some
from tests.tables import cases
from tests.unit.desk.notices import EFORMS, JSON, LOTS, TEXT, WHOLE, as_eforms, as_json, as_text

MAPPINGS = load_mappings()
HEADINGS = MAPPINGS.headings
NUMERALS = load_mappings().grammar.numbers.numerals


def assert_told(faults: Sequence[object]) -> None:
    assert faults


def codes_of(error: pytest.ExceptionInfo[InvalidQuery]) -> list[str]:
    return [one.code for one in error.value.problems]


def test_text_xml_and_lots_tell_the_same() -> None:
    for read in (
        read_text(TEXT, MAPPINGS),
        read_notice(EFORMS.encode()),
        read_text(EFORMS, MAPPINGS),
        read_json({"text": TEXT}, MAPPINGS),
    ):
        assert alone(read) == LOTS
        assert {lot.whole.title for lot in read if lot.whole} == {WHOLE}
    assert [replace(lot, place="") for lot in alone(read_json(JSON, MAPPINGS))] == [
        replace(one, place="") for one in LOTS
    ]


def alone(lots: Sequence[Lot]) -> list[Lot]:
    """Lots as they tell it, without what they are part of."""
    return [
        replace(lot, whole=None, place="" if lot.place == "Lyon" else lot.place) for lot in lots
    ]


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\t"])
def test_blanks_of_every_kind_part_the_same(blank: str) -> None:
    assert alone(read_text(TEXT.replace(" ", blank), MAPPINGS)) == LOTS


WORDS = st.sampled_from(
    ["nettoyage", "des", "locaux", "entretien", "linge", "repas", "tonte", "d'archives", "2026"]
)
TOLD = st.lists(
    st.builds(
        Lot,
        title=st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
        cpv=st.lists(st.sampled_from(sorted(cpv_codes())), max_size=3, unique=True).map(tuple),
        place=st.sampled_from(["", "Lyon", "Saint-Étienne", "Nantes"]),
        amount=st.none() | st.integers(1, 10**9).map(float),
    ),
    min_size=1,
    max_size=5,
).map(lambda lots: [replace(one, number=str(at)) for at, one in enumerate(lots, 1)])


@given(TOLD)
def test_any_lots_are_the_same_in_every_form(lots: list[Lot]) -> None:
    for read in (
        read_json(as_json(lots), MAPPINGS),
        read_text(as_text(lots), MAPPINGS),
        read_notice(as_eforms(lots).encode()),
    ):
        assert [replace(lot, whole=None, date="") for lot in read] == lots


@pytest.mark.parametrize(("pasted", "titles"), cases(__file__, "lots_are_split_by_their_headings"))
def test_lots_are_split_by_their_headings(pasted: str, titles: list[str]) -> None:
    assert [lot.title for lot in lots_of_text(pasted, MAPPINGS)] == titles


@pytest.mark.parametrize("pasted", cases(__file__, "an_amount_told_with_a_lot_is_of_that_lot"))
def test_an_amount_told_with_a_lot_is_of_that_lot(pasted: str) -> None:
    first, then = lots_of_text(pasted, MAPPINGS)
    assert (first.title.lower(), then.title.lower()) == ("tonte", "fauchage")
    sums = [
        sum(one.euros for text in lot.told for one in amounts(text, HEADINGS))
        for lot in (first, then)
    ]
    assert [sums[0] + (first.amount or 0), sums[1] + (then.amount or 0)] == [40_000, 9_000]


@pytest.mark.parametrize("part", [" ", "1.", "\n", "lot ", "n°", "lot 1 ", "a: ", "; ", "…"])
def test_a_long_text_of_one_part_is_read_in_one_go(part: str) -> None:
    """A pattern that went back and forth would not end here: 20,000 blanks took ten seconds."""
    assert lots_of_text(part * (some(200_000) // len(part)) + "x", MAPPINGS)


def test_a_lot_told_twice_is_one() -> None:
    first, _ = lots_of_text(
        "Lot 1 : nettoyage\nLot 2 : repas\nLot 1 : nettoyage\nLieu : Brest", MAPPINGS
    )
    assert first == Lot("nettoyage", "1", place="Brest")


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ("50 000 € HT", 50_000), ("1,2 M€", 1_200_000), ("30k€", 30_000), ("12.500,50 EUR", 12_500.5),
        ("1.500.000 €", 1_500_000), ("2 millions d'euros", 2_000_000), ("80000", 80_000), ("environ", None), ("", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(told: str, amount: float | None) -> None:
    assert euros(told) == amount


@pytest.mark.parametrize(
    ("told", "read"), cases(__file__, "an_amount_is_told_with_what_it_is_the_price_of")
)
def test_an_amount_is_told_with_what_it_is_the_price_of(
    told: str, read: list[float | bool]
) -> None:
    found = max(amounts(told, HEADINGS, NUMERALS), key=lambda one: one.euros)
    assert [found.euros, found.months, found.taxed] == read


@pytest.mark.parametrize(
    "told",
    [
        "12 € par personne",
        "8,15 € la nappe",
        "pénalité de 150 €",
        "70 h par tranche de 50 000 €",
        "3 agents",
    ],
)
def test_what_is_no_price_of_the_lot_is_no_amount(told: str) -> None:
    assert amounts(told, HEADINGS, NUMERALS) == []


@pytest.mark.parametrize(
    ("told", "length"), cases(__file__, "how_long_is_told_in_months_with_renewals")
)
def test_how_long_is_told_in_months_with_renewals(told: str, length: int | None) -> None:
    assert months(told, HEADINGS, NUMERALS) == length


@given(st.text(max_size=2_000))
def test_any_text_gives_lots_that_can_be_asked(pasted: str) -> None:
    for lot in lots_of_text(pasted, MAPPINGS):
        assert len(lot.title) <= MAX_TITLE
        assert len(query(lot).q) <= MAX_Q


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda one: st.lists(one, max_size=4),
    )
)
def test_any_json_gives_lots_or_problems(value: Any) -> None:
    lot = dict.fromkeys(AskedLot.__annotations__, value)
    for body in (value, {"text": value}, {"lots": value}, {"lots": [value]}, {"lots": [lot]}):
        try:
            found = read_json(body, MAPPINGS)
        except InvalidQuery as error:
            assert_told(error.problems)
        else:
            assert all(len(query(one).q) <= MAX_Q for one in found)


def test_limits_are_told() -> None:
    with pytest.raises(InvalidQuery) as error:
        read_text("a" * (MAX_TEXT + 1), MAPPINGS)
    assert codes_of(error) == ["needs_too_long"]
    with pytest.raises(InvalidQuery) as error:
        read_json({"lots": [{"title": "a"}] * (MAX_LOTS + 1)}, MAPPINGS)
    assert codes_of(error) == ["needs_too_many"]


def test_every_fault_of_every_lot_is_told_at_once() -> None:
    with pytest.raises(InvalidQuery) as error:
        read_json({"title": 5, "lots": [{"title": 3, "cpv": ["x"], "amount": "1"}, 4]}, MAPPINGS)
    assert [one.parameter for one in error.value.problems] == [
        "title",
        "lots[0].title",
        "lots[0].cpv",
        "lots[0].amount",
        "lots[1]",
    ]


BOMB = "<!DOCTYPE a [<!ENTITY a '" + "x" * 100 + "'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(9)
) + "]><ContractNotice>&a8;</ContractNotice>"  # fmt: skip
HOSTILE = {
    "billion laughs": (BOMB, "notice_with_entities"),
    "outside entity": (
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><ContractNotice>&b;</ContractNotice>",
        "notice_with_entities",
    ),
    "outside DTD": (
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><ContractNotice/>",
        "notice_with_entities",
    ),
    "depth": ("<a>" * 100_000, "notice_too_deep"),
    "elements": ("<a>" + "<b/>" * 150_000 + "</a>", "notice_too_deep"),
    "length": ("<a>" + "x" * MAX_XML + "</a>", "notice_too_large"),
    "half": (EFORMS[: len(EFORMS) // 2], "notice_not_xml"),
    "no XML": ("<", "notice_not_xml"),
    "encoding": ("<?xml version='1.0' encoding='klingon'?><a/>", "notice_not_xml"),
    "another file": ("<html><body><p>Lot 1</p></body></html>", "notice_without_lots"),
    "no lot": ("<ContractNotice><ProcurementProject/></ContractNotice>", "notice_without_lots"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_in_words(name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(InvalidQuery) as error:
        read_notice(content.encode())
    assert codes_of(error) == [code]


@given(st.binary(max_size=500))
def test_any_bytes_are_lots_or_a_problem(content: bytes) -> None:
    for given_ in (content, EFORMS.encode()[: len(content)] + content):
        try:
            assert lots_of_notice(given_)
        except InvalidQuery as error:
            assert_told(error.problems)
