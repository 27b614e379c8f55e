"""Rows → a workbook (XLSX), row by row in constant memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any, NamedTuple

from discovery.serialize.table import Row

MAX_CHARACTERS = 32_767
"""Of a cell, for Excel."""
MAX_ADDRESS = 2_000
"""Characters of an address that Excel opens."""
_WIDTH = 22
_CHART_ROWS = 16
"""Rows that a chart covers."""


class Link(str):
    """An address of ours, to be clicked; without a scheme and a host it is a text as any other."""


class Chart(NamedTuple):
    """Bars of `values`, a column of the sheet, by the names in its first; `rows`: (first, last), the header is 0."""

    title: str
    values: int
    rows: tuple[int, int]


class Sheet(NamedTuple):
    """A sheet to be written.

    `title`: at most 31 characters, none of those that Excel refuses. `euros`: columns of amounts. `charts`: beside
    the rows, one below the other.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Row]
    euros: Sequence[int] = ()
    charts: Sequence[Chart] = ()


def workbook(*sheets: Sheet) -> IO[bytes]:
    """Write sheets to a workbook: an open file, at its start, that goes when it is closed. Texts are texts: nothing
    becomes a formula, nor a link but `Link`."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader closes it
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold, euros = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for each in sheets:
            sheet = book.add_worksheet(each.title)
            sheet.set_column(0, len(each.header) - 1, _WIDTH)
            for column in each.euros:
                sheet.set_column(column, column, _WIDTH, euros)
            sheet.freeze_panes(1, 0)
            for column, text in enumerate(each.header):
                sheet.write_string(0, column, _text(text), bold)
            for number, row in enumerate(each.rows, 1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value)
            for place, chart in enumerate(each.charts):
                _draw(book, sheet, chart, 1 + place * _CHART_ROWS, len(each.header) + 1)
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, value: str | int | float | None) -> None:
    if isinstance(value, Link) and value.startswith(("https://", "http://")) and len(value) <= MAX_ADDRESS:
        sheet.write_url(row, column, str(value))
    elif isinstance(value, str):
        sheet.write_string(row, column, _text(value))
    elif value is not None:
        sheet.write_number(row, column, value)


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]


def _draw(book: Any, sheet: Any, chart: Chart, row: int, column: int) -> None:
    first, last = chart.rows
    drawn = book.add_chart({"type": "bar"})
    drawn.add_series({
        "categories": [sheet.name, first, 0, last, 0],
        "values": [sheet.name, first, chart.values, last, chart.values],
        "data_labels": {"value": True},
    })  # fmt: skip
    drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 620, "height": 20 * (_CHART_ROWS - 1)})
    sheet.insert_chart(row, column, drawn)
