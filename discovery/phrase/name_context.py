"""What the words around the name of a trade tell of it.

That it is a person's name, which of two trades it means, or that it belongs to what no inclusive supplier does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from discovery.mappings.phrases import Phrases, Reading
from discovery.phrase.communes import SAINT
from discovery.phrase.lexer import Gap
from discovery.phrase.lexicon import Match
from discovery.phrase.parse_state import ParseState


def names_no_trade(state: ParseState, match: Match) -> bool:
    """Whether a name of the vocabulary is a person's, or lacks an accent."""
    first = match.first
    return first == match.last and (_of_a_person(state, first) or state.lexicon.mistakes(state.tokens[first].text))


def _of_a_person(state: ParseState, index: int) -> bool:
    """ "salle Jean Vilar", "ST JEAN"."""
    if state.folds[index] not in state.grammar.neighbours.given:
        return False
    if state.folds[index - 1] in SAINT and state.adjacent[index]:
        return True
    named = state.tokens[index].text[:1].isupper() and state.adjacent[index + 1] and state.capitalised(index + 1)
    return named and not state.tokens[index + 1].number


def means(state: ParseState, match: Match, others: Collection[str] = ()) -> tuple[str, ...]:
    """The sectors that a name means by what stands beside it; () for those that it means alone. `others`: the groups
    of what else is asked for."""
    size = match.last - match.first + 1
    return next(
        (
            one.means
            for one in state.grammar.neighbours.readings
            if state.phrase_at(match.first, one.names) == size
            and (not one.beside.isdisjoint(others) or _said(state, one) or _done(state, match, one.done))
        ),
        (),
    )


def _done(state: ParseState, match: Match, done: Phrases) -> bool:
    """Whether something is done to what a name names, or wrong with it: "laver (tous nos bus)", "(matelas) à jeter"."""
    ties, index = state.connectives, match.first
    small = ties.of | ties.articles | ties.indefinite | ties.possessives
    while state.adjacent[index] and (state.folds[index - 1] in small or state.tokens[index - 1].number):
        index -= 1
    after = match.last + 1
    after += state.folds[after] == "a" and state.adjacent[after]
    return state.phrase_before(index, done) > 0 or (state.adjacent[after] and state.phrase_at(after, done) > 0)


def _said(state: ParseState, one: Reading) -> bool:
    return bool(one.near.all) and any(state.phrase_at(index, one.near) for index in range(len(state.tokens)))


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


def find_outside(state: ParseState) -> list[Outside]:
    """In the order of the phrase, the longest names, and machines that are bought."""
    names, missions = state.grammar.outside.names, state.grammar.outside.missions
    found: list[Outside] = []
    index = 0
    while index < len(state.tokens):
        mission = state.phrase_at(index, missions)
        size = max(state.phrase_at(index, names), mission, _bought(state, index))
        if size:
            last = index + size - 1
            found.append(Outside(index, last, _about(state, index, last, mission=mission == size)))
        index += size or 1
    return found


def _bought(state: ParseState, index: int) -> int:
    """How many tokens, from one that buys to the machine bought: "acquisition de deux balayeuses"; 0 for none."""
    grammar, ties = state.grammar.outside, state.connectives
    if not state.unclaimed[index] or state.folds[index] not in grammar.buying:
        return 0
    at = index + 1
    while state.adjacent[at] and (
        state.folds[at] in ties.of | ties.articles | ties.indefinite | ties.listing | grammar.buying
        or state.tokens[at].number
    ):
        at += 1
    size = state.phrase_at(at, grammar.machines) if state.adjacent[at] else 0
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


def _about(state: ParseState, first: int, last: int, *, mission: bool) -> tuple[int, int]:
    after, end = last + 1, len(state.tokens) - 1
    start = 0 if mission and _parted(state, first) else _led(state, first)
    if after > end or state.folds[after] in state.connectives.listing:
        return start, last
    opened = state.between(after).strip() == ":"  # "imagerie médicale : scanner"
    if state.gaps[after] < Gap.SLASH or opened or (mission and _parted(state, after)):
        return start, end
    return start, _bracketed(state, after) if "(" in state.between(after) else last


def _led(state: ParseState, first: int) -> int:
    """The first token of what is done to it: "réparation d'hélicoptère"."""
    of = first - 1 - (state.adjacent[first] and state.folds[first - 1] in state.connectives.articles)
    led = of - 1
    tied = state.adjacent[first] and state.adjacent[of] and state.folds[of] in state.connectives.of
    return led if tied and state.unclaimed[led] and state.folds[led] in state.grammar.outside.done_to else first


def _parted(state: ParseState, index: int) -> bool:
    """Whether a dash, a colon or a bracket alone stands before a token."""
    between = state.between(index).strip()
    return len(between) == 1 and between in _PARTED


def _bracketed(state: ParseState, first: int) -> int:
    """The last token of an aside that opens before `first`."""
    last = first
    while last + 1 < len(state.tokens) and ")" not in state.between(last + 1):
        last += 1
    return last
