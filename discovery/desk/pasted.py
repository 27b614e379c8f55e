"""A need as text → its lots. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from discovery.desk.amounts import Amount, amounts, months, of_all_lots
from discovery.desk.lot import MAX_NAME, MAX_TITLE, Lot, cut, sentences
from discovery.mappings.codes.cpv import cut_cpv_codes
from discovery.mappings.purchases import LABELS, Headings
from discovery.places.names import normalise

_BLANKS = re.compile(r"[^\S\n]+")
"""Those of one line: what is pasted has wide ones, and narrow ones that do not break."""
_HEADING = re.compile(
    r"(?:^|(?<=[;.\n])) ?(?:(?:[-*•–]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]? ) ?)?"  # a bullet, or "2.1 "
    r"(?P<word>[^\W\d_]{2,12})(?:\(s\))? ?(?:n ?[°ºo.]+ ?:? ?)?(?P<number>\d{1,3}|(?<![^\W\d_])[A-Z]) ?"
    r"(?:(?P<sign>[:|–—]|/(?!\d))|(?P<weak>[.)-])?(?=\s|$))",
    re.IGNORECASE | re.MULTILINE,
)
_ITEM = re.compile(r"^ ?(?P<number>\d{1,2}) ?[.)–-] (?=\D)", re.MULTILINE)
_LABEL = re.compile(r"^ ?[-*•–]? ?(?P<name>[^:\n]{2,40}?) ?: ?(?P<value>.*)$")
_BULLET = re.compile(r"^\s*[-*•–]\s+")


def lots_of_text(text: str, headings: Headings) -> list[Lot]:
    """At least one, unless the text is blank; in the order of the text. What stands before the first heading of a lot,
    what is said of all lots, and what follows the last of lots of one line each, is of the whole."""
    text = _BLANKS.sub(" ", text)
    marks = [one for one in _HEADING.finditer(text) if _opens(one, headings)] or _numbered(text)
    if not marks:
        listed = _listed(text)
        return [_lot("", one, headings) for one in listed or ([text] if text.strip() else [])]
    numbers = [mark["number"].upper().lstrip("0") for mark in marks]
    ends = [*(one.start() for one in marks[1:]), len(text)]
    bodies = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    bodies, beside = _apart(bodies, headings, once=len(set(numbers)) == len(numbers))
    whole = _lot("", "\n".join((text[: marks[0].start()], *beside)), headings)
    part_of = None if whole == Lot("") else whole
    found = [replace(_lot(*pair, headings), whole=part_of) for pair in zip(numbers, bodies, strict=True)]
    return _once(found)


def _apart(bodies: Sequence[str], headings: Headings, *, once: bool) -> tuple[list[str], list[str]]:
    """The texts of lots, and the lines in them that are of the whole."""
    kept: list[list[str]] = []
    whole: list[str] = []
    for body in bodies:
        lines = [line for line in body.splitlines() if line.strip()]
        whole += (line for line in lines[1:] if of_all_lots(line, headings))
        kept.append([*lines[:1], *(line for line in lines[1:] if not of_all_lots(line, headings))])
    if once and len(kept) > 1 and all(len(lines) < 2 for lines in kept[:-1]):
        whole += kept[-1][1:]
        del kept[-1][1:]
    return ["\n".join(lines) for lines in kept], whole


def several(text: str, headings: Headings) -> bool:
    """Whether a phrase is more than a search: several lots, or several codes."""
    return len(lots_of_text(text, headings)) > 1 or len(cut_cpv_codes(text)[1]) > 1


def _numbered(text: str) -> list[re.Match[str]]:
    """Lines that are numbered from 1 on, two at the least."""
    marks = list(_ITEM.finditer(text))
    counted = [mark["number"] for mark in marks] == [str(at) for at in range(1, len(marks) + 1)]
    return marks if counted and len(marks) > 1 else []


def _opens(mark: re.Match[str], headings: Headings) -> bool:
    if normalise(mark["word"]) not in headings.lot:
        return False
    at_line = not mark.string[: mark.start()].rpartition("\n")[2].strip()
    return at_line or bool(mark["sign"] or mark["weak"])


def _lot(number: str, body: str, headings: Headings) -> Lot:
    """A lot's text: its labelled lines, and a title, which is the first line that is none when no label tells it."""
    body, found = cut_cpv_codes(body)
    told: dict[str, str] = {}
    prices: list[Amount] = []
    free: list[str] = []
    lasting: list[str] = []
    beside: list[str] = []
    for sentence in sentences(body):
        label = _LABEL.match(sentence)
        column = headings.of(label["name"], LABELS) if label else ""
        value = label["value"].strip(" .;") if label else ""
        priced = amounts(sentence, headings) if column == "amount" else []
        if column in ("title", "cpv", "place", "date") and column not in told:
            told[column] = value
        elif priced:
            prices += priced
            lasting.append(sentence)
        else:
            (beside if column else free).append(sentence)
    price = max(prices, key=lambda one: one.euros, default=None)
    title = told.get("title") or (free[0] if free and number else " ".join(free))
    shown = cut(title, MAX_TITLE).strip(" .;,")
    others = free if "title" in told else free[1:] if number else [] if len(title) <= MAX_TITLE else free
    return Lot(
        title=shown,
        number=number,
        cpv=found,
        place=cut(told.get("place", ""), MAX_NAME),
        amount=price.euros if price else None,
        per=price.months if price else 0,
        taxed=price.taxed if price else False,
        months=next(filter(None, (months(sentence, headings, {}) for sentence in lasting)), None),
        date=cut(told.get("date", ""), MAX_NAME),
        told=(*others, *beside),
    )


def _listed(text: str) -> Sequence[str]:
    """Lines that are each a need of its own: all have a bullet, or all have a code; else none."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return ()
    bullets = all(_BULLET.match(line) for line in lines)
    coded = all(found and left.strip(" -–:;,") for left, found in map(cut_cpv_codes, lines))
    return [_BULLET.sub("", line) for line in lines] if bullets or coded else ()


def _once(found: Sequence[Lot]) -> list[Lot]:
    """A notice lists its lots, then tells each: of two lots of one number, what either tells."""
    kept: dict[str, Lot] = {}
    for lot in found:
        first = kept.get(lot.number)
        kept[lot.number] = lot if first is None else _both(first, lot)
    return list(kept.values())


def _both(first: Lot, then: Lot) -> Lot:
    priced = first if first.amount is not None else then
    return replace(
        first,
        title=first.title or then.title,
        cpv=tuple(dict.fromkeys((*first.cpv, *then.cpv))),
        place=first.place or then.place,
        amount=priced.amount,
        per=priced.per,
        taxed=priced.taxed,
        date=first.date or then.date,
        told=(*first.told, *then.told),
    )
