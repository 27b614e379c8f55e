"""What a phrase means: recognised pieces, the words that remain, and an account of every character."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PieceType = Literal[
    "place", "radius", "kind", "kind_group", "national", "sector", "certification", "network", "service_type", "siret"
]
Role = Literal["boundary", "focus"]


@dataclass(frozen=True, slots=True)
class Option:
    """Another reading of a piece: a namesake, say."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One recognised piece. `start`, `end` are offsets in the phrase as typed; `text` is what stands there.

    `value`: a place code (`commune:69123`, `postcode:01150`, `department:69`, `region:84`, `country`), km for
    `radius`, a code or slug otherwise. `role` only for places. A `sector` piece is *offered*, never applied: its
    words stay in `Intent.text`; so do those of pieces whose `kept` is true. `corrected` when a typo was read
    through. Pieces may share their characters: "Alsace" is two departments.
    """

    type: PieceType
    value: str
    label: str
    text: str
    start: int
    end: int
    role: Role | None = None
    alternatives: tuple[Option, ...] = ()
    kept: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A warning of the parser: `code` names a message of the catalogue, `text` the characters concerned."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """`spans` partition the phrase: (start, end, what), what = `piece`, `text` or `dropped` (connectives, blanks)."""

    q: str
    text: str
    pieces: tuple[Piece, ...] = ()
    spans: tuple[tuple[int, int, str], ...] = ()
    notes: tuple[Note, ...] = ()

    def cut(self, piece: Piece) -> tuple[int, int]:
        """The piece's characters with the connectives and blanks that touch them: what goes when it is dropped."""
        touching = [(start, end) for start, end, what in self.spans if what == "dropped"]
        first = next((start for start, end in touching if end == piece.start), piece.start)
        return first, next((end for start, end in touching if start == piece.end), piece.end)

    def without(self, gone: Iterable[tuple[int, int]]) -> str:
        """The phrase as typed less some spans of it, its blanks folded."""
        left = list(self.q)
        for start, end in gone:
            left[start:end] = [" "] * (end - start)
        return " ".join("".join(left).split())
