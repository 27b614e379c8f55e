"""Words for a supplier or for what it sends: "société", "devis". They say nothing of the trade."""

from __future__ import annotations

from discovery.intent.parse_state import ParseState, State

_BEFORE = 3  # words of a name that may precede it


def claim_supplier_words(reading: ParseState) -> None:
    """Call once kinds are claimed: an "entreprise adaptée" is one."""
    free: list[bool] = []
    index = 0
    while index < len(reading.tokens):
        size = 0 if index in reading.denied else reading.phrase_at(index, reading.grammar.suppliers.words)
        if size:
            free = free or [state is State.FREE for state in reading.states]
            if not _belongs(reading, index, size, free):
                reading.ignore("supplier_word", "supplier", index, index + size - 1)
        index += size or 1


def _belongs(reading: ParseState, first: int, size: int, free: list[bool]) -> bool:
    """Whether the word is a part of something else: "restaurant d'entreprise", "structure métallique"."""
    before = first - 1
    if reading.free(before) and reading.tied(first) and reading.fold(before) in reading.grammar.suppliers.after:
        return True
    names = (reading.lexicon.sector(reading.tokens, start, free) for start in range(max(0, first - _BEFORE), first))
    if any(name is not None and name.last >= first for name in names):
        return True
    own = reading.lexicon.sector(reading.tokens, first, free)
    if own is None or own.last < first + size:
        return False
    return not any(
        (rest := reading.lexicon.sector(reading.tokens, start, free)) is not None and rest.last >= own.last
        for start in range(first + size, own.last + 1)
    )
