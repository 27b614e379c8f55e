"""Which column of a purchasing programme tells what. Pure: how columns are headed comes from `Headings`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean

from discovery.config.purchases import COLUMNS, Headings
from discovery.crosswalk import cpv_codes_of_cell
from discovery.gazetteer.names import normalise
from discovery.search.query import InvalidQuery, Problem
from discovery.sheets import MAX_COLUMNS, Sheet

LOOKED_AT = 30
"""Rows among which the headings are looked for, and by which a column without a heading is known."""
LONGEST_HEADING = 60
TITLE_LENGTH = 10
"""Characters, on average, of a column that may hold titles."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a sheet tells what.

    `head`: place of the row of headings, -1 = none. `of`: one of `COLUMNS` → place of its column, both from 0.
    """

    head: int = -1
    of: Mapping[str, int] = field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """Whether lines can be answered: something says what is bought."""
        return "title" in self.of or "cpv" in self.of


def recognised(sheet: Sheet, headings: Headings) -> Columns:
    """Which column holds what: by the first row that has most headings; what no heading names, by what the column
    holds."""
    best, most = Columns(), 1
    for place, row in enumerate(sheet.rows[:LOOKED_AT]):
        found, points = _headed(row, headings)
        if points > most:
            best, most = Columns(place, found), points
    return Columns(best.head, {**_guessed(sheet, best), **best.of})


def _headed(row: Sequence[str], headings: Headings) -> tuple[dict[str, int], int]:
    """The columns that a row names, and how sure that it does: two for a heading, one for a text that begins so."""
    found: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(row):
        name = headings.of(cell) if len(cell) <= LONGEST_HEADING else ""
        if name:
            points = 2 if normalise(cell) in getattr(headings, name) else 1
            if points > found.get(name, (0, 0))[1]:
                found[name] = (place, points)
    return {name: place for name, (place, _) in found.items()}, sum(points for _, points in found.values())


def _guessed(sheet: Sheet, known: Columns) -> dict[str, int]:
    below = sheet.rows[known.head + 1 :][:LOOKED_AT]
    free = {
        place: cells
        for place in range(sheet.width)
        if place not in known.of.values() and (cells := [row[place] for row in below if row[place : place + 1]])
    }
    guessed = {}
    coded = [
        place for place, cells in free.items() if 2 * sum(bool(cpv_codes_of_cell(one)[0]) for one in cells) > len(cells)
    ]
    if coded and "cpv" not in known.of:
        guessed["cpv"] = coded[0]
    lengths = {place: mean(map(len, cells)) for place, cells in free.items() if place not in guessed.values()}
    longest = max(lengths, key=lambda place: lengths[place], default=None)
    if longest is not None and lengths[longest] >= TITLE_LENGTH and "title" not in known.of:
        guessed["title"] = longest
    return guessed


def likeliest(sheets: Sequence[Sheet], headings: Headings) -> int:
    """Place of the sheet that is most like a programme: what is bought is told, most columns, most rows."""

    def likeness(place: int) -> tuple[bool, int, int]:
        found = recognised(sheets[place], headings)
        return found.enough, len(found.of) + (found.head >= 0), len(sheets[place].rows)

    return max(range(len(sheets)), key=likeness)


def chosen(sheets: Sequence[Sheet], headings: Headings, asked: Mapping[str, str]) -> tuple[Sheet, Columns]:
    """The sheet and its columns, as recognised but for what is asked: `sheet` by its name, `head` by the number of
    its row (0 = none), each of `COLUMNS` by its letter ("" = none). Raises InvalidQuery, which names all that is
    not there."""
    names = [one.name for one in sheets]
    problems = []
    named = asked.get("sheet", "")
    if named and named not in names:
        problems.append(Problem("sheet", named, "programme_no_sheet", choices=tuple(names)))
    sheet = sheets[names.index(named) if named in names and named else likeliest(sheets, headings)]
    found = recognised(sheet, headings)
    head, of = found.head, dict(found.of)
    if row := asked.get("head", "").strip():
        last = sheet.first + len(sheet.rows) - 1
        if row.isascii() and row.isdigit() and len(row) < 8 and (row == "0" or sheet.first <= int(row) <= last):
            head = int(row) - sheet.first if row != "0" else -1
        else:
            problems.append(Problem("head", row, "programme_no_row", {"first": sheet.first, "last": last}))
    for name in COLUMNS:
        if name in asked:
            of.pop(name, None)
            text = asked[name].strip()
            place = place_of(text)
            if place is not None and place < sheet.width:
                of[name] = place
            elif text:
                last_letter = letter(min(sheet.width, MAX_COLUMNS) - 1)
                problems.append(Problem(name, text, "programme_no_column", {"value": text, "last": last_letter}))
    if problems:
        raise InvalidQuery(tuple(problems))
    return sheet, Columns(head, of)


def letter(place: int) -> str:
    """The letter of a column's place: 0 → "A", 26 → "AA"."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def place_of(text: str) -> int | None:
    """The place of a column's letter: "A" → 0, "aa" → 26; None for what names no column of ours."""
    if not 1 <= len(text) <= 2 or not (text.isascii() and text.isalpha()):
        return None
    place = -1
    for one in text.upper():
        place = 26 * (place + 1) + ord(one) - ord("A")
    return place if place < MAX_COLUMNS else None
