"""What leads to a place: "à", "près de", "dans le département de"…"""

from __future__ import annotations

from dataclasses import dataclass

from discovery.config.grammar import Strength
from discovery.intent.lexer import Gap
from discovery.intent.model import Role
from discovery.intent.names import taken_before
from discovery.intent.parse_state import ParseState

MAX_IN_A_ROW = 3
"""Introducers that lead to one place, one before the other: nobody writes more, and each costs a look at the ones
before it."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """What leads to a place: `first` is its first token (the name's own when nothing leads to it)."""

    first: int
    strength: Strength | None = None
    role: Role = "boundary"
    words: tuple[str, ...] = ()


def introduction(reading: ParseState, first: int, most: int = MAX_IN_A_ROW) -> Introduced:
    """What leads to the name that starts at token `first`, its article included ("près de la"). `most`: introducers
    in a row."""
    ends = [first]
    if reading.free(first - 1) and reading.tied(first) and reading.fold(first - 1) in reading.ties.articles:
        ends.insert(0, first - 1)
    for end in ends:
        if not reading.tied(end):
            continue
        found = _introducer(reading, end)
        if found is not None:
            return _widened(reading, found, most - 1) if most > 1 else found
    return Introduced(ends[0])


def _introducer(reading: ParseState, end: int) -> Introduced | None:
    """The longest introducer that ends right before a token."""
    if reading.fold(end - 1) not in reading.grammar.introducer_ends:
        return None
    found: Introduced | None = None
    spelt: tuple[str, ...] = ()
    for start in range(end - 1, max(-1, end - 1 - reading.grammar.longest_introducer), -1):
        if not reading.free(start) or (spelt and not reading.tied(start + 1)):
            break
        spelt = (reading.fold(start), *spelt)
        strength = reading.grammar.introducers.get(spelt)
        if strength is None or _is_english_article(reading, start, spelt):
            continue
        focused = reading.grammar.is_focus(spelt) and not (spelt == ("vers",) and taken_before(reading, start))
        found = Introduced(start, strength, "focus" if focused else "boundary", spelt)  # "de Paris vers Lyon"
    return found


def _widened(reading: ParseState, introduced: Introduced, most: int) -> Introduced:
    """ "autour de" before "la ville de": both lead to the place, and the first says how."""
    if introduced.strength in ("of", "weak"):
        return introduced
    outer = introduction(reading, introduced.first, most)
    if outer.strength not in ("strong", "area") or not reading.tied(introduced.first):
        return introduced
    role: Role = "focus" if "focus" in (introduced.role, outer.role) else "boundary"
    strength = "area" if introduced.strength == "area" else outer.strength
    return Introduced(outer.first, strength, role, introduced.words)


def _is_english_article(reading: ParseState, index: int, spelt: tuple[str, ...]) -> bool:
    return spelt == ("a",) and reading.lang == "en" and reading.tokens[index].text in ("a", "A")


def listed(reading: ParseState, first: int) -> bool:
    """Whether a name follows a place and "et", "ou" or a comma, as the next of a list. `first`: its first token,
    "de" included."""
    index = first
    if reading.fold(index - 1) in reading.ties.articles:
        index -= 1
    if reading.gap(index) in (Gap.COMMA, Gap.SLASH) and taken_before(reading, index):
        return True
    return (
        reading.free(index - 1) and reading.fold(index - 1) in reading.ties.listing and taken_before(reading, index - 1)
    )
