"""Understanding a phrase: pure functions from words to recognised pieces."""

from discovery.intent.lexicon import Lexicon
from discovery.intent.model import Intent, Note, Option, Piece, PieceType, Role
from discovery.intent.parse import parse

__all__ = ["Intent", "Lexicon", "Note", "Option", "Piece", "PieceType", "Role", "parse"]
