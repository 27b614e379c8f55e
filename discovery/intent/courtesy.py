"""Greetings and thanks: "bonjour", "merci d'avance". They ask for nothing."""

from __future__ import annotations

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import ParseState


def claim_greeting(reading: ParseState, index: int) -> int:
    """Claim the greetings that start at a token; the token after them."""
    while size := reading.phrase_at(index, reading.grammar.courtesy.opening):
        reading.ignore("courtesy", "greeting", index, index + size - 1)
        index += size
    return index


def claim_thanks(reading: ParseState) -> None:
    """Claim what thanks or signs, at the end or as a part of the phrase by itself."""
    closing = reading.grammar.courtesy.closing
    end = len(reading.tokens)
    for first in range(end - 1, -1, -1):
        size = reading.phrase_at(first, closing)
        after = first + size
        if size and (after == end or (reading.gap(first) >= Gap.SLASH and reading.gap(after) >= Gap.SLASH)):
            reading.ignore("courtesy", "thanks", first, after - 1)
            end = first if after == end else end
