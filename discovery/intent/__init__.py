"""Understanding a phrase: pure functions from words to recognised pieces."""

from discovery.intent.lexicon import Lexicon
from discovery.intent.model import IGNORED, Intent, KnownBy, Need, Note, Option, Piece, PieceType, Role
from discovery.intent.parse import parse

__all__ = ["IGNORED", "Intent", "KnownBy", "Lexicon", "Need", "Note", "Option", "Piece", "PieceType", "Role", "parse"]
