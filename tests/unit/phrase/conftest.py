"""What every test of the phrases shares: the packaged vocabulary, the gazetteer, and a one-line account of an intent.

A test with arguments `phrase` and `expected` is run for every line `phrase => account` of the docstring-like table
that its module keeps under its name in `TABLES`. Blank lines and lines starting with # are for the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from discovery.mappings.mappings import Mappings, load_mappings
from discovery.phrase import IGNORED, Intent, Lexicon, Piece, parse
from discovery.places import Gazetteer
from discovery.places import gazetteer as the_gazetteer

FREQUENT = frozenset(
    {"services", "atelier", "ateliers", "travail", "association", "jardin", "jardins", "centre", "nord", "loire"}
    | {"emploi", "vert", "lyon", "bretagne", "rhone", "marseille", "paris", "nantes", "orange", "accueil", "tournus"}
)
"""Words that a real index holds often: common nouns, and the cities and regions that suppliers are named after."""

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
    """`words | places | km | kinds | other`, empty columns at the end left out. Sectors are tested apart."""

    def values(*types: str) -> str:
        return " ".join(piece.value for piece in intent.pieces if piece.type in types)

    places = [
        piece.label + _role(piece) + (" typo" if piece.corrected else "")
        for piece in intent.pieces
        if piece.type == "place"
    ]
    other = ["national" if piece.type == "national" else piece.value for piece in intent.pieces if piece.type in OTHER]
    columns = (intent.text, ", ".join(places), values("radius"), values("kind"), " ".join(other))
    return " | ".join(columns).rstrip(" |").lstrip()


def pieces_of(intent: Intent) -> str:
    """`words | piece; piece…`, sectors apart: each as its type with what tells it."""

    def told(piece: Piece) -> str:
        if piece.type == "place":
            return piece.label + _role(piece) + (" typo" if piece.corrected else "")
        if piece.type == "radius":
            return f"{'~' * intent.approximate_radius}km {piece.value}"
        if piece.type == "exclusion":
            return f"{piece.parameter} {piece.value}"
        if piece.type in IGNORED:
            return f"{piece.type} {piece.text}"
        return piece.type if piece.type in ("siret", "national") else f"{piece.type} {piece.value}"

    facts = [told(piece) for piece in intent.pieces if piece.type != "sector"]
    facts += [f"! {note.text}" for note in intent.notes if note.code == "negation_unknown"]
    return f"{intent.text} | {'; '.join(facts)}".rstrip(" |").lstrip()


def rows(table: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in table.strip().splitlines()]
    pairs = [line.partition("=>") for line in lines if line and not line.startswith("#")]
    return [(phrase.strip(), account.strip()) for phrase, _, account in pairs]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"phrase", "expected"} <= set(metafunc.fixturenames):
        cases = rows(metafunc.module.TABLES[metafunc.function.__name__])
        metafunc.parametrize(("phrase", "expected"), cases, ids=[phrase for phrase, _ in cases])


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
