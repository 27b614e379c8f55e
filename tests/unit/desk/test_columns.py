"""Columns of a programme are known by their headings, else by what they hold; a person may say
otherwise.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.desk.programme import (
    Columns,
    choose_columns,
    column_letter,
    column_place,
    likeliest_sheet,
    recognise_columns,
)
from discovery.desk.sheets import MAX_COLUMNS
from discovery.desk.sheets.sheet import Sheet, sheet
from discovery.mappings import Mappings, load_mappings
from discovery.mappings.purchases import COLUMNS, Headings
from discovery.search.query import InvalidQuery
from tests.spreadsheets import PROGRAMME, Rows
from tests.tables import cases


@pytest.fixture(scope="module")
def headings(mappings: Mappings) -> Headings:
    return mappings.headings


def of(rows: Rows, name: str = "") -> Sheet:
    return sheet(name, [[str(cell) for cell in row] for row in rows])


def test_by_their_headings_wherever_these_stand(headings: Headings) -> None:
    found = recognise_columns(of(PROGRAMME), headings)
    assert found == Columns(2, {"title": 1, "cpv": 2, "place": 3, "amount": 4})


@pytest.mark.parametrize(
    ("row", "known"), cases(__file__, "a_heading_counts_before_a_text_that_begins_so")
)
def test_a_heading_counts_before_a_text_that_begins_so(
    headings: Headings, row: list[str], known: dict[str, int]
) -> None:
    found = recognise_columns(of([row, ["1", "2", "3", "4"]]), headings)
    assert (found.head, dict(found.of)) == (0, known)


def test_without_headings_by_what_columns_hold(headings: Headings) -> None:
    rows = [
        ["1", "Prestation de nettoyage des bureaux", "90919200-4"],
        ["2", "Repas de fin d'année", "55520000"],
    ]
    assert recognise_columns(of(rows), headings) == Columns(-1, {"title": 1, "cpv": 2})


def test_what_tells_nothing_is_not_guessed(headings: Headings) -> None:
    found = recognise_columns(of([["1", "2"], ["3", "4"]]), headings)
    assert found == Columns()
    assert not found.enough


def test_the_sheet_most_like_a_programme(headings: Headings) -> None:
    notes = of([["Notice d'utilisation de ce classeur, à lire avant tout"]] * 40, "Notice")
    rates = of([["Code CPV"], ["90919200"]], "Codes")
    assert likeliest_sheet([notes, rates, of(PROGRAMME, "2026")], headings) == 2


def test_a_person_may_say_otherwise(headings: Headings) -> None:
    sheets = [of(PROGRAMME, "2026"), of([["a", "Nettoyage de bureaux"]], "Autre")]
    found, columns = choose_columns(sheets, headings, {"place": "", "amount": "a", "head": "4"})
    assert (found.name, columns) == ("2026", Columns(3, {"title": 1, "cpv": 2, "amount": 0}))
    found, columns = choose_columns(sheets, headings, {"sheet": "Autre", "title": "B", "head": "0"})
    assert (found.name, columns) == ("Autre", Columns(-1, {"title": 1}))


@pytest.mark.parametrize(
    ("asked", "wrong"), cases(__file__, "what_is_not_there_is_told_all_at_once")
)
def test_what_is_not_there_is_told_all_at_once(
    headings: Headings, asked: dict[str, str], wrong: list[str]
) -> None:
    with pytest.raises(InvalidQuery) as told:
        choose_columns([of(PROGRAMME, "2026")], headings, asked)
    assert {one.parameter for one in told.value.problems} == set(wrong)


@given(st.integers(0, MAX_COLUMNS - 1))
def test_letters_are_those_of_spreadsheets(place: int) -> None:
    assert column_place(column_letter(place)) == column_place(column_letter(place).lower()) == place


@given(st.lists(st.lists(st.sampled_from(["", "Objet", "CPV", "90919200", "Nettoyage de bureaux", "12"]), max_size=5),
                max_size=8))  # fmt: skip
def test_columns_are_within_the_sheet_and_each_is_one_thing(rows: list[list[str]]) -> None:
    given_ = sheet("", rows)
    found = recognise_columns(given_, load_mappings().headings)
    assert -1 <= found.head < max(len(given_.rows), 1)
    assert set(found.of) <= set(COLUMNS)
    assert all(0 <= place < given_.width for place in found.of.values())
    assert len(set(found.of.values())) == len(found.of)
