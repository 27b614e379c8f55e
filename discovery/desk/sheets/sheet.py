"""A sheet, what is taken of one, and why one can't be read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from discovery.errors import DiscoveryError

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


class UnreadableSheet(DiscoveryError):
    """A file that can't be read as a spreadsheet.

    `code`: of the catalogue of messages, with its `args`.
    """

    def __init__(self, code: str, **args: int) -> None:
        self.code, self.args_told = code, args
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a stranger's sheet.

    `rows`: cells as text on one line each, blank ones at the end of a row left out; the first row is number `first`
    of its sheet. `height`, `width`: of the sheet, of which no more are kept than show that it is too large.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    first: int
    height: int
    width: int


def sheet(name: str, rows: Iterable[Sequence[str]], first: int = 1, height: int = 0) -> Sheet:
    """Make a sheet of the first rows that may be kept. `height`: where it is known without reading them all."""
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
    return Sheet(name, tuple(kept), first, height or len(kept) + sum(1 for row in reading if any(row)), width)


def within(sheets: Sequence[Sheet]) -> Sequence[Sheet]:
    """The sheets as they are. Raises UnreadableSheet when together they hold more text than is taken, or nothing."""
    if not any(one.rows for one in sheets):
        raise UnreadableSheet("sheet_empty")
    if sum(len(cell) for one in sheets for row in one.rows for cell in row) > MAX_TEXT:
        raise UnreadableSheet("sheet_text", limit=MAX_TEXT)
    return sheets
