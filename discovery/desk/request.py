"""What a buyer hands over: a text pasted, a notice in XML, JSON; read into lots, all faults at once. Pure."""

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise, takewhile
from string import ascii_uppercase
from textwrap import dedent
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from discovery.desk.lot import (
    IN_EUROS,
    LABEL,
    MAX_CODES,
    MAX_EUROS,
    MAX_LOTS,
    MAX_NAME,
    MAX_TEXT,
    MAX_TITLE,
    Amount,
    Lot,
    amounts,
    any_of,
    cut,
    figured,
    of_all_lots,
    sentences,
)
from discovery.errors import DiscoveryError
from discovery.mappings.codes import cpv_code, cut_cpv_codes
from discovery.mappings.phrases import fold
from discovery.mappings.purchases import COLUMNS, LABELS, WHO, Headings
from discovery.model import replace
from discovery.phrase.ignored import hours
from discovery.places.names import normalise
from discovery.places.table import read_rows
from discovery.search.query import InvalidQuery, Problem

LOT = "lot"  # as lots are headed that a table or an ordinal tells
_BLANKS = re.compile(r"[^\S\n]+")
"""Those of one line: what is pasted has wide ones, and narrow ones that do not break."""
_LEADER = re.compile(r"(?<![ .…])[ .…]{5,}+(?:p(?:age)?\.? ?)?\d*$", re.MULTILINE)
"""From a title of a table of contents to its page."""
_GLUED = re.compile(r"(?<=[\w)]{2}[.)])(?=[A-ZÀ-Ý][^\W\d_]* )")  # between sentences of a page that lost its blanks
_QUOTES = re.compile(r'[«»“”"\U0001f000-\U0001faff\ufe0f\u20e3]')  # between them stands a lot's title
_LED_PRICE = re.compile(r" ?[.…]{4,} ?(\d{1,3}(?: \d{3})+(?:,\d\d)?|\d+,\d\d)$", re.MULTILINE)
"""The price of a lot at the end of its line, after dots."""
_CONTACT = re.compile(
    r"(?i:\b(?:t[ée]l\w*|fax|site (?:web|internet)|web|m[eéè]l|courriel|e-?mail)[ .:/]*)?"
    r"(?:(?:\+33 ?|\b0)[1-9](?:[ .-]?\d\d){4}\b|(?<![\w.-])[\w.-]{1,64}@[\w.-]+\w|\b(?:https?://|www\.)[^\s,;)]+)"
)
"""How somebody is reached, with what is said before it: a telephone, an address of mail, a site."""
_POST_LINE = re.compile(r"^ ?(?:(\d{5})\n ?(?=[A-ZÀ-Ý])|\d{5} ?$)", re.MULTILINE)
_LOT_LINE = re.compile(rf"^ ?({LOT})\n ?(\d{{1,2}})\n", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"(?:(?<=[.:] )|\bet )(lot (?:n ?[°º] ?)?\d+) ?[«“\"]([^«»“”\"\n]{3,200})[»”\"]", re.IGNORECASE)
_STUCK = re.compile(r"^( ?(?:[IVX\d.]+\) ?)?)([^:\n]{4,40}?[a-zà-ÿ)])(?=[A-ZÀ-Ý])", re.MULTILINE)
"""A label and what it tells, with nothing between: "TitreNettoyage"."""
_TOTAL = re.compile(r",? soit (?=un total|au total|un montant total)", re.IGNORECASE)  # from lots to what they come to
_HEADING = re.compile(
    r"(?:^|(?<=[;.\n])) ?(?:(?:[-*•–]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]?(?: [-–])? ) ?)?"  # a bullet, or "2.1 "
    r"(?P<word>[^\W\d_]{2,12})(?:\(s\))? ?(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"  # "lot géographique n° 1"
    r"(?P<number>\d{1,3}(?:\.\d{1,2})?|(?<![^\W\d_])[A-Z]) ?"
    r"(?:(?P<sign>[:|–—]|/(?!\d))|(?P<weak>[.)-])?(?=\s|$))",
    re.IGNORECASE | re.MULTILINE,
)
_ITEM = re.compile(r"^ ?\(?(?P<number>\d{1,2}|[A-Za-z]) ?(?:°?\)|[.:/°–-](?= \D)) ", re.MULTILINE)
_NUMBER = r"(?:\d{1,3}(?:\.\d{1,2})?|(?-i:[A-Z]))(?!\w)"
_PAID = re.compile(r"(?:€|\beur[a-z]*(?:\(s\))?) ?(?:h\.?t\.? )?pour $", re.IGNORECASE)  # "1 000 € pour le lot 1"
_BULLET = re.compile(r"^\s*[-*•–—·+>→►▪●‣✓]\s+")


def lots_of_text(text: str, headings: Headings) -> list[Lot]:
    """Read a text into its lots, in their order; at least one unless it is blank. What stands before the first
    heading of a lot, what is said of all lots, and what follows the last of lots of one line each, is of the whole; a
    sentence that names a lot is of that one."""
    text = _GLUED.sub(" ", _QUOTES.sub(" ", _quoted(_CONTACT.sub(",", _recorded(text, headings)))))
    text = _LOT_LINE.sub(r"\1 \2 : ", _POST_LINE.sub(lambda one: one[1] and f"{one[1]} ", dedent(text)))
    text = _LEADER.sub("", _LED_PRICE.sub(r" : \1 €", _by_role(text, headings)))
    text = _TOTAL.sub("\n", _tabled(_rowed(text, headings), headings))
    text = _titled(_counted_off(_BLANKS.sub(" ", text), headings), headings)
    words = _words(text, headings)
    marks = _headed(text, words, headings)
    told = [text[mark.end() :].partition("\n")[0].lstrip(" :=") for mark in marks]
    if not marks:
        text = _bulleted(text, headings)
    items = _numbered(text) if all(map(figured, told)) else []
    names = [text[one.end() :].partition("\n")[0].partition(" :")[0] for one in items]
    labels = {headings.is_label(name) and normalise(name) for name in names}  # "1. Objet", "2. Prix : …"
    names += [text[: one.start()].rstrip(" :\n").rpartition("\n")[2] for one in items[:1]]  # "Annexes :"
    if len(labels) > 1 or any(headings.named(name, "chapters") for name in names):
        items = []
    marks = items or marks
    numbers = _numbers(marks) or _called(text, words, headings)
    if not numbers:
        listed = _listed(text)
        return [_lot("", one, headings) for one in listed or ([text] if text.strip() else [])]
    paid = all(_PAID.search(text, max(mark.start() - 40, 0), mark.start()) for mark in marks)
    ends = [*(one.start() for one in marks[1:]), len(text)]
    bodies = [""] * len(numbers) if paid else [text[one.end() : end] for one, end in zip(marks, ends, strict=True)]
    named = _mention(words, headings.every, items=bool(items))
    bodies, head = _apart(
        text if paid else text[: marks[0].start()],
        bodies,
        lambda line: _by_lot(line, numbers, named, headings),
        headings,
        [at + 1 == len(numbers) or numbers[at + 1] in numbers[: at + 1] for at in range(len(numbers))],
    )
    whole = _lot("", head, headings)
    part_of = None if whole == Lot("") else whole
    found = [replace(_lot(*pair, headings), whole=part_of) for pair in zip(numbers, bodies, strict=True)]
    found = [replace(one, title="", told=(one.title, *one.told)) for one in found] if paid else found
    return _once(found)


def _quoted(text: str) -> str:
    """The text with lots that a sentence names, their titles quoted, each on a line; what follows one holds for those
    that "et" ties to it."""
    marks = [*_QUOTED.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    bodies = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=len(marks) > 0)]
    for at in reversed(range(len(marks) - 1)):
        bodies[at] = bodies[at] or bodies[at + 1]
    told = (f"\n{mark[1]} : {mark[2].strip()}\n{body}" for mark, body in zip(marks, bodies, strict=False))
    return text[: marks[0].start()] + "".join(told) if len(marks) > 1 else text


def _recorded(text: str, headings: Headings) -> str:
    """The text with the records of a register, "26-11,Tonte,9000.0,77310000-6,2026-03-15,Ville de Pau", as lots; JSON
    a field a line."""
    lines = _KEYED.sub("\n", text).splitlines()
    table = [max(_PIPED.split(line), [a or b for a, b in _COMMAS.findall(line)], key=len) for line in lines]
    data = [[1 + bool(_CODE.match(cell)) for cell in cells if _DATUM.match(cell)] for cells in table]
    rows = [at for at, of in enumerate(data) if len(table[at]) > 4 and sum(of) > 1 and of.count(2) < 3]
    heads = [{*map(headings.of, cells)} - {""} for line, cells in zip(lines, table, strict=True) if _PIPED.search(line)]
    if any(len(one) > 2 for one in heads):  # a table told by its head
        return "\n".join(lines)
    own = [(_OWN_LOT.search(lines[at]) or ["", ""])[1] for at in rows]
    numbers = own if len({*own} - {""}) == len(own) else range(1, len(own) + 1)
    for number, at in zip(numbers, rows, strict=True):
        cells = [*map(str.strip, table[at])]
        row = "\t".join(["", *cells, ""])
        told = [one for one in cells if _WORDED.match(one) and not headings.named(one, "aside")] or [""]
        price, area = _PRICE.search(row), _AREA.search(row)
        lines[at] = f"{LOT} {number} : {told[0]}" if price or " " in told[0] else told[0]
        lines[at] += f"\n{min(headings.amount)} : {price[1]} €" if price else ""
        lines[at] += f"\n{min(headings.buyer)} : {area[1]:0>2}" if area else ""
        lines[at] = "\n".join([lines[at], *_CODE.findall(row), *told[1:]])
    return "\n".join(lines)


_PIPED, _OWN_LOT = re.compile(r" \| |\t|;"), re.compile(r"\blot ?(?:n ?[°ºo.] ?)?0*(\d{1,2})\b", re.IGNORECASE)
_DATUM = re.compile(r" ?(?:\d{4}-\d\d-\d\d(?:T\S*)?|\d\d/\d\d/\d{4}|\d{8}(?:-\d)?|\d+[.,]\d{1,2}|\d{9}(?:\d{5})?) ?$")
_COMMAS = re.compile(r'(?:^|,) ?(?:"([^"]*)"|([^,]*))')
_WORDED = re.compile(r"(?!\S*\d\S*$)(?!.* \| )(?=.*(?:[^\W\d_]{3}|€))")
_PRICE = re.compile(r"\t(\d[\d ]*[.,]\d{1,2}|\d+(?=\t\d{8}(?!\d))|(?<=\t\d{8}\t)\d+|(?<=\t\d{8}-\d\t)\d+)(?=\t)")
_KEYED = re.compile(r'[{,] ?(?="[\w.]+" ?:)')  # between the fields of a record in JSON
_AREA = re.compile(r"(?<!\d)\t(\d{1,3})(?=\t\t)")


def _by_role(text: str, headings: Headings) -> str:
    """The text with each thing told on a line of its own, be it stuck to its label, on the next line, or in a line
    without end; below who somebody is, their address."""
    text = _STUCK.sub(lambda one: f"{one[0]} : " if headings.is_label(one[2]) else one[0], text)
    lines = [part for line in text.splitlines() for part in _opened(line, headings)]
    for at, line in enumerate(lines):
        label, after = LABEL.match(f"{line.rstrip(' :')}:"), lines[at + 1] if at + 1 < len(lines) else ""
        other = any(one.match(after) for one in (LABEL, _HEADING, _BULLET)) or headings.of(after, COLUMNS[1:])
        titled = label and not label["value"] and normalise(label["name"]) in headings.title
        start = _who(lines, at, headings)
        if titled and after[:2].strip("“ ")[:1].isalpha() and not other:
            lines[at : at + 2] = "", f"{line.rstrip(' :')} : {after}"
        elif start < at:
            name, *rest = (part.strip(" :,") for part in lines[start : at + 1] if part.strip())
            lines[start : at + 1] = [f"{name}{',' if ':' in name else ' :'} {', '.join(rest)}", *[""] * (at - start)]
    return "\n".join(lines)


def _who(lines: Sequence[str], at: int, headings: Headings) -> int:
    """Where the line is that says whose address ends at a line; that line, where none does."""
    ends = (*COLUMNS, "done")
    if not _POSTED.search(lines[at]) or headings.of(lines[at], (*ends, *WHO)):
        return at
    above = range(at - 1, max(at - 12, -1), -1)
    own = takewhile(lambda one: not (_POSTED.search(lines[one]) or headings.of(lines[one], ends)), above)
    return next((one for one in own if headings.of(lines[one], WHO)), at)


def _opened(line: str, headings: Headings) -> list[str]:
    """A line in its labels, where it is a page that lost its ends of line."""
    if len(line) < _PAGE:
        return [line]
    names = any_of(frozenset().union(*(getattr(headings, name) for name in (LOT, *LABELS)))).pattern
    places = [at for at, sign in enumerate(line) for _ in fold(sign)]
    labels = rf"(?<=[^\s,:;] ){names}(?: [^\W\d_]+| n ?[°ºo.]+ ?\d+)? ?:".replace("\\ ", r"\W")
    starts = [places[one.start()] for one in re.finditer(labels, "".join(map(fold, line)))]
    parted = [0, *(at for at in starts if line[at].isupper()), len(line)]
    return [line[start:end] for start, end in pairwise(parted)]


_PAGE = 400  # characters of a line that is no paragraph's
_POSTED = re.compile(r"(?<!\d)\d\d ?\d{3},? +[A-ZÀ-Ý]")  # the end of an address


def _rowed(text: str, headings: Headings) -> str:
    """The text with tables whose cells stand a line each, as a page's text has them, written as rows."""
    lines = text.splitlines()
    places = [at for at, line in enumerate(lines) if line.strip()]
    cells = [lines[at].strip() for at in places]
    numbers = [_row_number(cell, headings) for cell in cells]
    heads, at = [at for at, cell in enumerate(cells) if normalise(cell) in headings.numbered], 0
    for first in [first for first, number in enumerate(numbers) if number == "1"]:
        start = max((one for one in heads if at <= one < first), default=-1)
        if first - start > MAX_COLUMNS or start < 0:
            continue
        at = first
        head = cells[start:at] if at - start > 1 else [cells[start], min(headings.title)]
        columns = [headings.of(cell) for cell in head]
        rows = [head]
        while any(columns) and at < len(cells) and numbers[at] == str(len(rows)):
            end = _row_end(cells, numbers, at, len(head))
            row = [numbers[at], *_CODES.sub(", ", "\n".join(cells[at + 1 : end])).split("\n")]
            rows.append(_in_columns(row, columns))
            at = end
        if len(rows) > 2:
            lines[places[start] : places[at - 1] + 1] = [""] * (places[at - 1] + 1 - places[start])
            lines[places[start] : places[start] + len(rows)] = map("\t".join, rows)
    return "\n".join(lines)


MAX_COLUMNS = 8  # of a table whose cells stand a line each
_CODES = re.compile(r"(?<=\d{8})(?:-\d)?[,;]?\n(?=\d{8}\b)")  # between codes of one cell
_CODE = re.compile(r"\d{8}(?!\d)")


def _in_columns(row: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The cells of a row, one for each column: its title may stand on several lines, a cell lack; a code tells where
    its column is."""
    title = columns.index("title") if "title" in columns else 1
    code = next((at for at, cell in enumerate(row) if _CODE.match(cell) and "cpv" in columns), 0)
    more = code - columns.index("cpv") if code else len(row) - len(columns)
    after = title + max(more, 0) + 1
    told = [*row[: code or len(row)], *[""] * -more, *(row[code:] if code else ())] + [""] * len(columns)
    beside = told[len(columns) + max(more, 0) :]
    return [*told[:title], " ".join(filter(None, told[title:after] + beside)), *told[after:]][: len(columns)]


def _row_number(cell: str, headings: Headings) -> str:
    """The number that a cell is, "N° 1", "01"; "" = none."""
    *lead, number = normalise(re.sub(r"(\d+)$", r" \1", cell)).split() or [""]
    return number.lstrip("0") if number.isdigit() and (not lead or " ".join(lead) in headings.numbered) else ""


def _row_end(cells: Sequence[str], numbers: Sequence[str], at: int, width: int) -> int:
    """Where the row of a number ends: at the next number, the surest after as many cells as the head has; else there,
    or at a labelled line."""
    then, most = str(int(numbers[at]) + 1), min(at + 3 * width, len(cells))
    if numbers[at + width : at + width + 1] == [then]:
        return at + width
    most = next((end for end in range(at + 1, most) if LABEL.match(cells[end])), most)
    return next((end for end in range(at + 1, most) if numbers[end] == then), min(at + width, most))


def _tabled(text: str, headings: Headings) -> str:
    """The text with the rows of its tables of lots written as lots, a labelled line for each cell."""
    head: list[str] = []
    lines: list[str] = []
    above: list[bool] = []  # whether a label of a title stands above each number of a lot
    title, unit, rows, numbered = 0, "", 0, False
    for line in text.splitlines():
        cells = [cell.strip() for cell in (_CELL if _CELL.search(line) else _WIDE).split(line.strip(" |"))]
        columns = [headings.of(cell) for cell in cells]
        named = all(re.search(r"[^\W\d_]{2}", cell) for cell in cells[1:])
        if named and any(columns[1:]) and (normalise(cells[0]) in headings.numbered or len({*columns} - {""}) > 2):
            head, title, rows = cells, columns.index("title") if "title" in columns else 0, 0
            numbered = normalise(cells[0]) in headings.numbered
        elif head and len(cells) == len(head) and _is_total(cells[0], headings, numbered=numbered):
            lines.append("")
            lines += [f"{head[at]} {min(headings.whole)} : {cell}" for at, cell in enumerate(cells) if at and cell]
        elif head and len(cells) == len(head) and cells[0].strip("-:"):
            rows += 1
            number = cells[0].split()[-1] if numbered else rows
            lines.append(f"{LOT} {number} : {cells[title] if title or not numbered else ''}")
            lines += [f"{head[at]} : {cell}" for at, cell in enumerate(cells) if cell and at not in (0, title)]
        elif not head or re.search(r"\w", line):
            priced = _last_cell(line, unit)
            unit = unit if _HEADING.match(line) else next((line[one.start() :] for one in IN_EUROS.finditer(line)), "")
            lines += ["", line] if head else [line]
            if priced:
                lines[-1:] = [line[: priced.start()], f"{min(headings.amount)} {unit.strip(' :()')} : {priced[0]}"]
            head = []
            if len(lines) > 1 and _alone(line, headings):
                label = LABEL.match(lines[-2])
                above.append(label is not None and headings.of(label["name"]) == "title")
                if all(above):  # "Intitulé : …", then "Lot n° : 1", of the first lot too
                    lines[-2:] = reversed(lines[-2:])
    return "\n".join(lines)


_CELL, _WIDE = re.compile(r"[|\t;]"), re.compile(r"[^\S\n]{2,}")
"""Between the cells of a row: signs, else the wide blanks of a page's text."""
_LAST_CELL = re.compile(r"(?<=\S)[^\S\n]{2,}\d[\d .,]{,11}$")


def _last_cell(line: str, unit: str) -> re.Match[str] | None:
    """The number that ends the line of a lot below a heading such as "(en k€ HT)": no code, page or year."""
    number = _LAST_CELL.search(line) if unit and _HEADING.match(line) else None
    thousands = re.search(r"\bk(?:€|e)", unit, re.IGNORECASE)
    return number if number and (thousands or 3 < sum(map(str.isdigit, number[0])) < 8) else None


def _is_total(cell: str, headings: Headings, *, numbered: bool) -> bool:
    """Whether the first cell of a row says that it sums the others: "Total", "Ensemble" where they are numbered."""
    words = normalise(cell).split()
    return bool(any_of(headings.whole).match(" ".join(words))) or (
        numbered and not any(any(map(str.isdigit, word)) or len(word) == 1 for word in words) and bool(words)
    )


def _alone(line: str, headings: Headings) -> bool:
    """Whether a line is the heading of a lot, and no more."""
    mark = _HEADING.match(line)
    return mark is not None and mark.end() == len(line.rstrip()) and _opens(mark, headings.lot)


def _counted_off(text: str, headings: Headings) -> str:
    """The text with "2e lot", "deuxième lot", "Lot II" and eForms' "Lot : LOT-0002" written "lot 2"; "4.1)" that a
    sentence calls a lot, or that stands below "4) Lots", written "lot 4.1 :"."""
    words, lots = "|".join(headings.ordinals), "|".join(headings.lot)
    ordinal = re.compile(rf"\b(?:(\d{{1,2}}) ?(?:er|e|[eè]me|nd)|({words})) ({lots})\b", re.IGNORECASE)
    text = ordinal.sub(lambda one: f"{one[3]} {one[1] or headings.ordinals[one[2].lower()]}", text)
    roman = re.compile(rf"\b((?:{lots})s? (?:n ?[°ºo.] ?)?)({'|'.join(headings.roman)})\b", re.IGNORECASE)
    if any(len(one[2]) > 1 for one in roman.finditer(text)):  # else "Lot I" is lettered
        text = roman.sub(lambda one: f"{one[1]}{headings.roman[one[2].lower()]}", text)

    called = rf"\b(?:{lots})s? (\d{{1,2}})\.\d|^ ?(?:[^\W\d_]+ )?(\d{{1,2}}) ?[.):–-]+ ?(?:{lots})(?:s|\(s\))? ?:?$"
    parts = {one[1] or one[2] for one in re.finditer(called, text, re.IGNORECASE | re.MULTILINE)}
    below = rf"^ ?((?:{'|'.join(parts)})\.\d{{1,2}}) ?[.)-]* (?=\D)(?!(?i:{lots})\b)"
    text = re.sub(below, rf"{LOT} \1 : ", text, flags=re.MULTILINE) if parts else text
    return re.sub(rf"\b({lots}) ?: ?LOT-0*(\d+)", r"\1 \2", text, flags=re.IGNORECASE)


def _titled(text: str, headings: Headings) -> str:
    """The text with lots that have a title alone, "Description du lot : …", written "lot 1 : …"."""
    lines = text.splitlines()
    labels = ((at, LABEL.match(line)) for at, line in enumerate(lines))
    titles = [(at, one) for at, one in labels if one and headings.of(one["name"]) == "title"]
    titles = [(at, one) for at, one in titles if normalise(one["name"]).split()[-1] in headings.lot]
    if len(titles) > 1 and not any(_opens(mark, headings.lot) for mark in _HEADING.finditer(text)):
        for number, (at, one) in enumerate(titles, 1):
            lines[at] = f"{LOT} {number} : {one['value']}"
    return "\n".join(lines)


def _numbers(marks: Iterable[re.Match[str]]) -> list[str]:
    return [mark["number"].upper().lstrip("0") for mark in marks]


def _named(mention: re.Match[str]) -> list[str]:
    """The numbers of the lots that a mention names: "lots 1 à 3 et 5"."""
    told = _RANGE.sub(lambda one: str([*range(int(one[1]), int(one[2]) + 1)]), mention["several"] or "")
    return [one.upper().lstrip("0") for one in re.findall(_NUMBER, told or mention["number"] or "")]


_RANGE = re.compile(r"\b(\d{1,2}) (?:à|to) (?:n ?[°ºo.]+ ?)?(\d{1,2})\b")


def _called(text: str, words: frozenset[str], headings: Headings) -> list[str]:
    """The numbers of lots that are told by whom they are for alone: "le lot 1 est réservé à …, les lots 2 et 3 …"."""
    marks = [*_mention(words, headings.every).finditer(text)]
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    kept = all("reserv" in normalise(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True))
    numbers = sorted({number for mark in marks for number in _named(mark)}, key=lambda one: (len(one), one))
    return numbers if kept and _in_turn(numbers) else []


def _in_turn(numbers: Sequence[str]) -> bool:
    """Whether they count from 1, or from A, two at the least."""
    return len(numbers) > 1 and list(numbers) in (
        [str(at + 1) for at in range(len(numbers))],
        [*ascii_uppercase[: len(numbers)]],
    )


@cache
def _mention(words: frozenset[str], every: frozenset[str], *, items: bool = False) -> re.Pattern[str]:
    """Lots that a sentence names: "le lot 2", "lots n° 1 et 3", "par lot", and of items "b)"."""
    lot = rf"\b(?:(?:le|du|au) )?(?:{'|'.join(words)})"
    sign = r"(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"
    several = rf"{lot}s {sign}(?P<several>{_NUMBER}(?:(?:,| et| and| &| à| to) {sign}{_NUMBER})+)"
    item = r"|(?<![\w(])(?P<item>\d{1,2}|[A-Za-z])\)(?= )" if items else "(?P<item>)"
    return re.compile(rf"{several}|{lot} {sign}(?P<number>{_NUMBER})|(?P<every>{'|'.join(every)}){item}", re.IGNORECASE)


def _words(text: str, headings: Headings) -> frozenset[str]:
    """What lots are called there: as the first heading calls them, else by any name."""
    heading = next((mark for mark in _HEADING.finditer(text) if _opens(mark, headings.lot)), None)
    return frozenset({normalise(heading["word"])}) if heading else headings.lot


def _headed(text: str, words: frozenset[str], headings: Headings) -> list[re.Match[str]]:
    """What opens lots: headings; or, where they name more, what a sentence calls by its number, in turn: "Lot 1
    traiteur, lot 2 plateaux-repas"."""
    marks: list[re.Match[str]] = []
    mention = _mention(words, headings.every)
    for one in filter(lambda one: _opens(one, words), _HEADING.finditer(text)):
        beside = mention.search(text[one.end() :].partition("\n")[0]) if _at_line(one) else one
        if not beside or _numbers([one])[0] not in _numbers(marks):  # "estimation : lot 1 : …; lot 2 : …" opens none
            marks.append(one)
    named: dict[str, re.Match[str]] = {}
    for mark in mention.finditer(text):
        if mark["number"]:
            named.setdefault(_numbers([mark])[0], mark)
    ends = [*(mark.start() for mark in named.values()), len(text)][1:]
    told = all(re.search(r"[^\W\d_]{4}", text[one.end() : end]) for one, end in zip(named.values(), ends, strict=True))
    return [*named.values()] if told and len(named) > len({*_numbers(marks)}) and _in_turn([*named]) else marks


def _apart(
    head: str,
    bodies: Sequence[str],
    by_lot: Callable[[str], Iterable[tuple[Sequence[int], str]]],
    headings: Headings,
    last: Sequence[bool],
) -> tuple[list[str], str]:
    """The texts of lots, and that of the whole. `last`: which lots end a list of them."""
    kept: list[list[str]] = []
    named: list[list[str]] = [[] for _ in bodies]
    whole: list[str] = []

    def sort(lines: Iterable[str], own: list[str]) -> None:
        for line in lines:
            for places, part in by_lot(line):
                for place in places:
                    named[place].append(part)
                if not places:
                    (whole if of_all_lots(part, headings) else own).append(part)

    sort(head.splitlines(), whole)
    short = not any("\n" in body or len(sentences(body)) > 1 for body in bodies[:-1])
    broken = [bool(_BREAK.search(body.strip())) for body, end in zip(bodies, last, strict=True) if not end]
    for body, end in zip(bodies, last, strict=True):
        own, *after = _BREAK.split(body.strip(), maxsplit=1) if end and broken and not any(broken) else [body]
        lines = [line for line in own.splitlines() if line.strip()]
        lines[:1] = sentences(lines[0]) if short and lines else lines[:1]
        part = next((at for at, line in enumerate(lines) if at and _opens_part(line, headings)), len(lines))
        kept.append(lines[:1])
        sort(lines[1:part], kept[-1])
        sort([*lines[part:], *(line for text in after for line in text.splitlines() if line.strip())], whole)
    if sum(last) == 1 and len(kept) > 1 and all(len(lines) < 2 for lines in kept[:-1]):
        own = [line for line in kept[-1][1:] if line.startswith(" ")]  # below its lot, and further in
        whole += [line for line in kept[-1][1:] if line not in own]
        kept[-1][1:] = own
    return ["\n".join((*own, *beside)) for own, beside in zip(kept, named, strict=True)], "\n".join(whole)


_BREAK = re.compile(r"\n\s*\n")
"""Between paragraphs: where no lot but the last of a list has one, what follows it there is of the whole."""


def _opens_part(line: str, headings: Headings) -> bool:
    """Whether a line is the head of a part of the text, such as "Article 14", or "8. Organisations"."""
    folded = normalise(line)
    if any_of(headings.parties).match(folded.lstrip("0123456789 ")):
        return True
    name = any_of(headings.section).match(folded)
    return name is not None and re.match(r" (?:\d|[ivx]+\b)", folded[name.end() :]) is not None


def _by_lot(
    line: str, numbers: Sequence[str], mention: re.Pattern[str], headings: Headings
) -> Iterator[tuple[list[int], str]]:
    """A line in parts, each with the places of the lots that it names: sentences, "lot 1 : …, lot 2 : …", "… pour le
    lot 1, … pour le lot 2"."""

    def named(mark: re.Match[str]) -> list[int]:
        of = _named(mark) or [(mark["item"] or "").upper().lstrip("0")]
        return [at for at, one in enumerate(numbers) if (mark["every"] or one in of) and one not in numbers[:at]]

    if not any(map(named, mention.finditer(line))):
        yield [], line
        return
    for sentence in sentences(line.replace(";", ",")):
        marks = [mark for mark in mention.finditer(sentence) if named(mark)]
        lead = sentence[: marks[0].start()].rstrip(" :(") if marks else ""
        but = re.search(rf"[\s,(]*(?:à l['’])?\b(?:{'|'.join(headings.but)})\b[^,;:(]{{0,8}}$", lead, re.IGNORECASE)
        if but and not amounts(lead, headings):  # "tous les lots, sauf le lot 1, …"; "à Alès, sauf lot 3 : à Anduze"
            left, rest = {at for mark in marks for at in named(mark)}, sentence[marks[-1].end() :]
            own, label = rest.lstrip().startswith(":"), LABEL.match(sentence)
            yield [at for at in range(len(numbers)) if at not in left], lead[: but.start()] + ("" if own else rest)
            if own:
                yield [*left], f"{label['name']} {rest.lstrip()}" if label else rest.lstrip(" :")
            continue
        priced = bool(amounts(lead, headings) or hours(lead))
        label = LABEL.match(sentence)
        if (len(marks) > 1 and not priced) or any(re.match(" ?[:=]", sentence[mark.end() :]) for mark in marks):
            if priced:
                yield [], lead
            for mark, then in zip(marks, [*marks[1:], None], strict=True):
                told = sentence[mark.end() : then.start() if then else None].strip(" :=,")
                yield named(mark), told if priced else f"{lead} : {told}".lstrip(" :")
        else:
            ends = [*(mark.end() for mark in marks[:-1]), len(sentence)]
            of = [named(mark) for mark in marks] or [[]]
            for places, start, end in zip(of, [0, *ends[:-1]], ends, strict=True):
                part = sentence[start:end].strip(" ,")
                yield places, f"{label['name']} : {part}" if label and start > label.start("value") else part


def several(text: str, headings: Headings) -> bool:
    """Whether a phrase is more than a search: several lots, or several codes."""
    return len(lots_of_text(text, headings)) > 1 or len(cut_cpv_codes(text)[1]) > 1


def _numbered(text: str) -> list[re.Match[str]]:
    """Lines that are numbered from 1 on, or lettered from A, two at the least."""
    marks = list(_ITEM.finditer(text))  # "L. Perrin" signs
    alike = ([mark for mark in marks if mark["number"].isdigit() == digits] for digits in (True, False))
    return next((one for one in alike if _in_turn(_numbers(one))), [])


def _bulleted(text: str, headings: Headings) -> str:
    """The text with the lines that list what is bought numbered."""
    lines = text.splitlines()
    for number, at in enumerate(_sought(lines, headings) or _priced(lines, headings), 1):
        lines[at] = f"{number}) {_AND.sub('', _BULLET.sub('', lines[at]))}"
    return "\n".join(lines)


_AND = re.compile(r"^ ?(?:et|and|0\d) ")


def _sought(lines: Sequence[str], headings: Headings) -> Sequence[int]:
    """Where a list below "Nous recherchons :" has its lines: bullets, else lines of which all but the last end with a
    comma."""
    sought = any_of(headings.seeking)
    leads = (at for at, line in enumerate(lines) if line.rstrip().endswith(":") and sought.search(normalise(line)))
    rest = range(next(leads, len(lines)) + 1, len(lines))
    below = [*takewhile(lambda at: not lines[at].rstrip().endswith(":"), (at for at in rest if lines[at].strip()))]
    items = [at for at in below if _BULLET.match(lines[at])]
    if not items:
        items = below[: sum(1 for _ in takewhile(lambda at: lines[at].rstrip().endswith((",", ";")), below)) + 1]
    plain = len(items) > 1 and items[0] == below[0] and not any(_labelled(lines[at], headings) for at in items)
    return items if plain else []


def _labelled(line: str, headings: Headings) -> bool:
    """Whether a line tells one thing of a lot or of a notice: "Lieu : Brest"."""
    label = LABEL.match(line)
    return label is not None and bool(headings.of(label["name"], LABELS))


def _priced(lines: Sequence[str], headings: Headings) -> Sequence[int]:
    """Where bullets are, two at the least, of which most tell what is bought and its amount."""
    bullets = [at for at, line in enumerate(lines) if _BULLET.match(line)]
    priced = [at for at in bullets if amounts(lines[at], headings) and not _labelled(lines[at], headings)]
    return bullets if len(priced) > 1 and 2 * len(priced) > len(bullets) else []


def _opens(mark: re.Match[str], words: frozenset[str]) -> bool:
    if normalise(mark["word"]) not in words:
        return False
    return _at_line(mark) or bool(mark["sign"] or mark["weak"])


def _at_line(mark: re.Match[str]) -> bool:
    return not mark.string[: mark.start()].rpartition("\n")[2].strip()


def _lot(number: str, body: str, headings: Headings) -> Lot:
    """A lot's text: its labelled lines, and a title, which is the first line that is none when no label tells it."""
    body, found = cut_cpv_codes(body)
    told: dict[str, str] = {}
    prices: list[Amount] = []
    free: list[str] = []
    beside: list[str] = []
    # How sure the place is: "Ville : …", which may be the buyer's, below "Lieu d'exécution", or it.
    led, surest = False, -1
    for sentence in sentences(_PARTED.sub(". ", body)):
        label = LABEL.match(sentence)
        column = headings.of(label["name"], LABELS) if label else ""
        value = label["value"].strip(" .;") if label else ""
        priced = amounts(sentence, headings) if column in ("amount", "place") else []
        led = led or normalise(sentence.lstrip("0123456789IVX.) ")) in headings.place - headings.seat
        sure = (int(led) if headings.named(label["name"], "seat") else 2) if label and column == "place" else -1
        prices += priced
        if not sure and not place_of_nuts(value):
            beside.append(sentence)
        elif column in ("title", "cpv", "place", "date") and (column not in told or sure > surest):
            told[column], surest = value, max(sure, surest)
        elif priced:
            folded = normalise(sentence)
            named = (any_of(headings.lasting | headings.renewed), any_of(frozenset(headings.periods)))
            beside += [sentence] if hours(sentence) or all(name.search(folded) for name in named) else []
        else:
            (beside if column else free).append(sentence)
    priced = [one for one in prices if not (one.whole and f"du {LOT}" in body)]
    price = max(priced, key=lambda one: one.euros, default=None)
    title = told.get("title") or (free[0] if free and number else _NEW.sub(". ", "\n".join(free)))
    words = title.split()
    led_by = next((count for count in (3, 2, 1) if normalise(" ".join(words[:count])) in headings.leading), 0)
    shown = cut(" ".join(words[led_by:]), MAX_TITLE).strip(" .;,")
    others = free if "title" in told else free[1:] if number else [] if len(title) <= MAX_TITLE else free
    return Lot(
        title=shown,
        number=number,
        cpv=found,
        place=cut(told.get("place", ""), MAX_NAME),
        amount=price.euros if price else None,
        per=price.months if price else 0,
        taxed=price.taxed if price else False,
        date=cut(told.get("date", ""), MAX_NAME),
        told=(*others, *beside),
    )


_PARTED = re.compile(r"(?<=[^\W\d_]{3}) ?; (?=[^\W\d_])")
_NEW = re.compile(r"(?<=[\w)%€])\n(?=[A-ZÀ-Ý])|(?<=[^\W\d_]{4})\n(?=\d)")
"""Where a line does not go on with the one before it."""


def _listed(text: str) -> Sequence[str]:
    """Lines that are each a need of its own: all have a bullet, or all have a code; else none."""
    lines = [line for line in text.splitlines() if line.strip()]
    bullets = all(_BULLET.match(line) for line in lines)
    coded = all(found and left.strip(" -–:;,") for left, found in map(cut_cpv_codes, lines))
    return [_BULLET.sub("", line) for line in lines] if len(lines) > 1 and (bullets or coded) else ()


def _once(found: Sequence[Lot]) -> list[Lot]:
    """A notice lists its lots, then tells each: of two lots of one number, what either tells."""
    kept: dict[str, Lot] = {}
    for lot in found:
        first = kept.setdefault(lot.number, lot)
        if first is not lot:
            priced = first if first.amount is not None else lot
            kept[lot.number] = replace(
                first,
                title=first.title or lot.title,
                cpv=tuple(dict.fromkeys((*first.cpv, *lot.cpv))),
                place=first.place or lot.place,
                amount=priced.amount,
                per=priced.per,
                taxed=priced.taxed,
                date=first.date or lot.date,
                told=(*first.told, *({lot.title} - {first.title}), *lot.told),
            )
    return list(kept.values())


@cache
def nuts_places() -> Mapping[str, str]:
    """A NUTS code → its place. A former region is told as that of today, which holds it."""
    return dict(read_rows("nuts.tsv", ("code", "place")))


def place_of_nuts(code: str) -> str:
    """The place of a code; "" = France, or no such code."""
    return nuts_places().get(code.strip().upper(), "")


MAX_XML = 1_000_000
"""Bytes of a notice."""
MAX_DEPTH = 60
MAX_ELEMENTS = 100_000


class UnreadableNotice(DiscoveryError):
    """A notice that can't be read. `code`: of the catalogue of messages."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def is_xml(text: str) -> bool:
    """Whether a text looks like XML."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def lots_of_notice(content: bytes) -> list[Lot]:
    """The lots of a notice, in its order. Raises UnreadableNotice for what is no XML, has a DTD, is too deep or
    large, or has no lot."""
    root = _root(content)
    whole = _first(root, "ProcurementProject")
    if whole is None:
        raise UnreadableNotice("notice_without_lots")
    common = _ubl(whole, "")
    found = [
        replace(_ubl(project, _told(one, "ID").upper().rpartition("-")[2].lstrip("0")[:10]), whole=common)  # "LOT-0001"
        for one in _all(root, "ProcurementProjectLot")
        if (project := _first(one, "ProcurementProject")) is not None
    ] or [common]
    if not any(lot.title or lot.cpv for lot in found):
        raise UnreadableNotice("notice_without_lots")
    return found


def _root(content: bytes) -> Element:
    if len(content) > MAX_XML:
        raise UnreadableNotice("notice_too_large")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(content.lstrip()), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise UnreadableNotice("notice_too_deep")
    except DefusedXmlException:
        raise UnreadableNotice("notice_with_entities") from None
    except (ParseError, ValueError, LookupError):  # LookupError: an unknown encoding
        raise UnreadableNotice("notice_not_xml") from None
    assert root is not None  # what parses has a root
    return root


def _ubl(project: Element, number: str) -> Lot:
    classes = ("MainCommodityClassification", "AdditionalCommodityClassification")
    codes = [_line(code) for name in classes for code in _all(project, f"{name}/ItemClassificationCode")]
    address = _first(project, "RealizedLocation/Address")
    town = _told(address, "CityName") or _told(address, "PostalZone")
    areas = (place_of_nuts(_line(code)) for code in _all(address, "CountrySubentityCode"))
    return Lot(
        title=cut(_told(project, "Name"), MAX_TITLE).strip(" .;,"),
        number=number,
        cpv=tuple(dict.fromkeys(code for text in codes if (code := cpv_code(text, said=True)))),
        place=cut(town, MAX_NAME) or next(filter(None, areas), ""),  # of several areas the first
        amount=_amount(_told(project, "RequestedTenderTotal/EstimatedOverallContractAmount")),
        told=tuple(sentences(_told(project, "Description")[:MAX_TEXT])),
    )


def _amount(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\+?\d{1,12}(?:\.\d*)?", text, re.ASCII) else None


def _all(element: Element | None, path: str) -> Iterator[Element]:
    """The elements at a path of names below one, whatever their namespaces; none below None."""
    return iter(()) if element is None else element.iterfind("{*}" + path.replace("/", "/{*}"))


def _first(element: Element | None, path: str) -> Element | None:
    return next(_all(element, path), None)


def _told(element: Element | None, path: str) -> str:
    """The text of the first of them."""
    return _line(_first(element, path))


def _line(element: Element | None) -> str:
    """The text of an element, on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


MAX_KINDS = 20
SHOWN = 60
_LENGTHS = {"number": 10, "title": MAX_TITLE, "place": MAX_NAME, "near": MAX_NAME}


def read_text(text: str, headings: Headings) -> list[Lot]:
    """The lots of a sentence, a pasted notice or XML as text. Raises InvalidQuery."""
    if len(text) > MAX_TEXT and not is_xml(text):
        raise _invalid(Problem("text", text[:40] + "…", "needs_too_long", {"length": len(text), "limit": MAX_TEXT}))
    if is_xml(text):
        return read_notice(text.encode("utf-8", "replace"))
    return _counted(lots_of_text(text, headings), "text")


def read_notice(content: bytes) -> list[Lot]:
    """The lots of a notice in XML. Raises InvalidQuery when it can't be read."""
    try:
        return _counted(lots_of_notice(content), "notice")
    except UnreadableNotice as error:
        raise _invalid(Problem("notice", "", error.code, {"limit": MAX_XML // 1000})) from None


def read_json(body: Any, headings: Headings) -> list[Lot]:
    """The lots of `{"text": …}` or `{"lots": [{…}], "title": …}`. Raises InvalidQuery."""
    if not isinstance(body, dict) or ("text" in body) == ("lots" in body):
        raise _invalid(Problem("body", "", "needs_body"))
    if "text" in body:
        if not isinstance(body["text"], str):
            raise _invalid(Problem("text", str(body["text"])[:SHOWN], "needs_body"))
        return read_text(body["text"], headings)
    given = body["lots"]
    if not isinstance(given, list):
        raise _invalid(Problem("lots", str(given)[:SHOWN], "needs_body"))
    if len(given) > MAX_LOTS:
        raise _too_many(len(given), "lots")
    problems: list[Problem] = []
    title = body.get("title") or ""
    if not isinstance(title, str) or len(title) > MAX_TITLE:
        shown = str(title)[:SHOWN]
        problems.append(Problem("title", shown, "lot_text", {"value": shown, "limit": MAX_TITLE}))
        title = ""
    whole = Lot(cut_cpv_codes(" ".join(title.split()))[0]) if title.strip() else None
    found = [replace(_lot_of_json(one, f"lots[{index}]", problems), whole=whole) for index, one in enumerate(given)]
    if problems:
        raise InvalidQuery(tuple(problems))
    return _counted(found, "lots")


def _lot_of_json(given: Any, where: str, problems: list[Problem]) -> Lot:
    if not isinstance(given, dict):
        problems.append(Problem(where, str(given)[:SHOWN], "lot_not_an_object"))
        return Lot("")

    def read(name: str, valid: Callable[[Any], bool], code: str, **args: int) -> Any:
        value = given.get(name)
        if value is None or valid(value):
            return value
        shown = str(value)[:SHOWN]
        problems.append(Problem(f"{where}.{name}", shown, code, {"value": shown, **args}))
        return None

    def short(most: int) -> Callable[[Any], bool]:
        return lambda one: isinstance(one, str) and len(one) <= most

    def coded(one: Any) -> bool:
        return _texts(one, MAX_CODES) and all(cpv_code(code, said=True) for code in one)

    texts = {name: read(name, short(most), "lot_text", limit=most) or "" for name, most in _LENGTHS.items()}
    cpv = read("cpv", coded, "lot_cpv", limit=MAX_CODES) or []
    kinds = read("kinds", lambda one: _texts(one, MAX_KINDS), "lot_kinds", limit=MAX_KINDS) or []
    radius = read("radius", lambda one: _number(one, 500), "not_a_number")
    amount = read("amount", lambda one: _number(one, MAX_EUROS), "not_a_number")
    title, codes = cut_cpv_codes(texts["title"])
    return Lot(
        title=" ".join(title.split()),
        number=texts["number"].strip(),
        cpv=tuple(dict.fromkeys((*(cpv_code(code, said=True) or "" for code in cpv), *codes))),
        place=texts["place"].strip(),
        near=texts["near"].strip(),
        radius=None if radius is None else float(radius),
        amount=None if amount is None else float(amount),
        kinds=tuple(kinds),
    )


def _texts(given: Any, most: int) -> bool:
    listed = isinstance(given, list) and len(given) <= most
    return listed and all(isinstance(one, str) and len(one) <= SHOWN for one in given)


def _number(given: Any, most: float) -> bool:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return number and math.isfinite(given) and 0 <= given <= most


def _counted(found: list[Lot], parameter: str) -> list[Lot]:
    if not found:
        raise _invalid(Problem(parameter, "", "needs_empty"))
    if len(found) > MAX_LOTS:
        raise _too_many(len(found), parameter)
    return found


def _too_many(count: int, parameter: str) -> InvalidQuery:
    return _invalid(Problem(parameter, str(count), "needs_too_many", {"count": count, "limit": MAX_LOTS}))


def _invalid(problem: Problem) -> InvalidQuery:
    return InvalidQuery((problem,))
