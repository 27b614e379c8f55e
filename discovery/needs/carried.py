"""Sheets that a form carries from its preview to its answer, so that nothing is kept here. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from discovery.search.query import InvalidQuery, Problem
from discovery.sheets import Sheet
from discovery.sheets.csv_text import rows
from discovery.sheets.sheet import MAX_SHEETS, UnreadableSheet, sheet, within

_SIGN = ","


def packed(given: Sheet) -> str:
    """A sheet's rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=_SIGN, lineterminator="\n").writerows(row or ("",) for row in given.rows)
    return out.getvalue()


def unpacked(names: Sequence[str], firsts: Sequence[str], texts: Sequence[str]) -> list[Sheet]:
    """The sheets that `packed` made texts of: a name, a first row's number and a text for each. A form may send
    anything: raises InvalidQuery, as for a file."""
    try:
        found = [
            sheet(name[:100], rows(text, _SIGN), int(first) if first.isascii() and first.isdigit() else 1)
            for name, first, text in zip(names[:MAX_SHEETS], [one[:7] for one in firsts], texts, strict=False)
        ]
        return list(within([one for one in found if one.rows]))
    except UnreadableSheet as error:
        raise InvalidQuery((Problem("file", "", error.code, error.args_told),)) from None
    except csv.Error:
        raise InvalidQuery((Problem("file", "", "sheet_broken"),)) from None
