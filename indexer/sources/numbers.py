"""Lists of companies that hold a label, as files with a column of SIREN: only that column is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from indexer.sources.connector import Keyed, Page
from indexer.sources.fetch import Fetcher, SourceError, decoded

SIREN_DIGITS = 9
"""Spreadsheets drop a first zero: shorter numbers are padded."""
BESIDES_CSV = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and XLS begin."""


def sirens(fetcher: Fetcher, url: str, column: str, about: str) -> Page:
    """The column of a CSV, in UTF-8 or Windows-1252, with commas or semicolons. Raises SourceError when it is none."""
    with fetcher.file(url) as body:
        found = dict(_numbers(body, column, about))
    if not found:
        raise SourceError(f"{about}: not one SIREN in `{column}`; the contract changed")
    return list(found.items()), 0, False


def numbered(number: str) -> Keyed:
    """What a list says of a number: that it holds the label."""
    return number, {"number": number}


def _numbers(body: IO[bytes], column: str, about: str) -> Iterator[Keyed]:
    if body.read(4) in BESIDES_CSV:
        raise SourceError(f"{about}: a spreadsheet, not CSV; save it as CSV and give that file's address")
    with decoded(body, "utf-8-sig") as text:
        header = text.readline()
        sign = ";" if ";" in header else ","
        names = [one.strip().strip('"').lower() for one in header.split(sign)]
        if column not in names:
            raise SourceError(f"{about}: no column `{column}`; the contract changed, nothing was imported")
        at = names.index(column)
        for line, cells in enumerate(csv.reader(text, delimiter=sign), 2):
            if len(cells) <= at:
                if cells:
                    raise SourceError(f"{about}, line {line}: {len(cells)} columns; the file was cut")
                continue
            digits = "".join(cells[at].split())
            if digits.isdecimal() and len(digits) <= SIREN_DIGITS:
                yield numbered(digits.zfill(SIREN_DIGITS))
