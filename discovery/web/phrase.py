"""A phrase without some of its pieces. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from discovery.intent.model import Intent, Piece


def without(intent: Intent, pieces: Iterable[Piece]) -> str:
    """The phrase as typed, less these pieces and the connectives that touch them.

    "nettoyage à 30 km de Lyon, ESAT" less its radius: "nettoyage Lyon, ESAT".
    """
    gone = [(piece.start, piece.end) for piece in pieces]
    edges = {edge for span in gone for edge in span}
    dropped = ((start, end) for start, end, what in intent.spans if what == "dropped")
    gone += [span for span in dropped if not edges.isdisjoint(span)]
    return intent.without(gone)
