"""Words that only tie: openers ("je cherche un"), closers ("svp"), and what a piece leaves dangling."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.intent.lexer import Gap
from discovery.intent.reading import Reading, State
from discovery.intent.words import (
    AFTER_OPENER,
    CLOSERS,
    FRAGILE_OPENERS,
    INDEFINITE,
    LEADING,
    LEADING_PHRASES,
    OPENERS,
    OR,
    TRAILING,
)

_LONGEST_OPENER = 6


def drop_openers(reading: Reading) -> None:
    """Drop what opens and closes a request without saying what is asked for."""
    index = 0
    while True:
        size = reading.phrase_at(index, OPENERS, _LONGEST_OPENER)
        if not size or index + size >= len(reading.tokens) or _is_wanted(reading, index, size):
            break
        reading.drop(range(index, index + size))
        index += size
        while reading.free(index) and reading.fold(index) in AFTER_OPENER and index + 1 < len(reading.tokens):
            reading.drop([index])
            index += 1
    end = len(reading.tokens)
    for first in range(end - 1, max(0, end - 2 * _LONGEST_OPENER), -1):
        if first + reading.phrase_at(first, CLOSERS) == end:
            reading.drop(range(first, end))
            end = first


def _is_wanted(reading: Reading, index: int, size: int) -> bool:
    """ "recherche et développement", "recherche de fuites", a name of the vocabulary: words, not an opener."""
    free = [state is State.FREE for state in reading.states]
    words = tuple(reading.fold(i) for i in range(index, index + size))
    if words not in FRAGILE_OPENERS:
        return False
    match = reading.lexicon.sector(reading.tokens, index, free)
    if match is not None and match.last >= index + size:
        return True
    following = reading.fold(index + size)
    return words != ("besoin",) and (following in ("de", "d", *OR) or reading.gap(index + size) is Gap.GLUE)


def trim(reading: Reading) -> None:
    """Drop the connectives left dangling at the ends of runs of words, and those between pieces.

    At the very start of a phrase articles stay: "Les Jardins du Cœur" is a name.
    """
    runs = list(_runs(reading))
    pieces = any(state is State.PIECE for state in reading.states)
    kept = {index for first, last in runs for index in range(first, last + 1)}
    cut: set[int] = set()
    for first, last in runs:
        start, end = first, last
        if first > 0:
            start += reading.phrase_at(start, LEADING_PHRASES)
            while start <= end and _dangles(reading, start, LEADING):
                start += 1
        elif pieces:
            while start <= end and _dangles(reading, start, TRAILING):
                start += 1
            start = start if start > end else first
            if start == first < end and reading.free(first) and reading.fold(first) in INDEFINITE:
                start += 1
        while end >= start and _dangles(reading, end, TRAILING):
            if end == len(reading.tokens) - 1 and reading.tokens[end].upper and reading.mixed_case:
                break  # "plan A", "vitamine D"
            end -= 1
        cut.update(range(first, start))
        cut.update(range(end + 1, last + 1))
    if cut == kept and not pieces:
        return  # nothing but connectives: then they are what is asked for
    reading.drop(cut)


def _runs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Runs of words, from piece to piece."""
    first = None
    for index in range(len(reading.tokens) + 1):
        word = index < len(reading.tokens) and reading.states[index] in (State.FREE, State.WORD)
        if word and first is None:
            first = index
        elif not word and first is not None:
            yield first, index - 1
            first = None


def _dangles(reading: Reading, index: int, connectives: frozenset[str]) -> bool:
    if reading.states[index] is not State.FREE or reading.fold(index) not in connectives:
        return False
    token = reading.tokens[index]
    if token.fold in ("l", "d") and not token.elided:
        return False
    return not (index + 1 < len(reading.tokens) and reading.gap(index + 1) is Gap.GLUE and not token.elided)
