"""A purchasing programme: which column of a sheet tells what, its lines, each of them answered."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import mean

from discovery.desk.answering import LotFound, answered
from discovery.desk.lot import IN_EUROS, MAX_CODES, MAX_TITLE, Lot, cut, euros
from discovery.desk.sheets import MAX_COLUMNS, Sheet, UnreadableSheet, read
from discovery.desk.sheets.sheet import MAX_SHEETS, rows, sheet, within
from discovery.engine.port import Filters
from discovery.mappings.codes import cpv_codes_of_cell, cut_cpv_codes
from discovery.mappings.purchases import COLUMNS, Buyer, Headings
from discovery.mappings.vocabulary import Lang
from discovery.model import dataclass, field, replace
from discovery.places.names import normalise
from discovery.search.query import InvalidQuery, Problem, invalid
from discovery.search.service import SearchService


def pack_sheet(given: Sheet) -> str:
    """A sheet's rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(row or ("",) for row in given.rows)
    return out.getvalue()


def unpack_sheets(names: Sequence[str], firsts: Sequence[str], texts: Sequence[str]) -> list[Sheet]:
    """The sheets that `packed` made texts of: a name, a first row's number and a text for each. A
    form may send anything: raises InvalidQuery, as for a file.
    """
    try:
        found = [
            sheet(
                name[:100],
                rows(text, ","),
                int(first) if first.isascii() and first.isdigit() else 1,
            )
            for name, first, text in zip(
                names[:MAX_SHEETS], [one[:7] for one in firsts], texts, strict=False
            )
        ]
        return list(within([one for one in found if one.rows]))
    except UnreadableSheet as error:
        raise invalid("file", error.code, **error.args_told) from None


ROWS_LOOKED_AT = 30
"""Rows among which the headings are looked for, and by which a column without a heading is known.
"""
LONGEST_HEADING = 60
TITLE_LENGTH = 10
"""Characters, on average, of a column that may hold titles."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a sheet tells what. `head`: place of the row of headings, -1 = none. `of`:
    one of `COLUMNS` → place of its column, both from 0.
    """

    head: int = -1
    of: Mapping[str, int] = field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """Whether lines can be answered: something says what is bought."""
        return "title" in self.of or "cpv" in self.of


def recognise_columns(sheet: Sheet, headings: Headings) -> Columns:
    """Which column holds what: by the first row that has most headings; what no heading names, by
    what the column holds.
    """
    best, most = Columns(), 1
    for place, row in enumerate(sheet.rows[:ROWS_LOOKED_AT]):
        found, points = _headed(row, headings)
        if points > most:
            best, most = Columns(place, found), points
    return Columns(best.head, {**_guessed(sheet, best), **best.of})


def _headed(row: Sequence[str], headings: Headings) -> tuple[dict[str, int], int]:
    """The columns that a row names, and how sure that it does: two for a heading, one for a text
    that begins so.
    """
    found: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(row):
        name = headings.of(cell) if len(cell) <= LONGEST_HEADING else ""
        points = 1 + (normalise(cell) in getattr(headings, name)) if name else 0
        if points > found.get(name, (0, 0))[1]:
            found[name] = (place, points)
    return {name: place for name, (place, _) in found.items()}, sum(
        points for _, points in found.values()
    )


def _guessed(sheet: Sheet, known: Columns) -> dict[str, int]:
    below = sheet.rows[known.head + 1 :][:ROWS_LOOKED_AT]
    free = {
        place: cells
        for place in range(sheet.width)
        if place not in known.of.values()
        and (cells := [row[place] for row in below if row[place : place + 1]])
    }
    guessed = {}
    coded = [
        place
        for place, cells in free.items()
        if 2 * sum(bool(cpv_codes_of_cell(one)[0]) for one in cells) > len(cells)
    ]
    if coded and "cpv" not in known.of:
        guessed["cpv"] = coded[0]
    lengths = {
        place: mean(map(len, cells))
        for place, cells in free.items()
        if place not in guessed.values()
    }
    longest = max(lengths, key=lambda place: lengths[place], default=None)
    if longest is not None and lengths[longest] >= TITLE_LENGTH and "title" not in known.of:
        guessed["title"] = longest
    return guessed


def likeliest_sheet(sheets: Sequence[Sheet], headings: Headings) -> int:
    """Place of the sheet that is most like a programme: what is bought is told, most columns, most
    rows.
    """

    def likeness(place: int) -> tuple[bool, int, int]:
        found = recognise_columns(sheets[place], headings)
        return found.enough, len(found.of) + (found.head >= 0), len(sheets[place].rows)

    return max(range(len(sheets)), key=likeness)


def choose_columns(
    sheets: Sequence[Sheet], headings: Headings, asked: Mapping[str, str]
) -> tuple[Sheet, Columns]:
    """The sheet and its columns, as recognised but for what is asked: `sheet` by its name, `head`
    by the number of its row (0 = none), each of `COLUMNS` by its letter ("" = none). Raises
    InvalidQuery, which names all that is not there.
    """
    names = [one.name for one in sheets]
    problems = []
    named = asked.get("sheet", "")
    if named and named not in names:
        problems.append(Problem("sheet", named, "programme_no_sheet", choices=tuple(names)))
    sheet = sheets[
        names.index(named) if named in names and named else likeliest_sheet(sheets, headings)
    ]
    found = recognise_columns(sheet, headings)
    head, of = found.head, dict(found.of)
    if row := asked.get("head", "").strip():
        last = sheet.first + len(sheet.rows) - 1
        if (
            row.isascii()
            and row.isdigit()
            and len(row) < 8
            and (row == "0" or sheet.first <= int(row) <= last)
        ):
            head = int(row) - sheet.first if row != "0" else -1
        else:
            problems.append(
                Problem("head", row, "programme_no_row", {"first": sheet.first, "last": last})
            )
    for name in COLUMNS:
        if name in asked:
            of.pop(name, None)
            text = asked[name].strip()
            place = column_place(text)
            if place is not None and place < sheet.width:
                of[name] = place
            elif text:
                last_letter = column_letter(min(sheet.width, MAX_COLUMNS) - 1)
                problems.append(
                    Problem(name, text, "programme_no_column", {"value": text, "last": last_letter})
                )
    if problems:
        raise InvalidQuery(tuple(problems))
    return sheet, Columns(head, of)


def column_letter(place: int) -> str:
    """The letter of a column's place: 0 → "A", 26 → "AA"."""
    before, last = divmod(place, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)


def column_place(text: str) -> int | None:
    """The place of a column's letter: "A" → 0, "aa" → 26; None for what names no column of ours."""
    letters = text.upper() if text.isascii() else ""
    return next((place for place in range(MAX_COLUMNS) if column_letter(place) == letters), None)


MAX_LINES = 2_000


def sheets(content: bytes) -> list[Sheet]:
    """The sheets of a file that are not empty. Raises InvalidQuery when it can't be read."""
    try:
        return [one for one in read(content) if one.rows]
    except UnreadableSheet as error:
        raise invalid("file", error.code, **error.args_told) from None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a programme, read as a lot. `row`: its number in the sheet. `cells`: as they stand
    there. `problems`: what of it could not be read.
    """

    row: int
    cells: Sequence[str]
    lot: Lot
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFound:
    """A line with its answer. `late`: there was no time left for it."""

    line: Line
    found: LotFound
    late: bool = False


def lines(sheet: Sheet, columns: Columns) -> list[Line]:
    """The rows below the headings, blank ones passed over. Raises InvalidQuery: none, too many, or
    no column that tells what is bought.
    """
    if sheet.width > MAX_COLUMNS:
        raise invalid("file", "programme_columns", count=sheet.width, limit=MAX_COLUMNS)
    if not columns.enough:
        raise invalid("file", "programme_no_title")
    if sheet.height - sheet.first - columns.head > MAX_LINES:
        raise invalid(
            "file",
            "programme_lines",
            count=sheet.height - sheet.first - columns.head,
            limit=MAX_LINES,
        )
    below = enumerate(sheet.rows[columns.head + 1 :], sheet.first + columns.head + 1)
    priced = (
        sheet.rows[columns.head][columns.of["amount"] :]
        if columns.head >= 0 and "amount" in columns.of
        else ()
    )
    unit = IN_EUROS.search("".join(priced[:1]))  # "Montant (k€ HT)"
    thousands = unit["unit"] or "" if unit else ""
    found = [_line(row, cells, columns.of, thousands) for row, cells in below if any(cells)]
    if not found:
        raise invalid("file", "programme_empty")
    return found


def _line(row: int, cells: Sequence[str], of: Mapping[str, int], unit: str) -> Line:
    told = {
        name: cells[of[name]] if name in of and of[name] < len(cells) else "" for name in COLUMNS
    }
    title, named = cut_cpv_codes(told["title"])
    read, unknown = cpv_codes_of_cell(told["cpv"])
    amount = euros(told["amount"] + unit)
    problems = []
    if told["cpv"] and not read:
        problems.append(Problem("cpv", told["cpv"], "line_cpv", {"value": unknown or told["cpv"]}))
    if told["amount"] and amount is None:
        problems.append(Problem("amount", told["amount"], "line_amount", {"value": told["amount"]}))
    lot = Lot(
        title=cut(title, MAX_TITLE).strip(" .;,"),
        cpv=tuple(dict.fromkeys((*read, *named)))[:MAX_CODES],
        place=cut(told["place"]),
        amount=amount,
        date=cut(told["date"]),
    )
    return Line(row, cells, lot, tuple(problems))


def answered_lines(
    service: SearchService,
    asked: Sequence[Line],
    lang: Lang = "fr",
    scope: tuple[Filters, ...] = (),
    in_time: Callable[[], bool] = lambda: True,
    buyer: Buyer | None = None,
) -> Iterator[LineFound]:
    """Each line answered, in order; lines that ask the same are searched once. `in_time`: whether
    there is time for another; `buyer`: who buys, None = as each line tells. Raises
    EngineUnavailable.
    """
    known: dict[Lot, LotFound] = {}
    lots = [replace(line.lot, number="", date="") for line in asked]
    last = {lot: at for at, lot in enumerate(lots)}
    for at, (line, same) in enumerate(zip(asked, lots, strict=True)):
        if same not in known:
            if not in_time():
                yield LineFound(line, LotFound(line.lot), late=True)
                continue
            with service.at_once() as search:
                (known[same],) = answered(search, [same], lang, scope, buyer)
        found = (
            known[same] if at < last[same] else known.pop(same)
        )  # thousands of suppliers' documents else
        yield LineFound(line, replace(found, lot=replace(found.lot, date=line.lot.date)))
