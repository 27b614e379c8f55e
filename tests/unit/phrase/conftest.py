"""What tests of phrases share: packaged vocabulary, gazetteer, one-line accounts of an intent,
tables of rows.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from discovery.mappings.mappings import Mappings, load_mappings
from discovery.phrase import IGNORED, Intent, Lexicon, Piece, parse
from discovery.places import Gazetteer
from discovery.places import gazetteer as the_gazetteer

FREQUENT = frozenset(
    {
        "services",
        "atelier",
        "ateliers",
        "travail",
        "association",
        "jardin",
        "jardins",
        "centre",
        "nord",
        "loire",
    }
    | {
        "emploi",
        "vert",
        "lyon",
        "bretagne",
        "rhone",
        "marseille",
        "paris",
        "nantes",
        "orange",
        "accueil",
        "tournus",
    }
)
"""Words that a real index holds often: common nouns, and the cities and regions that suppliers are
named after.
"""

TABLES = sorted(Path(__file__).parent.glob("tables/*/*.txt"))
OTHER = ("national", "kind_group", "certification", "network", "service_type", "siret")

Understand = Callable[..., Intent]
Account = Callable[..., str]


@lru_cache(maxsize=1)
def packaged() -> Mappings:
    return load_mappings()


@lru_cache(maxsize=1)
def packaged_gazetteer() -> Gazetteer:
    return the_gazetteer().naming(packaged().places)


@lru_cache(maxsize=1)
def packaged_lexicon() -> Lexicon:
    return Lexicon.from_vocabulary(packaged().vocabulary)


def understand_phrase(q: str, **options: Any) -> Intent:
    options.setdefault("frequent", FREQUENT.__contains__)
    options.setdefault("gazetteer", packaged_gazetteer())
    options.setdefault("grammar", packaged().grammar)
    return parse(q, lexicon=packaged_lexicon(), **options)


def _role(piece: Piece) -> str:
    return f" {piece.role}" if piece.role in ("focus", "hint") else ""


def account_of(intent: Intent) -> str:
    """`words | places | km | kinds | other`, empty columns at the end left out. Sectors are tested
    apart.
    """

    def values(*types: str) -> str:
        return " ".join(piece.value for piece in intent.pieces if piece.type in types)

    places = [
        piece.label + _role(piece) + (" typo" if piece.corrected else "")
        for piece in intent.pieces
        if piece.type == "place"
    ]
    other = [
        "national" if piece.type == "national" else piece.value
        for piece in intent.pieces
        if piece.type in OTHER
    ]
    columns = (intent.text, ", ".join(places), values("radius"), values("kind"), " ".join(other))
    return " | ".join(columns).rstrip(" |").lstrip()


def pieces_of(intent: Intent) -> str:
    """`words | piece; piece…`, sectors apart: each as its type with what tells it."""

    about = any(note.code == "radius_approximate" for note in intent.notes)

    def told(piece: Piece) -> str:
        if piece.type == "place":
            return piece.label + _role(piece) + (" typo" if piece.corrected else "")
        if piece.type == "radius":
            return f"{'~' * about}km {piece.value}"
        if piece.type == "exclusion":
            return f"{piece.parameter} {piece.value}"
        if piece.type in IGNORED:
            return f"{piece.type} {piece.text}"
        return piece.type if piece.type in ("siret", "national") else f"{piece.type} {piece.value}"

    facts = [told(piece) for piece in intent.pieces if piece.type != "sector"]
    facts += [f"! {note.text}" for note in intent.notes if note.code == "negation_unknown"]
    return f"{intent.text} | {'; '.join(facts)}".rstrip(" |").lstrip()


def needs_of(intent: Intent) -> str:
    return " / ".join(need.text for need in intent.needs)


def whole_of(intent: Intent) -> str:
    """All of a reading but probabilities, which change with every training: words searched | what
    becomes of each character (Piece, text, dropped as a blank) | pieces | needs | notes.
    """
    mask = list(intent.q)
    for start, end, what in intent.spans:
        mask[start:end] = {"piece": "P", "text": "t", "dropped": "_"}[what] * (end - start)

    def told(piece: Piece) -> str:
        flags = [piece.role, "kept" * piece.kept, "corrected" * piece.corrected, piece.parameter]
        others = "".join(f" /{other.value} {other.label}" for other in piece.alternatives)
        parts = (piece.type, piece.value, f"[{piece.label}]", f"{piece.start}-{piece.end}", *flags)
        return " ".join(filter(None, parts)) + others

    needs = [
        f"{need.start}-{need.end} {' '.join(need.sectors)} {need.known_by}" for need in intent.needs
    ]
    notes = [f"{note.code} {note.text}".strip() for note in intent.notes]
    return " | ".join(
        (
            intent.text,
            "".join(mask),
            *("; ".join(part) for part in (map(told, intent.pieces), needs, notes)),
        )
    )


def rows(table: Path) -> list[tuple[int, str, str]]:
    """(line, phrase, expected) of each row `phrase => expected`; comments and empty lines are for
    the reader.
    """
    lines = enumerate(table.read_text(encoding="utf-8").splitlines(), 1)
    parted = [
        (number, line.partition("=>"))
        for number, line in lines
        if line and not line.startswith("#")
    ]
    return [(number, phrase.strip(), expected.strip()) for number, (phrase, _, expected) in parted]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return packaged_lexicon()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return packaged_gazetteer()


@pytest.fixture(scope="session")
def understand() -> Understand:
    return understand_phrase


@pytest.fixture(scope="session")
def account() -> Account:
    return lambda q, **options: account_of(understand_phrase(q, **options))


@pytest.fixture(scope="session")
def pieces() -> Callable[[str], str]:
    return lambda q: pieces_of(understand_phrase(q))
