"""Rows → a workbook (XLSX), row by row in constant memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import IO, NamedTuple

import xlsxwriter  # type: ignore[import-untyped]

from discovery.present.table import Row

MOST_CHARACTERS = 32_767
"""Of a cell, for Excel."""
_WIDTH = 22


class Sheet(NamedTuple):
    """`title`: at most 31 characters, none of those that Excel refuses."""

    title: str
    header: list[str]
    rows: Iterable[Row]


def workbook(*sheets: Sheet) -> IO[bytes]:
    """An open file, at its start, that goes when it is closed. Texts are texts: nothing becomes a formula or a link."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for each in sheets:
            sheet = book.add_worksheet(each.title)
            sheet.set_column(0, len(each.header) - 1, _WIDTH)
            sheet.freeze_panes(1, 0)
            for column, text in enumerate(each.header):
                sheet.write_string(0, column, text, bold)
            for number, row in enumerate(each.rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        text = value.encode("utf-8", "replace").decode()
                        sheet.write_string(number, column, text[:MOST_CHARACTERS])
                    elif value is not None:
                        sheet.write_number(number, column, value)
    file.seek(0)
    return file
