"""A CSV file as spreadsheets write them: its encoding and its separator are found out. Pure."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator

from discovery.desk.sheets.sheet import Sheet, UnreadableSheet, sheet

SEPARATORS = ";\t,|"
_LOOKED_AT = 10
"""Lines by which the separator is found."""


def of_csv(content: bytes) -> Sheet:
    """The sheet of a CSV file. Raises UnreadableSheet when a field never ends."""
    text = decoded(content)
    try:
        return sheet("", rows(text, separator(text)))
    except csv.Error:
        raise UnreadableSheet("sheet_broken") from None


def decoded(content: bytes) -> str:
    """The file as text: UTF-8, UTF-16 with its mark, else what Windows writes in the west of Europe."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def rows(text: str, sign: str) -> Iterator[list[str]]:
    """The rows of a text whose cells `sign` parts."""
    return csv.reader(_lines(text), delimiter=sign)


def separator(text: str) -> str:
    """What parts the fields: the sign that parts most of the first lines, and more than half, into as many fields;
    ";" where none does."""
    lines = [line for _, line in zip(range(_LOOKED_AT), filter(str.strip, _lines(text)), strict=False)]

    def fits(sign: str) -> tuple[int, int]:
        try:
            counts = [len(next(csv.reader([line], delimiter=sign), [])) - 1 for line in lines]
        except csv.Error:  # a field longer than any is
            return 0, 0
        common = max(set(counts), key=lambda one: (counts.count(one) * (one > 0), one), default=0)
        return (counts.count(common), common) if common and 2 * counts.count(common) > len(lines) else (0, 0)

    return max(SEPARATORS, key=fits)


def _lines(text: str) -> Iterator[str]:
    """One after the other, ends included: a list of them all would weigh more than the text."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
