"""A need as text → its lots. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from discovery.desk.lot import MAX_NAME, MAX_TITLE, Lot, cut, euros, merged
from discovery.mappings.codes import cut_cpv_codes
from discovery.mappings.purchases import Headings
from discovery.places.names import normalise

_BLANKS = re.compile(r"[^\S\n]+")
"""Those of one line: what is pasted has wide ones, and narrow ones that do not break."""
_HEADING = re.compile(
    r"(?:^|(?<=[;.\n])) ?(?:(?:[-*•–]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]? ) ?)?"  # a bullet, or "2.1 "
    r"(?P<word>[^\W\d_]{2,12})(?:\(s\))? ?(?:n ?[°ºo.]+ ?:? ?)?(?P<number>\d{1,3}|[A-Z]) ?"
    r"(?:(?P<sign>[:|–—]|/(?!\d))|(?P<weak>[.)-])?(?=\s|$))",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL = re.compile(r"^ ?[-*•–]? ?(?P<name>[^:\n]{2,40}?) ?: ?(?P<value>.*)$")
_BULLET = re.compile(r"^\s*[-*•–]\s+")


def lots_of_text(text: str, headings: Headings) -> list[Lot]:
    """At least one, unless the text is blank; in the order of the text. What stands before the first heading of a lot
    tells codes and the place of the lots that tell none, and what they are part of."""
    text = _BLANKS.sub(" ", text)
    marks = [one for one in _HEADING.finditer(text) if _opens(one, headings)]
    if not marks:
        listed = _listed(text)
        return [_lot("", one, headings) for one in listed or ([text] if text.strip() else [])]
    common = _lot("", text[: marks[0].start()], headings)
    ends = [*(one.start() for one in marks[1:]), len(text)]
    found = [
        merged(_lot(mark["number"].upper().lstrip("0"), text[mark.end() : end], headings), common)
        for mark, end in zip(marks, ends, strict=True)
    ]
    return _once(found)


def several(text: str, headings: Headings) -> bool:
    """Whether a phrase is more than a search: several lots, or several codes."""
    return len(lots_of_text(text, headings)) > 1 or len(cut_cpv_codes(text)[1]) > 1


def _opens(mark: re.Match[str], headings: Headings) -> bool:
    if normalise(mark["word"]) not in headings.lot:
        return False
    at_line = not mark.string[: mark.start()].rpartition("\n")[2].strip()
    return at_line or bool(mark["sign"] or mark["weak"])


def _lot(number: str, body: str, headings: Headings) -> Lot:
    """A lot's text: its labelled lines, and a title, which is the first line that is none when no label tells it."""
    body, found = cut_cpv_codes(body)
    told: dict[str, str] = {}
    free: list[str] = []
    for line in body.splitlines():
        label = _LABEL.match(line)
        column = headings.of(label["name"]) if label else ""
        if label and column:
            told.setdefault(column, label["value"].strip(" .;"))
        elif line.strip(" \t.;,:–—-"):
            free.append(line.strip(" \t;:–—-"))
    title = told.get("title") or (free[0] if free and number else " ".join(free))
    return Lot(
        title=cut(title, MAX_TITLE).strip(" .;,"),
        number=number,
        cpv=found,
        place=cut(told.get("place", ""), MAX_NAME),
        amount=euros(told.get("amount", "")),
        date=cut(told.get("date", ""), MAX_NAME),
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
    return Lot(
        title=first.title or then.title,
        number=first.number,
        cpv=tuple(dict.fromkeys((*first.cpv, *then.cpv))),
        place=first.place or then.place,
        amount=first.amount if first.amount is not None else then.amount,
        date=first.date or then.date,
        notice=first.notice,
    )
