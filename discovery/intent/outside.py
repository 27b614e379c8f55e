"""What no inclusive supplier does: named, it is told, and what it is for is no need of the phrase."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import ParseState


@dataclass(frozen=True, slots=True)
class Outside:
    """Tokens `first` to `last` name it. `governs`: what follows is said of it ("maîtrise d'œuvre pour une école")."""

    first: int
    last: int
    governs: bool


def find_outside(reading: ParseState) -> list[Outside]:
    """In the order of the phrase, the longest names."""
    found: list[Outside] = []
    index = 0
    while index < len(reading.tokens):
        size = reading.phrase_at(index, reading.grammar.outside.names)
        if size:
            last = index + size - 1
            found.append(Outside(index, last, _governs(reading, last)))
        index += size or 1
    return found


def hides(outside: list[Outside], first: int, last: int) -> bool:
    """Whether the name of a trade is a part of what is outside, or only what it is for."""
    return any(
        (one.governs and one.last < first) or (one.first <= first <= one.last and last - first <= one.last - one.first)
        for one in outside
    )


def _governs(reading: ParseState, last: int) -> bool:
    after = last + 1
    if after >= len(reading.tokens) or reading.gap(after) >= Gap.SLASH:
        return False
    return reading.fold(after) not in reading.ties.listing
