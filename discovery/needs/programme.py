"""A purchasing programme → its lines, each a lot. Pure; what can't be read of a line is told and loses nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from discovery.config.purchases import COLUMNS
from discovery.config.vocabulary import Lang
from discovery.crosswalk import cpv_codes_of_cell, cut_cpv_codes
from discovery.engine.port import Filters
from discovery.needs.answering import LotFound, each
from discovery.needs.columns import Columns
from discovery.needs.lot import MAX_CODES, MAX_NAME, MAX_TITLE, Lot, cut, euros
from discovery.search.query import InvalidQuery, Problem
from discovery.search.service import SearchService
from discovery.sheets import MAX_COLUMNS, Sheet, UnreadableSheet, read

MAX_LINES = 2_000


def sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file that are not empty. Raises InvalidQuery when it can't be read."""
    try:
        return [one for one in read(content) if one.rows]
    except UnreadableSheet as error:
        raise InvalidQuery((Problem("file", "", error.code, error.args_told),)) from None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a programme, read as a lot.

    `row`: its number in the sheet. `cells`: as they stand there. `problems`: what of it could not be read.
    """

    row: int
    cells: Sequence[str]
    lot: Lot
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFound:
    """A line with its answer.

    `late`: there was no time left for it.
    """

    line: Line
    found: LotFound
    late: bool = False


def lines(sheet: Sheet, columns: Columns) -> list[Line]:
    """The rows below the headings, blank ones passed over. Raises InvalidQuery: none, too many, or no column that
    tells what is bought."""
    if sheet.width > MAX_COLUMNS:
        raise _invalid("programme_columns", count=sheet.width, limit=MAX_COLUMNS)
    if not columns.enough:
        raise _invalid("programme_no_title")
    if sheet.height - sheet.first - columns.head > MAX_LINES:
        raise _invalid("programme_lines", count=sheet.height - sheet.first - columns.head, limit=MAX_LINES)
    below = enumerate(sheet.rows[columns.head + 1 :], sheet.first + columns.head + 1)
    found = [_line(row, cells, columns.of) for row, cells in below if any(cells)]
    if not found:
        raise _invalid("programme_empty")
    return found


def _line(row: int, cells: Sequence[str], of: Mapping[str, int]) -> Line:
    told = {name: cells[of[name]] if name in of and of[name] < len(cells) else "" for name in COLUMNS}
    title, named = cut_cpv_codes(told["title"])
    read, unknown = cpv_codes_of_cell(told["cpv"])
    amount = euros(told["amount"])
    problems = []
    if told["cpv"] and not read:
        problems.append(Problem("cpv", told["cpv"], "line_cpv", {"value": unknown or told["cpv"]}))
    if told["amount"] and amount is None:
        problems.append(Problem("amount", told["amount"], "line_amount", {"value": told["amount"]}))
    lot = Lot(
        title=cut(title, MAX_TITLE).strip(" .;,"),
        cpv=tuple(dict.fromkeys((*read, *named)))[:MAX_CODES],
        place=cut(told["place"], MAX_NAME),
        amount=amount,
        date=cut(told["date"], MAX_NAME),
    )
    return Line(row, cells, lot, tuple(problems))


def answered_lines(
    service: SearchService,
    asked: Iterable[Line],
    lang: Lang = "fr",
    scope: tuple[Filters, ...] = (),
    in_time: Callable[[], bool] = lambda: True,
) -> Iterator[LineFound]:
    """Each line answered, in order; lines that ask the same are searched once. `in_time`: whether there is time for
    another. Raises EngineUnavailable."""
    known: dict[Lot, LotFound] = {}
    for line in asked:
        same = replace(line.lot, number="", date="")
        if same not in known:
            if not in_time():
                yield LineFound(line, LotFound(line.lot), late=True)
                continue
            (known[same],) = each(service, [same], lang, scope)
        yield LineFound(line, replace(known[same], lot=line.lot))


def _invalid(code: str, **args: int) -> InvalidQuery:
    return InvalidQuery((Problem("file", "", code, args),))
