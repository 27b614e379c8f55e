"""A phrase without some of its pieces. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from discovery.intent.model import Intent, Piece


def without(intent: Intent, pieces: Iterable[Piece]) -> str:
    """The phrase as typed, less these pieces and the connectives that touch them.

    "nettoyage à 30 km de Lyon, ESAT" less its radius: "nettoyage Lyon, ESAT".
    """
    return intent.without(intent.cut(piece) for piece in pieces)
