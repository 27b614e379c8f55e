"""What no inclusive supplier does: named, it is told, and what it is for is no need of the phrase."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import ParseState

_PARTED = frozenset("-–—:([")
"""What parts a mission from what it is about: "un pôle culturel : concours de maîtrise d'œuvre (esquisse)"."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Tokens `first` to `last` name it. `about`: the first and last token of what is said of it, itself among them:
    what is done to it, what it is for, an aside in brackets, what a colon opens, and of a mission ("maîtrise d'œuvre")
    what a dash or a colon parts from it."""

    first: int
    last: int
    about: tuple[int, int]


def find_outside(reading: ParseState) -> list[Outside]:
    """In the order of the phrase, the longest names, and machines that are bought."""
    names, missions = reading.grammar.outside.names, reading.grammar.outside.missions
    found: list[Outside] = []
    index = 0
    while index < len(reading.tokens):
        mission = reading.phrase_at(index, missions)
        size = max(reading.phrase_at(index, names), mission, _bought(reading, index))
        if size:
            last = index + size - 1
            found.append(Outside(index, last, _about(reading, index, last, mission=mission == size)))
        index += size or 1
    return found


def _bought(reading: ParseState, index: int) -> int:
    """How many tokens, from one that buys to the machine bought: "acquisition de deux balayeuses"; 0 for none."""
    grammar, ties = reading.grammar.outside, reading.ties
    if not reading.free(index) or reading.fold(index) not in grammar.buying:
        return 0
    at = index + 1
    while reading.tied(at) and (
        reading.fold(at) in ties.of | ties.articles | ties.indefinite | ties.listing | grammar.buying
        or reading.tokens[at].number
    ):
        at += 1
    size = reading.phrase_at(at, grammar.machines) if reading.tied(at) else 0
    return at + size - index if size else 0


def hides(outside: Collection[Outside], first: int, last: int) -> bool:
    """Whether the name of a trade is a part of what is outside, or only what it is for."""
    return any(
        _within(first, one.about) and (not one.first <= first <= one.last or last - first <= one.last - one.first)
        for one in outside
    )


def _within(index: int, span: tuple[int, int]) -> bool:
    first, last = span
    return first <= index <= last


def _about(reading: ParseState, first: int, last: int, *, mission: bool) -> tuple[int, int]:
    after, end = last + 1, len(reading.tokens) - 1
    start = 0 if mission and _parted(reading, first) else _led(reading, first)
    if after > end or reading.fold(after) in reading.ties.listing:
        return start, last
    opened = reading.between(after).strip() == ":"  # "imagerie médicale : scanner"
    if reading.gap(after) < Gap.SLASH or opened or (mission and _parted(reading, after)):
        return start, end
    return start, _bracketed(reading, after) if "(" in reading.between(after) else last


def _led(reading: ParseState, first: int) -> int:
    """The first token of what is done to it: "réparation d'hélicoptère"."""
    of = first - 1 - (reading.tied(first) and reading.fold(first - 1) in reading.ties.articles)
    led = of - 1
    tied = reading.tied(first) and reading.tied(of) and reading.fold(of) in reading.ties.of
    return led if tied and reading.free(led) and reading.fold(led) in reading.grammar.outside.done_to else first


def _parted(reading: ParseState, index: int) -> bool:
    """Whether a dash, a colon or a bracket alone stands before a token."""
    between = reading.between(index).strip()
    return len(between) == 1 and between in _PARTED


def _bracketed(reading: ParseState, first: int) -> int:
    """The last token of an aside that opens before `first`."""
    last = first
    while last + 1 < len(reading.tokens) and ")" not in reading.between(last + 1):
        last += 1
    return last
