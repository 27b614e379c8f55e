"""A pasted text told a thing a line, however its page laid it out: tables, signs, names of lots.
Pure.

Of lots each step writes what `pasted.py` reads: "lot 1 : title", below it "label : value" a line.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from textwrap import dedent

from discovery.desk.lot import IN_EUROS, LABEL, any_of
from discovery.mappings.purchases import Headings
from discovery.places.names import normalise

LOT = "lot"
HEADING = re.compile(
    # or "2.1 "
    r"(?:^|(?<=[;.\n])) ?(?:(?:[-*•–▼►▪●■]|\d{1,2}[a-z]?(?:\.\d{1,2}){0,3}[.)]?(?: [-–])? ) ?)?"
    # "lot géographique n° 1"
    r"(?P<word>[^\W\d_]{2,12})(?:\(s\))?[ #-]?(?:(?:[^\W\d_]{4,} )?n ?[°ºo.]+ ?:? ?)?"
    r"(?P<number>\d{1,3}(?:[.-]\d{1,2})?|(?<![^\W\d_])[A-Z]\d{0,2}) ?"
    r"(?:(?P<sign>[:|–—_]|/(?!\d))|(?P<weak>[.)-])?(?=\s|$))",
    re.IGNORECASE | re.MULTILINE,
)


def laid_out(text: str, headings: Headings) -> str:
    """The text after each of the steps."""
    for step in _STEPS:
        text = step(text, headings)
    return text


def _signs(text: str, headings: Headings) -> str:
    """What is no word, or is told by where it stands; a note that a lot is reserved, where its
    asterisk is.
    """
    note = re.search(r"^ ?(\*|\((?:\*+|\d)\)) ?(.*réserv.*)$", text, re.MULTILINE)
    if note and (at := re.compile(rf"(?<=\w) ?{re.escape(note[1])}(?!\w)")).search(text):
        text = at.sub(lambda _: f" ({note[2]})", text.replace(note[0], ""))
    for pattern, instead in _SIGNS:
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    places = headings.place - headings.seat
    return dedent(
        _BESIDE.sub(lambda one: "\n" * (normalise(one["name"]) in places) or one[0], text)
    )


_BESIDE = re.compile(
    r"(?<=\S) [–—;-] (?=(?P<name>[^\W\d_][^\n:;–—]{,40}?) ?: )"
)  # "Tonte, 9 000 € – Lieu : Brest"
_NARROW = r"(?:(?![^\S\n]{2})[^\n])*"  # of no table
_SIGNS: Sequence[tuple[str, str | Callable[[re.Match[str]], str]]] = (
    # How somebody is reached, with what is said before it: a telephone, an address of mail, a site,
    # a post code alone.
    (
        r"(?i:\b(?:t[ée]l\w*|fax|site (?:web|internet)|web|m[eéè]l|courriel|e-?mail)[ .:/]*)?(?:(?:\+33 ?|\b0)"
        r"[1-9](?:[ .-]?\d\d){4}\b|(?<![\w.-])[\w.-]{1,64}@[\w.-]+\w|\b(?:https?://|www\.)[^\s,;)]+)"
        r"|^ ?\d{5} ?$(?!\n ?[A-ZÀ-Ý])",
        ",",
    ),
    (
        r"(?s)\A(?=.*^ ?> ?(?:$|[>\d-])).*",
        lambda mail: re.sub(r"(?m)^ ?(?:> ?)+", "", mail[0]),
    ),  # else it is a bullet
    (r"(?s)\A(De : .*?\n)(À : .*?\n)", r"Acheteur : \1"),
    (r"(?i)\b(réservée?s?) ?[–—:,-]+ ?(?=art|L\.? ?2113)", r"est \1 : "),
    (r"^ ?o (?=[^\W\d_])", "• "),  # a bullet of a page
    (
        r"(?<=[^\W\d_]) (?=\d{1,3}(?: \d{3})+[^\S\n]{2,}\d[\d ]*$)",
        "  ",
    ),  # between the cells of a full column
    (r' ?[«»“”"\U0001f000-\U0001faff\ufe0f\u20e3] ?', " "),
    (
        r"(?<=[\w)]{2}[.)])(?=[A-ZÀ-Ý][^\W\d_]* )",
        " ",
    ),  # between sentences of a page that lost its blanks
    (
        r"(?<![.…]) ?[.…]{4,}+ ?(\d{1,3}(?: \d{3})+(?:,\d\d)?|\d+,\d\d)(?: ?€)?((?: HT| TTC)?)$",
        r" : \1 €\2",
    ),  # from a lot to its price
    (
        r"(?<![ .…])[ .…]{5,}+(?:p(?:age)?\.? ?)?\d*$",
        "",
    ),  # from a title of a table of contents to its page
    # a line that goes on below, after a small word, or long and unstopped: no item, number, table,
    # label
    (
        rf"^( *{_NARROW}(?: (?:et|ou|aux?|des?|du|les?|la|par)|(?<=[^\n]{{70}})(?<![.:;!?])(?=\n *[a-zà-ÿ(])))\n *"
        rf"(?=(?:\(|[^\W\d_]){_NARROW}$)(?!(?i:lot)\b|\(?\w\w?[)\].°]|[^\n]{{,25}}\b\d\d? ?[:–-]|[A-ZÀ-Ý].* : )",
        r"\1 ",
    ),
    (
        r"(?i)(?:,? soit | ?\()(?=(?:un |au )?(?:montant |budget )?total)|,? dont (?=\d[\d ., ]*k?(?:€|eur))",
        "\n",
    ),
    (r"\b(ESAT|EA|SIAE|ACI|EI|AI|ETTI)-(?=(?:ESAT|EA|SIAE|ACI|EI|AI|ETTI)\b)", r"\1 - "),
    (r"(?i)\bnuméro (?=\d)", "n° "),
    (
        r"(?i)^ ?(?:II\.2\.1\) ?(?:intitulé ?:)?|intitulé ?:) ?\n?([^\n]+?)[.;]?\s+lot n ?[°º] ?:? ?(\d{1,3})\b",
        rf"{LOT} \2 : \1",
    ),  # of TED
    (r"\bL(\d{1,2}) ?= ?", rf"{LOT} \1 : "),
    (r"^( ?\d{1,2}) ?°/", r"\1)"),
    (r"(?i)\b(max|min|env|estim)\. ", r"\1 "),
    (r"(?i)(\bmaxi?(?:mum)? ?:? ?\d{1,3}(?: \d{3})+) *$", r"\1 €"),
    (r"(?i)^ ?d['’]une part,? (.{3,999}?)\n+ ?d['’]autre part,? ", rf"\n{LOT} 1 : \1\n{LOT} 2 : "),
)


def _rows(text: str, headings: Headings) -> str:
    """Tables whose cells stand a line each, as a page's text has them, with a row a line."""
    lines = text.splitlines()
    places = [at for at, line in enumerate(lines) if line.strip()]
    cells = [lines[at].strip() for at in places]
    numbers = [_row_number(cell, headings) for cell in cells]
    heads, at = [at for at, cell in enumerate(cells) if normalise(cell) in headings.numbered], 0
    for first in [first for first, number in enumerate(numbers) if number == "1"]:
        start = max((one for one in heads if at <= one < first), default=-1)
        if first - start > 8 or start < 0:  # columns of a table whose cells stand a line each
            continue
        at, head = (
            first,
            cells[start:first] if first - start > 1 else [cells[start], min(headings.title)],
        )
        columns, rows = [headings.of(cell) for cell in head], [head]
        while any(columns) and at < len(cells) and numbers[at] == str(len(rows)):
            end = _row_end(cells, numbers, at, len(head))
            rows.append(cells[at:end])
            at = end
        if len(rows) > 2:
            lines[places[start] : places[at - 1] + 1] = [""] * (places[at - 1] + 1 - places[start])
            lines[places[start] : places[start] + len(rows)] = map("\t".join, rows)
    return "\n".join(lines)


def _row_number(cell: str, headings: Headings) -> str:
    """The number that a cell is, "N° 1", "01"; "" = none."""
    *lead, number = normalise(re.sub(r"(\d+)$", r" \1", cell)).split() or [""]
    return (
        number.lstrip("0")
        if number.isdigit() and (not lead or " ".join(lead) in headings.numbered)
        else ""
    )


def _row_end(cells: Sequence[str], numbers: Sequence[str], at: int, width: int) -> int:
    """Where a row ends: at the next number, first after as many cells as its head's; else there, or
    at a label.
    """
    most = min(at + 3 * width, len(cells))
    most = next((end for end in range(at + 1, most) if LABEL.match(cells[end])), most)
    ends = (
        end
        for end in (at + width, *range(at + 1, most))
        if numbers[end : end + 1] == [str(int(numbers[at]) + 1)]
    )
    return next(ends, min(at + width, most))


def _tables(text: str, headings: Headings) -> str:
    """Rows of tables as lots, a labelled line for each cell."""
    lines: list[str] = []
    head: list[str] = []
    starts: list[int] = []
    title, rows, numbered, lot = 0, 0, False, -1
    for line, following in pairwise([*text.splitlines(), ""]):
        cells, names = _cells(line, starts, len(head)), _cells(line)
        columns, counted = (
            [headings.of(cell) for cell in names],
            normalise(names[0]) in headings.numbered,
        )
        named = len(names) > 1 and all(re.search(r"[^\W\d_]{2}", cell) for cell in names[1:])
        of_lots = (
            _CELL.search(line) and any(columns) and len(_cells(following)) == len(names)
            and _NUMBERED.match(following) and not _NUMBERED.match(line)
        )  # fmt: skip
        several = len({*columns} - {""}) > 2 or {"title", "place", "date"} & {*columns[1:]} > {
            "title"
        }
        if named and (counted or of_lots or several):
            cells = names
            free = [at for at, column in enumerate(columns) if counted and at and not column]
            title = columns.index("title") if "title" in columns else next(iter(free), 0)
            head, rows, numbered, lot = cells, 0, counted, -1
            gaps = [one.end() for one in _WIDE.finditer(line.rstrip()) if one.start()]
            starts = [] if _CELL.search(line) else [0, *gaps]
        elif len(cells) != len(head):
            if not head or re.search(r"\w", line):
                lines += ["", line] if head else [line]
                head, starts = [], []
        elif _is_total(cells[0], headings, numbered=numbered):
            lines.append("")
            lines += [
                f"{head[at]} {min(headings.whole)} : {cell}"
                for at, cell in enumerate(cells)
                if at and cell
            ]
        elif cells[0].strip("-:"):
            rows += 1
            own = None if numbered else _NUMBERED.match(cells[0])
            number = re.split(r"[\s°-]+0*", cells[0])[-1] if numbered else own[1] if own else rows
            lot = len(lines)
            lines.append(
                f"{LOT} {number} : {_NUMBERED.sub('', cells[title]) if title or not numbered else ''}"
            )
            lines += [
                f"{head[at]} : {cell}"
                for at, cell in enumerate(cells)
                if cell and at not in (0, title)
            ]
        elif lot >= 0:  # below a row, cells that go on
            lines[lot] += "".join(f" {cell}" for cell in cells if cell)
    return "\n".join(lines)


def _cells(line: str, starts: Sequence[int] = (), width: int = 0) -> list[str]:
    """The cells of a row: between signs; else below those of its head, or between the wide blanks
    of a page's text.
    """
    cells = [cell.strip() for cell in _sign(line).split(line.strip(" "))]
    if "|" in line:  # its frame apart, but not a cell that the row lacks
        cells = cells[1:] if len(cells) > max(width, 1) and not cells[0] else cells
        cells = cells[:-1] if len(cells) > max(width, 1) and not cells[-1] else cells
    if len(cells) == width - 1 and (full := _FULL.fullmatch(cells[-1])):
        return [*cells[:-1], *full.groups()]
    if (
        len(cells) == len(starts)
        or not _WIDE.search(line)
        or any(line[at - 1 : at].strip() for at in starts[1:])
    ):
        return cells
    return (
        [line[start:end].strip() for start, end in pairwise([*starts, len(line) + starts[-1]])]
        if starts
        else cells
    )


_NUMBERED = re.compile(
    rf"(?i){LOT} ?(?:n ?[°º] ?)?0*(\d+|(?-i:[A-Z])(?!\w)) ?[:–-]* ?"
)  # in the first cell of a row
_FULL = re.compile(
    r"(.*[^\W\d_]\)?) (\d{1,3}(?: \d{3})* ?€)"
)  # a cell that reaches the price behind it
_CELL, _SLASH, _WIDE = re.compile(r"[|\t;]"), re.compile(" / "), re.compile(r"[^\S\n]{2,}")


def _sign(line: str) -> re.Pattern[str]:
    """What parts the cells of a row: one sign of tables ("|" before ";"), several slashes, else
    wide blanks.
    """
    sign = next((one for one in "|\t;" if one in line), "")
    return re.compile(re.escape(sign)) if sign else _SLASH if line.count(" / ") > 1 else _WIDE


def _is_total(cell: str, headings: Headings, *, numbered: bool) -> bool:
    """Whether the first cell of a row says that it sums the others: "Total", "Ensemble" where they
    are numbered.
    """
    words = normalise(cell)
    return bool(
        any_of(headings.whole).match(words)
        or (numbered and words and not re.search(r"\d|\b\w\b", words))
    )


def _below_heads(text: str, headings: Headings) -> str:
    """The number that ends the line of a lot as its amount, below a heading as "(en k€ HT)": no
    code, page, year.
    """
    lines = text.splitlines()
    rows = sum(
        1 for line in lines if _of_lot(line) and re.search(r"[:/–-] \d{1,3}(?: \d{3})+$", line)
    )
    unit = told = "€" if rows > 2 and re.search(r"\beuros?\b|€|\bHT\b|hors taxes", text) else ""
    for at, line in enumerate(lines):
        lot = _of_lot(line)
        number = _LAST.search(line) if unit and lot else None
        if number and (
            re.search(r"\bk(?:€|e)", unit, re.IGNORECASE)
            or 3 < sum(map(str.isdigit, number[0])) < 8
        ):
            lines[at] = (
                f"{line[: number.start()]}\n{min(headings.amount)} {unit.strip(' :()')} : {number[0]}"
            )
        ended = _UNIT_LAST.search(line)
        priced = ended and any_of(headings.amount).search(normalise(ended[0]))
        head = (
            "€"
            if priced or (headings.of(_CELL.split(line)[-1]) == "amount" and "\t" in line)
            else ""
        )
        unit = (
            unit
            if lot
            else next((line[one.start() :] for one in IN_EUROS.finditer(line)), head or told)
        )
    return "\n".join(lines)


def _of_lot(line: str) -> re.Match[str] | None:
    """Whether a line begins as a lot does: "Lot 1 : …", "01 Démolition", "B) Repas"."""
    return HEADING.match(line) or re.match(r" ?(?:[A-Z]|\d{1,2})(?: ?[-–.:)]| ) ?[^\W\d_]{3}", line)


_UNIT_LAST = re.compile(r"\D{,40}\b(?:HT|TTC|euros?)\W*$", re.IGNORECASE)
_LAST = re.compile(
    r"(?<=\S)(?:[^\S\n]{2,}|\t| ?[:/] ?| [-–] )\d[\d .,]{,11}$|(?:(?<=[^\W\d_] )|(?<=\d{3} ))\d{1,3}(?: \d{3})+$"
)


def _numbered(text: str, headings: Headings) -> str:
    """Lots called by their place, "2e lot", "le second", "Lot II", or by a bare number before a
    price, as "lot 2".
    """
    text, words, lots = _BLANKS.sub(" ", text), "|".join(headings.ordinals), "|".join(headings.lot)
    ordinal = re.compile(
        rf"\b(?:(\d{{1,2}}) ?(?:er|e|[eè]me|nd)|({words})) ({lots})\b", re.IGNORECASE
    )
    text = re.sub(
        rf"(?i)\b({words})(?=(?:,| et) (?:l[ea] )?(?:{words}) ({lots})\b)", r"\1 \2", text
    )  # "le 2e et le 4e lot"
    text = ordinal.sub(lambda one: f"{one[3]} {one[1] or headings.ordinals[one[2].lower()]}", text)
    parts = re.compile(
        rf"(?:^ ?|(?<=[.;] ))({words}) ({any_of(headings.counted).pattern})(?= ?[,:–-] )",
        re.IGNORECASE | re.MULTILINE,
    )
    text = parts.sub(
        lambda one: f"{LOT} {headings.ordinals[one[1].lower()]}", text
    )  # "Premier volet, …"
    # "pour le premier, … pour le second"; "Le premier concerne …", "Le second, …"
    verb = rf"(?= (?:\w+ )?(?:sur|{any_of(headings.leading).pattern}))"  # ", le deuxième sur …"
    placed = re.compile(
        rf"(?:(?<=\bpour )le(?= \w+ ?(?:[.,;:]|$))|(?:^ ?|(?<=[.;] ))L[ea]|(?<=, )l[ea](?= \w+{verb})) ({words})\b",
        re.MULTILINE,
    )
    told = {headings.ordinals[word.lower()] for word in placed.findall(text)}
    known = {
        int(one) for one in re.findall(rf"(?i)\b(?:{lots}) (?:n ?[°ºo] ?)?(\d{{1,2}})\b", text)
    }
    in_turn = all(one < 2 or one - 1 in told | known for one in told) or told == {2}
    if told - {1} and in_turn and (2 in told or told.isdisjoint(known)):
        text = placed.sub(lambda one: f"le {LOT} {headings.ordinals[one[1]]}", text)
    roman = re.compile(
        rf"\b((?:{lots})s? (?:n ?[°ºo.] ?)?)({'|'.join(headings.roman)})\b(?! fois)", re.IGNORECASE
    )
    if any(
        len(one[2]) > 1 and one[2] != "un" for one in roman.finditer(text)
    ):  # else "Lot I" is lettered
        text = roman.sub(lambda one: f"{one[1]}{headings.roman[one[2].lower()]}", text)
    text = _PRICE_LINE.sub(rf"{LOT} \1 : ", _PRICED.sub(_priced, text))
    if len(_BEHIND.findall(text)) > 1 and not any(
        one["word"].lower() == LOT and one["sign"] for one in HEADING.finditer(text)
    ):
        text = _BEHIND.sub(rf"{LOT} \2 : \1\3", text)
    return text


_PRICE_LINE = re.compile(
    r"^ ?(\d{1,2}|[A-Z]) ?[.):–-] ?(?=\d[\d ]*(?:k?€|eur))", re.MULTILINE
)  # "1. 260 000 €"
_BEHIND = re.compile(
    r"^ ?(?:[-–•*] ?|\d+(?:\.\d+)*[.)]? )?([^\W\d][^\n]*?) ?\([Ll]ot (?:n ?[°º] ?)?(\d{1,2})\)([^\n(]{,160})$",
    re.MULTILINE,
)  # "le feu d'artifice (lot 5)"
_CALLED = r"(?:lot (?:n ?° ?)?|L)"
_PRICED = re.compile(
    rf"^(?=.*(?:€|\beuro|\bHT\b))[^\n:]{{0,90}}:\s(?:{_CALLED}?0?[1A] ?[:=] ?|(?:{_CALLED}0?1|A) )\d.*$",
    re.MULTILINE,
)  # "Estimation : 1 : 9 000 ; 2 : …", "Prix : L1 9 000 €, L2 …", "A 9 000 €, B …"
_PRICE_OF = re.compile(
    rf"(?:(?<=[:;,|/–] )|(?<= et ))(?:{_CALLED}?(\d{{1,2}}|[A-Z]) ?[:=] ?"
    rf"|(?:{_CALLED}(\d{{1,2}})|([A-Z])) (?=[\d ]{{3,}}(?:€|eur)))"
    r"(\d[\d ]*(?:,\d)?)(?! ?(?:\d|à)) ?(?:k?€|euros?)?"
)


def _priced(line: re.Match[str]) -> str:
    """A line of prices, each with its lot before it, in the unit of the line: "en k€"."""
    unit = "k€" if re.search(r"(?i)\bk(?:€|euro)", line[0]) else "€"
    return _PRICE_OF.sub(
        lambda of: f"{LOT} {of[1] or of[2] or of[3]} : {of[4].strip()} {unit}",
        line[0].replace("\n", " "),
    )


_BLANKS = re.compile(r"[^\S\n]+")  # of one line: wide ones, and narrow ones that do not break


_STEPS: Sequence[Callable[[str, Headings], str]] = (
    _signs,
    _rows,
    _tables,
    _below_heads,
    _numbered,
)
