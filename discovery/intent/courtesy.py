"""Greetings and thanks: "bonjour", "merci d'avance". They ask for nothing."""

from __future__ import annotations

from discovery.intent.reading import Reading


def claim_greeting(reading: Reading, index: int) -> int:
    """Claim the greetings that start at a token; the token after them."""
    while size := reading.phrase_at(index, reading.grammar.courtesy.opening):
        reading.ignore("courtesy", "greeting", index, index + size - 1)
        index += size
    return index


def claim_thanks(reading: Reading) -> None:
    """Claim what thanks or signs at the end."""
    closing = reading.grammar.courtesy.closing
    end = len(reading.tokens)
    first = end
    while first > max(0, end - closing.longest):
        first -= 1
        if first + reading.phrase_at(first, closing) == end:
            reading.ignore("courtesy", "thanks", first, end - 1)
            end = first
