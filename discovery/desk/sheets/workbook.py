"""XLSX, XLS and ODS by calamine: values only; formulas are not computed, macros not looked at."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
    load_workbook,
)

from discovery.desk.sheets.sheet import MAX_SHEETS, Sheet, UnreadableSheet, sheet


def of_workbook(content: bytes) -> list[Sheet]:
    """The sheets that a person sees, in their order. Raises UnreadableSheet when the file is encrypted, or no whole
    workbook.

    What the library can't bear (cells a million columns away) ends the process: call it in one of its own.
    """
    try:
        with load_workbook(io.BytesIO(content)) as book:
            seen = [
                one.name
                for one in book.sheets_metadata
                if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
            ]
            return [_sheet(book.get_sheet_by_name(name)) for name in seen[:MAX_SHEETS]]
    except PasswordError:
        raise UnreadableSheet("sheet_encrypted") from None
    except (CalamineError, XmlError, ZipError, OSError, ValueError):
        raise UnreadableSheet("sheet_broken") from None


def _sheet(found: CalamineSheet) -> Sheet:
    start = found.start or (0, 0)
    height = start[0] + found.height

    def rows() -> Iterator[list[str]]:
        for row in islice(found.iter_rows(), start[0], None):
            yield [text(value) for value in row]

    return sheet(found.name, rows(), start[0] + 1, height)


def text(value: Any) -> str:
    """A cell as a person reads it: a whole number without decimals, a day as 2026-03-01."""
    match value:
        case bool():
            return str(int(value))
        case float() if not math.isfinite(value):
            return ""
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case _:
            return str(value)
