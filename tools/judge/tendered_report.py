"""What the trade classifier is worth, for a terminal and as a part of a document. Pure.

A document names a title by its row alone: titles belong to others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.judge.tendered import Figures, Told, confusion, figures, reliability

BEGIN, END = "<!-- discovery classifier report --into -->", "<!-- end -->"
"""Around the part of a document that is made here."""
_HEAD = "in  out  first  three  | told  right | in refused  out refused  out silent  out refused at 8 %"
_SHOWN = 90
"""Characters of a title in a terminal."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of some titles, read in some way.

    `rows`: which titles; `way`: how they were read.
    """

    rows: str
    way: str
    figures: Figures


def measured(rows: str, ways: Mapping[str, Sequence[Told]]) -> list[Measured]:
    """The figures of each way of reading. `rows`: what they are measured on."""
    return [Measured(rows, way, figures(told)) for way, told in ways.items()]


def printed(found: Iterable[Measured]) -> Iterator[str]:
    """A table for a terminal, with a head before each new set of rows."""
    last = ""
    for one in found:
        if one.rows != last:
            last = one.rows
            yield f"\n{last}"
            yield f"{'':31}{_HEAD}"
        of = one.figures
        yield (
            f"  {one.way:27}{of.scope:4}{of.beyond:5}{of.first:7.3f}{of.third:7.3f}  |{of.said:6.3f}{of.sure:7.3f} |"
            f"{of.lost:10.3f}{of.kept:13.3f}{of.silent:12.3f}{of.at:14.3f}"
        )


def worst(told: Iterable[Told], many: int) -> list[Told]:
    """The `many` titles in scope whose truth is given least."""
    return sorted((one for one in told if one.truth), key=lambda one: (one.chance, one.title.row))[:many]


def printed_details(told: Sequence[Told], many: int) -> Iterator[str]:
    yield "\nProbability told, share that is right, how many:"
    yield from (f"  {mean:.2f}  {right:.2f}  {count}" for mean, right, count in reliability(told))
    yield "\nGroup of the code, group told instead, how often:"
    yield from (f"  {own} → {other}  {count}" for own, other, count in confusion(told)[:many])
    yield "\nWorst titles in scope:"
    for one in worst(told, many):
        yield f"  row {one.title.row} {one.title.cpv} {one.chance:.2f} ({_instead(one)}) {one.title.whole[:_SHOWN]}"


def document(found: Iterable[Measured], told: Sequence[Told], many: int, label: Callable[[str], str]) -> Iterator[str]:
    """Markdown. `label`: what a CPV code is called."""
    yield from _table(
        ("rows", "read", "in, out of scope", "first", "in three", "trade told", "of them right", "in scope refused",
         "out of scope refused", "out, nothing told"),
        (
            (one.rows, one.way, f"{of.scope}, {of.beyond}",
             *(_share(each) for each in (of.first, of.third, of.said, of.sure, of.lost, of.kept, of.silent)))
            for one in found
            for of in (one.figures,)
        ),
    )  # fmt: skip
    yield ""
    yield from _table(
        ("probability told", "right", "titles"),
        ((f"{mean:.2f}", f"{right:.2f}", str(count)) for mean, right, count in reliability(told)),
    )
    yield ""
    yield from _table(
        ("group of the code", "told instead", "titles"),
        ((own, other, str(count)) for own, other, count in confusion(told)[:many] if count > 1),
    )
    yield ""
    yield from _table(
        ("worst: row", "its code", "chance of its group", "told instead"),
        (
            (str(one.title.row), f"{one.title.cpv} {label(one.title.cpv)}", f"{one.chance:.2f}", _instead(one))
            for one in worst(told, many)
        ),
    )


def replaced(text: str, lines: Iterable[str]) -> str:
    """A document with the part between its marks made anew. Raises ValueError: it has no such part."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no lines {BEGIN} and {END}")
    return "\n".join([f"{before}{begin}", *lines, f"{end}{after}"])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from (f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}"


def _instead(one: Told) -> str:
    if one.refused:
        return "no trade"
    return one.groups[0][0] if one.groups else "nothing"
