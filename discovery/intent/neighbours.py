"""What the words around a name tell of it: that it is a person's or a house's name, that it only says what is worked
on, or which of two trades it means."""

from __future__ import annotations

from collections.abc import Collection

from discovery.config.phrases import Reading
from discovery.intent.lexicon import Match
from discovery.intent.parse_state import ParseState
from discovery.intent.villages import SAINT

_LONGEST_CALLED = 3  # tokens of a proper name before the one that is looked at: "salle Jean-Baptiste de La Rose"


def names_no_trade(reading: ParseState, match: Match) -> bool:
    """Whether a name of the vocabulary stands in a proper name, only says what work is done on, or lacks an accent."""
    alone = match.first == match.last
    if alone and (_of_a_person(reading, match.first) or reading.lexicon.mistakes(reading.tokens[match.first].text)):
        return True
    return _called(reading, match.first) or _worked_on(reading, match)


def _of_a_person(reading: ParseState, index: int) -> bool:
    """ "salle Jean Vilar", "ST JEAN"."""
    if reading.fold(index) not in reading.grammar.neighbours.given:
        return False
    if reading.fold(index - 1) in SAINT and reading.tied(index):
        return True
    named = reading.tokens[index].text[:1].isupper() and reading.tied(index + 1) and reading.capitalised(index + 1)
    return named and not reading.tokens[index + 1].number


def _called(reading: ParseState, index: int) -> bool:
    """Whether it is one of several words with a capital, after what bears their name: "square La Rose Blanche"."""
    called = reading.grammar.neighbours.called
    first = index
    while first > max(0, index - _LONGEST_CALLED) and _goes_on(reading, first):
        before = first - 1
        if any(reading.phrase_at(before - more, called) == more + 1 for more in range(called.longest)):
            return first < index or _goes_on(reading, index + 1)
        first = before
    return False


def _goes_on(reading: ParseState, index: int) -> bool:
    return reading.tied(index) and reading.capitalised(index)


def _worked_on(reading: ParseState, match: Match) -> bool:
    """After "de", or counted: "gestion technique des bâtiments", "19 bâtiments"."""
    first = match.first
    if reading.phrase_at(first, reading.grammar.neighbours.worked_on) != match.last - first + 1:
        return False
    before = first - 1
    if before >= 0 and reading.tokens[before].number and reading.tied(first):
        return True
    if reading.fold(before) in reading.ties.articles | reading.ties.indefinite:
        before -= 1
    return reading.fold(before) in reading.ties.of and reading.free(before - 1) and reading.tied(before)


def means(reading: ParseState, match: Match, others: Collection[str]) -> tuple[str, ...]:
    """The sectors that a name means by what stands beside it; () for those that it means alone. `others`: the groups
    of what else is asked for."""
    size = match.last - match.first + 1
    return next(
        (
            one.means
            for one in reading.grammar.neighbours.readings
            if reading.phrase_at(match.first, one.names) == size
            and (not one.beside.isdisjoint(others) or _said(reading, one))
        ),
        (),
    )


def _said(reading: ParseState, one: Reading) -> bool:
    return bool(one.near.all) and any(reading.phrase_at(index, one.near) for index in range(len(reading.tokens)))
