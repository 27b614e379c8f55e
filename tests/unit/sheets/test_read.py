"""Spreadsheets of all kinds give the same rows; what a file is called is never asked."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.desk.sheets import MAX_COLUMNS, MAX_ROWS, Sheet, read
from discovery.desk.sheets.child import of_workbook, text
from discovery.desk.sheets.sheet import MAX_CELL, of_csv, separator, sheet
from tests.examples import some
from tests.spreadsheets import PROGRAMME, ods, saved, xls, xlsx

LINES: list[list[Any]] = [
    ["Intitulé", "CPV", "Montant"],
    ["Nettoyage & vitres, été", "90919200-4", 45000],
    ["Traiteur", "", 1200.5],
]
TEXTS = tuple(tuple(str(cell) for cell in row) for row in LINES)


def written(sign: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(LINES)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    "content",
    [xlsx(LINES), ods(LINES), xls(LINES), *(written(sign, "utf-8") for sign in ";,\t|"), written(";", "cp1252"),
     written(";", "utf-8-sig"), written("\t", "utf-16")],
    ids=["xlsx", "ods", "xls", "semicolon", "comma", "tab", "bar", "windows", "mark", "utf-16"],
)  # fmt: skip
def test_every_format_gives_the_same_rows(content: bytes) -> None:
    (found,) = read(content)
    assert found.rows == TEXTS
    assert (found.first, found.height, found.width) == (1, 3, 3)


def test_the_numbers_of_rows_are_those_of_the_sheet() -> None:
    book = openpyxl.Workbook()
    book.active["B4"], book.active["B6"] = "Objet", "Nettoyage"
    (found,) = of_workbook(saved(book))
    assert (found.first, found.height) == (4, 6)
    assert [row[-1] if row else "" for row in found.rows] == ["Objet", "", "Nettoyage"]


def test_sheets_that_nobody_sees_are_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(PROGRAMME, Notes=[["a"]], Listes=[["b"]])))
    book["Listes"].sheet_state = "hidden"
    assert [one.name for one in read(saved(book))] == ["Programme", "Notes"]


@pytest.mark.parametrize(
    ("value", "told"),
    [(90919200.0, "90919200"), (1200.5, "1200.5"), (True, "1"), (float("nan"), ""), (date(2026, 3, 1), "2026-03-01"),
     (datetime.fromisoformat("2026-03-01"), "2026-03-01"),
     (datetime.fromisoformat("2026-03-01T09:30"), "2026-03-01 09:30"), ("a", "a")],
)  # fmt: skip
def test_a_cell_is_told_as_a_person_reads_it(value: object, told: str) -> None:
    assert text(value) == told


def test_more_than_is_kept_is_counted() -> None:
    found = sheet("", [["a"] * 70, *[["b"]] * (MAX_ROWS + 9)])
    assert (found.height, found.width) == (MAX_ROWS + 10, 70)
    assert (len(found.rows), len(found.rows[0])) == (MAX_ROWS, MAX_COLUMNS + 1)


def test_a_cell_is_one_line_and_no_novel() -> None:
    found = sheet("", [["a\n b\t\u00a0c", "x" * 900]])
    assert found.rows == (("a b c", "x" * MAX_CELL),)


CELLS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8
)


@settings(max_examples=some(60))
@given(st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2)),
       st.sampled_from(";\t,|"))  # fmt: skip
def test_what_a_program_writes_as_csv_is_read_back(rows: list[list[str]], sign: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(rows)
    assert separator(out.getvalue()) == sign
    assert of_csv(out.getvalue().encode()).rows == tuple(map(tuple, rows))


@settings(max_examples=some(200))
@given(st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_told(content: bytes) -> None:
    from discovery.desk.sheets.child import read_in_child

    answer = read_in_child(content)
    assert ("sheets" in answer) != ("code" in answer)
    for one in answer.get("sheets", ()):
        Sheet(**one)
