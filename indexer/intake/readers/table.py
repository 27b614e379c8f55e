"""Rows of any format; and CSV files: the delimiter found from the header, each record with the line
where it starts.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from discovery.model import dataclass
from discovery.places import normalise
from indexer.intake.findings import Code, Finding
from indexer.intake.limits import RECORD_CHARACTERS
from indexer.intake.source import BrokenFile


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a canonical mapping, whatever the file's format.

    `line` (from 1) is where it starts. `raw` has only the fields that the format carries: an absent
    one stays as the store has it. `fault`: the row cannot be read at all.
    """

    line: int
    raw: Mapping[str, Any]
    fault: Finding | None = None


Reader = Callable[[TextIO], Iterator[Row]]
"""Reads a text from its beginning, lazily. Raises BrokenFile when it is not of the format, or cut
short.
"""

DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a CSV file.

    `cells` are as many as the header's; `fault` when the row had another number of them.
    """

    line: int
    cells: Sequence[str]
    fault: Finding | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, in lower case, and the delimiter that gives most of them a meaning."""

    names: tuple[str, ...]
    delimiter: str


class _Lines:
    """The lines of a stream, bounded, remembering the last."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.number = 0
        self.last = "\n"

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(RECORD_CHARACTERS + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > RECORD_CHARACTERS:
            raise BrokenFile(
                f"longer than {RECORD_CHARACTERS} characters",
                "Write one supplier a line",
                self.number,
            )
        self.last = line
        return line


def header_of(line: str, known: Iterable[str], aliases: Mapping[str, str] | None = None) -> Header:
    """Read a header's line with each delimiter; the one under which most columns are `known` wins.
    `aliases`: other names, folded, → known ones; of two columns for one the first counts.
    """
    best = Header((), DELIMITERS[0])
    wanted = frozenset(known)
    most = -1
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        names = _named(cells, wanted, aliases or {})
        count = len(wanted.intersection(names))
        if count > most or (count == most and len(names) > len(best.names)):
            best, most = Header(names, delimiter), count
    return best


def _named(
    cells: Sequence[str], known: frozenset[str], aliases: Mapping[str, str]
) -> tuple[str, ...]:
    names = [cell.strip().lower() for cell in cells]
    for at, name in enumerate(names):
        ours = aliases.get(normalise(name), "") if name not in known else ""
        if ours and ours not in names:
            names[at] = ours
    return tuple(names)


def records(
    stream: TextIO, known: Iterable[str], aliases: Mapping[str, str] | None = None
) -> tuple[Header, Iterator[Record]]:
    """The header and, lazily, the records. Rows without any content are passed over.

    Raises BrokenFile: no header, a column twice, a quote that is never closed, a last row that
    stops halfway.
    """
    lines = _Lines(stream)
    first = next(lines, "")
    header = header_of(first, known, aliases)
    if not any(header.names):
        raise BrokenFile("the file has no header", "Begin with a line of column names", 1)
    twice = sorted(name for name, times in Counter(header.names).items() if name and times > 1)
    if twice:
        raise BrokenFile(f"column {twice[0]!r} is given twice", "Keep one of them", 1)
    return header, _records(lines, header)


def _records(lines: _Lines, header: Header) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    width = len(header.names)
    while True:
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = str(error)
            if what == "unexpected end of data":
                raise BrokenFile(
                    "a quoted cell that starts in this row has no end",
                    "Close the quote, or fetch the file again",
                    start,
                ) from None
            raise BrokenFile(
                f"not valid CSV ({what})", 'Double the quotes (") inside a quoted cell', start
            ) from None
        if not any(cells):
            continue
        if len(cells) == width:
            yield Record(start, cells)
        elif len(cells) < width and not lines.last.endswith(("\n", "\r")):
            raise BrokenFile(
                f"the last row stops after {len(cells)} of {width} cells",
                "Fetch the file again",
                start,
            )
        elif not any(cells[width:]) and len(cells) > width:
            yield Record(start, cells[:width])  # a spreadsheet's trailing delimiters
        else:
            details = {"found": str(len(cells)), "header": str(width)}
            yield Record(
                start, [*cells, *[""] * width][:width], Finding(Code.CELLS, "", "", details)
            )
