"""Understanding a phrase: pure functions from words to recognised pieces."""

from discovery.phrase.lexicon import Lexicon
from discovery.phrase.model import (
    IGNORED,
    Intent,
    KnownBy,
    Need,
    Note,
    Option,
    Piece,
    PieceType,
    Role,
)
from discovery.phrase.parse import parse

__all__ = [
    "IGNORED",
    "Intent",
    "KnownBy",
    "Lexicon",
    "Need",
    "Note",
    "Option",
    "Piece",
    "PieceType",
    "Role",
    "parse",
]
