"""Words that only tie: openers ("je cherche un"), and what a piece leaves dangling."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.intent.ignored import claim_greeting
from discovery.intent.lexer import Gap
from discovery.intent.model import IGNORED
from discovery.intent.parse_state import ParseState, State


def drop_openers(reading: ParseState) -> None:
    """Drop what opens a request without saying what is asked for; greetings are pieces."""
    index = 0
    while True:
        index = claim_greeting(reading, index)
        size = reading.phrase_at(index, reading.ties.openers)
        if not size or index + size >= len(reading.tokens) or _is_wanted(reading, index, size):
            break
        reading.drop(range(index, index + size))
        index += size
        while (
            reading.free(index) and reading.fold(index) in reading.ties.after_opener and index + 1 < len(reading.tokens)
        ):
            reading.drop([index])
            index += 1


def _is_wanted(reading: ParseState, index: int, size: int) -> bool:
    """ "recherche et développement", "recherche de fuites", a name of the vocabulary: words, not an opener."""
    free = reading.free_tokens()
    words = tuple(reading.fold(i) for i in range(index, index + size))
    if words not in reading.ties.fragile_openers:
        return False
    match = reading.lexicon.sector(reading.tokens, index, free)
    if match is not None and match.last >= index + size:
        return True
    following = reading.fold(index + size)
    return words != ("besoin",) and (
        following in ("de", "d", *reading.ties.listing) or reading.gap(index + size) is Gap.GLUE
    )


def trim(reading: ParseState) -> None:
    """Drop the connectives left dangling at the ends of runs of words, and those between pieces.

    At the very start of a phrase articles stay: "Les Jardins du Cœur" is a name.
    """
    runs = list(_runs(reading))
    pieces = any(state is State.PIECE for state in reading.states)
    kept = {index for first, last in runs for index in range(first, last + 1)}
    cut: set[int] = set()
    for first, last in runs:
        start, end = first, last
        if first > 0 and not _goes_on(reading, first):
            start += reading.phrase_at(start, reading.ties.leading_phrases)
            while start <= end and _dangles(reading, start, reading.ties.leading):
                start += 1
        elif first == 0 and pieces:
            while start <= end and _dangles(reading, start, reading.ties.trailing):
                start += 1
            start = start if start > end else first
            if start == first < end and reading.free(first) and reading.fold(first) in reading.ties.indefinite:
                start += 1
        while end >= start and _dangles(reading, end, reading.ties.trailing):
            if end == len(reading.tokens) - 1 and reading.tokens[end].upper and reading.mixed_case:
                break  # "plan A", "vitamine D"
            end -= 1
        cut.update(range(first, start))
        cut.update(range(end + 1, last + 1))
    if cut == kept and not pieces:
        return  # nothing but connectives: then they are what is asked for
    reading.drop(cut)


def _goes_on(reading: ParseState, first: int) -> bool:
    """Whether only what is ignored parts a run of words from the one before: "collecte (de 12 tonnes) de papier"."""
    if not reading.tied(first) or reading.fold(first) not in reading.ties.of:
        return False
    index = first - 1
    while index >= 0 and reading.states[index] is State.PIECE and reading.tied(index):
        index -= 1
    aside = [draft for draft in reading.drafts if not draft.kept and index < draft.first < first]
    within = index >= 0 and reading.states[index] in (State.FREE, State.WORD)
    return within and all(draft.type in IGNORED for draft in aside)


def _runs(reading: ParseState) -> Iterator[tuple[int, int]]:
    """Runs of words, from piece to piece."""
    first = None
    for index in range(len(reading.tokens) + 1):
        word = index < len(reading.tokens) and reading.states[index] in (State.FREE, State.WORD)
        if word and first is None:
            first = index
        elif not word and first is not None:
            yield first, index - 1
            first = None


def _dangles(reading: ParseState, index: int, connectives: frozenset[str]) -> bool:
    if reading.states[index] is not State.FREE or reading.fold(index) not in connectives:
        return False
    token = reading.tokens[index]
    if token.fold in ("l", "d") and not token.elided:
        return False
    return not (index + 1 < len(reading.tokens) and reading.gap(index + 1) is Gap.GLUE and not token.elided)
