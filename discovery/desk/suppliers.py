"""Is my supplier inclusive? A buyer's list (a column pasted, a CSV, one name a line) looked up in
the index.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz

from discovery.desk.lot import euros
from discovery.engine.port import Document, Searcher
from discovery.model import dataclass
from discovery.places import normalise
from discovery.search.query import invalid

MAX_ASKED = 2_000
MAX_NAMES = 100
"""Of them without a number: a name costs more than a number."""
MAX_LINE = 300
MAX_TEXT = 200_000
SHOWN = 60

_BLANK = r"[ .\u00a0\u202f]?"
_NUMBER = re.compile(
    rf"(?<!\d)\d{{3}}{_BLANK}\d{{3}}{_BLANK}\d{{3}}(?:{_BLANK}\d{{5}})?(?!\d)", re.ASCII
)
_SHORT = re.compile(r"(?<!\d)(\d{11,13}|\d{6,8})(?!\d)", re.ASCII)
"""A number that may have lost its leading zeros in a spreadsheet: its check digit says so."""
_CELLS = re.compile(r"[;\t|]|,(?=\S)")
_AMOUNT = re.compile(
    r"-?\d{1,3}(?:[ \u00a0\u202f.]?\d{3})*(?:[.,]\d{1,2})? ?(?:€|eur(?:os?)?)?(?: ?ht)?",
    re.IGNORECASE,
)
_SPENT = re.compile(
    r"\b(montants?|dépenses?|depenses?|euros?|amount|spend|spent|total|ca)\b|€", re.IGNORECASE
)
_SIGNS = " -€\u00a0\u202f"
_HEADER = re.compile(
    r"\b(siret|siren|nom|name|raison sociale|fournisseur|supplier)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """One line. `number`: a SIRET (14 digits), a SIREN (9), or empty; `name` only without one.
    `cents`: what was spent there; None = not told.
    """

    given: str
    number: str = ""
    name: str = ""
    cents: int | None = None


def lines_of_text(text: str) -> list[SupplierLine]:
    """A line each, a header left out. Raises InvalidQuery when it is empty, or too long."""
    if len(text) > MAX_TEXT:
        raise invalid("suppliers", "check_too_long", limit=MAX_TEXT)
    lines = [line.strip().strip('"') for line in text.lstrip("\ufeff").splitlines()]
    lines = [line for line in lines if line]
    if lines and _HEADER.search(lines[0]) and not re.search(r"\d{9}", lines[0]) and len(lines) > 1:
        named = [at for at, cell in enumerate(_cells(lines[0])) if _SPENT.search(cell)]
        return of_lines(lines[1:], named[-1] if named else None)
    return of_lines(lines)


def lines_of_json(body: Any) -> list[SupplierLine]:
    """The suppliers of `{"suppliers": ["…", …]}`. Raises InvalidQuery."""
    given = body.get("suppliers") if isinstance(body, dict) else None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise invalid("suppliers", "check_body")
    return of_lines([one.strip() for one in given])


def of_lines(lines: list[str], column: int | None = None) -> list[SupplierLine]:
    """A supplier asked about for each line. Raises InvalidQuery when there are none, or more than
    are looked up.
    """
    if not any(lines):
        raise invalid("suppliers", "check_empty")
    if len(lines) > MAX_ASKED:
        raise invalid("suppliers", "check_too_many", count=len(lines), limit=MAX_ASKED)
    found = [asked(line[:MAX_LINE], column) for line in lines]
    if (names := sum(not one.number for one in found)) > MAX_NAMES:
        raise invalid("suppliers", "check_too_many_names", count=names, limit=MAX_NAMES)
    return found


def asked(line: str, column: int | None = None) -> SupplierLine:
    """The first SIRET of a line, else its first SIREN, else its first cell with a letter, as a
    name. What was spent: the cell of `column`, else the last one where it is an amount.
    """
    cells = _cells(line)
    priced = column if column is not None and column < len(cells) else len(cells) - 1
    spent = (
        _cents(cells[priced], named=column is not None) if priced or column is not None else None
    )
    told = (
        line if spent is None else " ; ".join(cell for at, cell in enumerate(cells) if at != priced)
    )
    numbers = [re.sub(r"\D", "", match[0]) for match in _NUMBER.finditer(told)]
    if numbers:
        return SupplierLine(
            line, next((one for one in numbers if len(one) == 14), numbers[0]), cents=spent
        )
    for match in _SHORT.finditer(told):
        number = match[0].zfill(14 if len(match[0]) > 9 else 9)
        if _checked(number):
            return SupplierLine(line, number, cents=spent)
    named = (cell for cell in _cells(told) if re.search(r"[^\W\d_]", cell))
    return SupplierLine(line, name=next(named, ""), cents=spent)


def _cells(line: str) -> list[str]:
    """The cells of a line; a comma parts them where nothing else does, since it may be that of an
    amount.
    """
    parted = re.split(r"[;\t|]", line) if re.search(r"[;\t|]", line) else _CELLS.split(line)
    return [cell.strip().strip('"').strip() for cell in parted]


def _cents(cell: str, *, named: bool) -> int | None:
    """An amount in cents. Bare digits in a column that no heading names may be a post code, a SIREN
    or a SIRET.
    """
    if not _AMOUNT.fullmatch(cell):
        return None
    digits = re.sub(r"\D", "", cell)
    if not named and cell.lstrip("-").isdigit() and len(digits) in (5, 8, 9, 13, 14):
        return None
    value = euros(cell.strip(_SIGNS))
    return None if value is None else round(value * 100) * (-1 if cell.startswith("-") else 1)


def _checked(number: str) -> bool:
    """Luhn's check, which INSEE's numbers bear; those of La Poste's establishments add up to a
    multiple of five.
    """
    if number.startswith("356000000") and sum(map(int, number)) % 5 == 0:
        return True
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number)))
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


NEAR = 90.0
"""rapidfuzz's score (0-100) of two names from which they may be one; a person decides."""
LOOKED_AT = 50
"""Suppliers with the rarest-looking word of a name, of which the names are compared."""
MAX_PROPOSED = 3


class Status(StrEnum):
    """YES: that establishment, or a company asked for by its SIREN. COMPANY: another establishment
    of its company is. NAME: one of that name is. NO: not known as one.
    """

    YES = "yes"
    COMPANY = "company"
    NAME = "name"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of a list, and which suppliers it means."""

    asked: SupplierLine
    status: Status
    suppliers: tuple[Document, ...] = ()


def check(
    index: Searcher, asked: Sequence[SupplierLine], holds: Callable[[Document], bool]
) -> list[Checked]:
    """Look up each of a list, in the order asked. `holds`: whether a supplier is open here. Raises
    EngineUnavailable."""
    return [_checked_line(index, one, holds) for one in asked]


def _checked_line(
    index: Searcher, asked: SupplierLine, holds: Callable[[Document], bool]
) -> Checked:
    tried = (
        Checked(asked, status, tuple(filter(holds, held)))
        for status, held in _looked_up(index, asked)
    )
    return next((one for one in tried if one.suppliers), Checked(asked, Status.NO))


def _looked_up(index: Searcher, asked: SupplierLine) -> Iterator[tuple[Status, list[Document]]]:
    if asked.number:
        establishment = len(asked.number) == 14
        if establishment and not _checked(
            asked.number
        ):  # a slip of the keyboard, or of a list, is nobody's
            return
        yield Status.YES, index.by_siret(asked.number)
        if establishment:
            yield Status.COMPANY, index.by_siret(asked.number[:9])
    elif asked.name:
        yield Status.NAME, _named(index, asked.name)


def _named(index: Searcher, name: str) -> list[Document]:
    wanted = normalise(name)
    word = max(wanted.split(), key=len, default="")
    scored = (
        [(_likeness(wanted, one["public"]), one) for one in index.names(word, LOOKED_AT)]
        if word
        else []
    )
    near = sorted(
        (pair for pair in scored if pair[0] >= NEAR), key=lambda pair: (-pair[0], pair[1]["id"])
    )
    return [one for _, one in near[:MAX_PROPOSED]]


def _likeness(wanted: str, public: Document) -> float:
    names = (normalise(str(public.get(field) or "")) for field in ("name", "brand"))
    return max(fuzz.token_sort_ratio(wanted, name) for name in names)
