"""Cells that no spreadsheet computes; files that are read back as they were written."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.answers.files import Sheet, cell, lines, pieces, safe, workbook
from tests.tables import cases


@pytest.mark.parametrize("text", cases(__file__, "what_could_be_a_formula_is_said_to_be_text"))
def test_what_could_be_a_formula_is_said_to_be_text(text: str) -> None:
    assert safe(text) == "'" + text


@given(st.text())
def test_no_text_starts_a_formula(text: str) -> None:
    assert not cell(text, "fr").lstrip().startswith(("=", "+", "-", "@"))


def test_decimals_follow_the_language() -> None:
    assert [cell(-1.5, "fr"), cell(-1.5, "en"), cell(7, "fr"), cell(None, "fr")] == [
        "-1,5",
        "-1.5",
        "7",
        "",
    ]


def test_a_long_file_comes_in_pieces_and_reads_as_it_goes() -> None:
    taken: list[int] = []

    def rows() -> list[list[str | int | float | None]]:
        for number in range(1_000):
            taken.append(number)
            yield [number]  # type: ignore[misc]

    found = lines(["n"], rows(), "fr")
    next(found)
    assert len(taken) < 1_000, "the first piece is sent before the last row is read"
    assert sum(piece.count(b"\r\n") for piece in found) + 100 + 1 == 1_001


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@x", "http://example.org", "é🧹", "a\nb", "\x00\x07", "\ud800", "x" * 40_000, "{=1}"],
)
def test_a_workbook_holds_texts_only(text: str) -> None:
    body = b"".join(pieces(workbook(Sheet("Feuille", ["titre"], [[text, 1.5, None, 7]]))))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    assert [one.data_type for one in sheet[2]][:2] == ["s", "n"]
    assert [one.hyperlink for one in sheet[2]] == [None] * len(sheet[2])
    assert sheet["B2"].value == 1.5
    assert sheet.freeze_panes == "A2"
