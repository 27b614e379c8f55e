"""Rows → CSV that spreadsheets open by a click. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from discovery.serialize.table import Row, Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for a formula, wherever it comes from: an apostrophe before it says text."""
_BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""
_LINES = 100
"""Rows sent at once."""


def lines(header: list[str], rows: Iterable[Row], lang: str) -> Iterator[bytes]:
    """The rows as a CSV file, piece by piece. In French, decimals are written with a comma, as Excel expects them
    there."""
    out = _Pieces()
    writer = csv.writer(out, delimiter=delimiter(lang), lineterminator="\r\n")
    out.write(_BOM)
    writer.writerow(map(safe, header))
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(value, lang) for value in row])
        if number % _LINES == 0:
            yield out.taken()
    yield out.taken()


def delimiter(lang: str) -> str:
    """What parts two fields: as the spreadsheets of that language expect."""
    return ";" if lang == "fr" else ","


def cell(value: Value, lang: str) -> str:
    """A value as a cell: a number as the language writes it, a text that no spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case float():
            return repr(value).replace(".", ",") if lang == "fr" else repr(value)
        case int():
            return str(value)
        case _:
            return safe(value)


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet computes, even behind blanks."""
    return "'" + text if text.lstrip(" \n").startswith(_FORMULA) else text


class _Pieces:
    """A file that keeps what was written until it is taken."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def write(self, text: str) -> None:
        self._texts.append(text)

    def taken(self) -> bytes:
        taken = "".join(self._texts).encode("utf-8", "replace")
        self._texts.clear()
        return taken
