"""What a phrase means: recognised pieces, the words that remain, and an account of every character."""

from collections.abc import Iterable
from typing import Literal

from discovery.model import dataclass

PieceType = Literal[
    "place",
    "radius",
    "minutes",
    "kind",
    "kind_group",
    "national",
    "sector",
    "certification",
    "network",
    "service_type",
    "siret",
    "exclusion",
    "cpv",
    "naf",
    "rome",
    "quantity",
    "date",
    "budget",
    "surface",
    "frequency",
    "reference",
    "legal",
    "supplier_word",
    "courtesy",
    "address",
    "trade",
    "hours",
]
Role = Literal["boundary", "focus", "hint"]
KnownBy = Literal["label", "synonym", "code", "classifier"]

IGNORED: frozenset[PieceType] = frozenset(
    {
        "quantity",
        "date",
        "budget",
        "surface",
        "frequency",
        "reference",
        "legal",
        "supplier_word",
        "courtesy",
        "address",
    }
)
"""Pieces that are shown and never searched: they neither filter nor match."""


@dataclass(frozen=True, slots=True)
class Option:
    """Another reading of a piece: a namesake, say."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One recognised piece. `start`, `end` are offsets in the phrase as typed; `text` is what
    stands there.

    `value`: a place code (`commune:69123`, `postcode:01150`, `department:69`, `region:84`,
    `country`), km for `radius`, `minutes` by car, a code or slug otherwise. `role` only for places:
    a `hint` is whose need it is, hence perhaps where, and only ranks. A `sector` piece is
    *offered*, never applied: its words stay in `Intent.text`; so do those of pieces whose `kept` is
    true. `corrected` when a typo was read through. An `address` is a street, or a part of a town,
    of which no point is known: its town is a place of its own.

    `parameter`: of an `exclusion`, the API parameter that it stands for (`not_kind`, `not_place`,
    …), `value` being that parameter's value. Pieces of the `IGNORED` types have the kind of thing
    as value (`lot`, `people`, …); a `legal` one offers as `alternatives` the kinds that its article
    names. A `trade` is a need that only the classifier knows: its `alternatives` are all of its
    sectors. `hours` of insertion order who is found.
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
    parameter: str = ""

    @property
    def ignored(self) -> bool:
        """Whether it is shown and never searched."""
        return self.type in IGNORED


@dataclass(frozen=True, slots=True)
class Need:
    """A span of the phrase that names one trade; its words stay in `Intent.text`, where they are
    searched.

    `sectors`: slugs of sectors or groups of sectors, the likeliest first, never empty. `known_by`:
    the surest of what told it. `probability`: that the phrase asks for its groups, by its names and
    all of its words. `possible`: too little for it to be claimed.
    """

    start: int
    end: int
    text: str
    sectors: tuple[str, ...]
    known_by: KnownBy
    probability: float = 1.0
    possible: bool = False

    @property
    def named(self) -> bool:
        """Whether a word or a code names it; else the classifier alone tells it."""
        return self.known_by != "classifier"


BOUNDS = {
    "radius": (1, 500),
    "minutes": (5, 180),
}  # least and most of a distance, as a phrase or a parameter says it
OUTSIDE_TRADE = "outside_trade"  # of a trade that no inclusive supplier does
OUTSIDE_LIKELY = "outside_likely"  # of words that likely ask for what no inclusive supplier does
TRADE_DOUBTED = "trade_doubted"  # of a trade that is named, and by the whole phrase not meant


@dataclass(frozen=True, slots=True)
class Note:
    """A warning of the parser: `code` names a message of the catalogue, `text` the characters
    concerned.
    """

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a phrase was read as.

    `spans` partition the phrase: (start, end, what), what = `piece`, `text` or `dropped`
    (connectives, blanks).

    `needs`: the trades asked for, in the order of the phrase; words outside of every need only
    rank.
    """

    q: str
    text: str
    pieces: tuple[Piece, ...] = ()
    spans: tuple[tuple[int, int, str], ...] = ()
    notes: tuple[Note, ...] = ()
    needs: tuple[Need, ...] = ()
    lone_distance: bool = False  # without a place: words, unless a centre is given apart

    def cut(self, piece: Piece) -> tuple[int, int]:
        """(start, end) in the phrase of a piece with the connectives and blanks that touch it: what
        goes when it is dropped.
        """
        touching = [(start, end) for start, end, what in self.spans if what == "dropped"]
        first = next((start for start, end in touching if end == piece.start), piece.start)
        return first, next((end for start, end in touching if start == piece.end), piece.end)

    def without(self, gone: Iterable[tuple[int, int]]) -> str:
        """The phrase less some spans (start, end) of it, with single blanks."""
        left = list(self.q)
        for start, end in gone:
            left[start:end] = [" "] * (end - start)
        return " ".join("".join(left).split())
