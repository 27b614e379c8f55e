"""A sheet, what is taken of one, why one can't be read; and CSV as spreadsheets write it. Pure."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from discovery.errors import DiscoveryError
from discovery.model import dataclass

MAX_BYTES = 5_000_000
"""Of a file."""
MAX_SHEETS = 20
MAX_ROWS = 2_031
"""Kept of a sheet: 2,000 lines, what stands above them, and one that shows that there are more."""
MAX_COLUMNS = 60
"""Of a sheet that is taken; one more is kept, which shows that there are."""
MAX_CELL = 500
"""Characters kept of a cell."""
MAX_TEXT = 3_000_000
"""Characters of all cells kept."""


PROCESSOR_SECONDS = 8
"""For the child process that reads a file."""


class UnreadableSheet(DiscoveryError):
    """A file that can't be read as a spreadsheet. `code`: of the catalogue of messages, with its
    `args`.
    """

    def __init__(self, code: str, **args: int) -> None:
        self.code, self.args_told = code, args
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a stranger's sheet.

    `rows`: cells as text on one line each, blank ones at the end of a row left out; the first row
    is number `first` of its sheet. `height`, `width`: of the sheet, of which no more are kept than
    show that it is too large.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    first: int
    height: int
    width: int


def sheet(name: str, rows: Iterable[Sequence[str]], first: int = 1, height: int = 0) -> Sheet:
    """Make a sheet of the first rows that may be kept. `height`: where it is known without reading
    them all.
    """
    kept, width = [], 0
    reading = iter(rows)
    for row in islice(reading, MAX_ROWS):
        cells = [" ".join(cell.split())[:MAX_CELL] for cell in row[: MAX_COLUMNS + 1]]
        beyond = next((at for at in range(len(row), MAX_COLUMNS + 1, -1) if row[at - 1].strip()), 0)
        while cells and not cells[-1]:
            cells.pop()
        width = max(width, beyond or len(cells))
        kept.append(tuple(cells))
    while kept and not kept[-1]:
        kept.pop()
    return Sheet(
        name, tuple(kept), first, height or len(kept) + sum(1 for row in reading if any(row)), width
    )


def within(sheets: Sequence[Sheet]) -> Sequence[Sheet]:
    """The sheets as they are. Raises UnreadableSheet when together they hold more text than is
    taken, or nothing.
    """
    if not any(one.rows for one in sheets):
        raise UnreadableSheet("sheet_empty")
    if sum(len(cell) for one in sheets for row in one.rows for cell in row) > MAX_TEXT:
        raise UnreadableSheet("sheet_text", limit=MAX_TEXT)
    return sheets


SEPARATORS = ";\t,|"
_LOOKED_AT = 10
"""Lines by which the separator is found."""


def of_csv(content: bytes) -> Sheet:
    """The sheet of a CSV file. Raises UnreadableSheet when a field never ends."""
    text = decoded(content)
    return sheet("", rows(text, separator(text)))


def decoded(content: bytes) -> str:
    """The file as text: UTF-8, UTF-16 with its mark, else what Windows writes in the west of
    Europe.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def rows(text: str, sign: str) -> Iterator[list[str]]:
    """The rows of a text whose cells `sign` parts. Raises UnreadableSheet when a field never ends."""
    try:
        yield from csv.reader(_lines(text), delimiter=sign)
    except csv.Error:
        raise UnreadableSheet("sheet_broken") from None


def separator(text: str) -> str:
    """What parts the fields: the sign that parts most of the first lines, and more than half, into
    as many fields; ";" where none does.
    """
    lines = [
        line for _, line in zip(range(_LOOKED_AT), filter(str.strip, _lines(text)), strict=False)
    ]

    def fits(sign: str) -> tuple[int, int]:
        try:
            counts = [len(next(csv.reader([line], delimiter=sign), [])) - 1 for line in lines]
        except csv.Error:  # a field longer than any is
            return 0, 0
        common = max(set(counts), key=lambda one: (counts.count(one) * (one > 0), one), default=0)
        return (
            (counts.count(common), common)
            if common and 2 * counts.count(common) > len(lines)
            else (0, 0)
        )

    return max(SEPARATORS, key=fits)


def _lines(text: str) -> Iterator[str]:
    """One after the other, ends included: a list of them all would weigh more than the text."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
