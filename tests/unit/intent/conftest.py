"""What every test of the phrases shares: the packaged vocabulary, the gazetteer, and a one-line account of an intent."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from discovery.config.mappings import load_mappings
from discovery.gazetteer import gazetteer
from discovery.intent import Intent, Lexicon, parse

FREQUENT = frozenset(
    "services atelier ateliers travail association jardin jardins centre nord loire emploi solidarite vert lyon bretagne"
    " rhone marseille paris nantes orange accueil services entreprise produits region".split()
)
"""Words that a real index holds often: common nouns, and the cities and regions that suppliers are named after."""

Understand = Callable[..., Intent]
Account = Callable[..., str]


@lru_cache(maxsize=1)
def packaged_lexicon() -> Lexicon:
    return Lexicon.from_vocabulary(load_mappings().vocabulary)


def understand_phrase(q: str, **options: Any) -> Intent:
    options.setdefault("frequent", FREQUENT.__contains__)
    return parse(q, lexicon=packaged_lexicon(), gazetteer=gazetteer(), **options)


def account_of(intent: Intent) -> str:
    """Words | places | km | kinds | other, as the tables of these tests write them. Sectors are tested apart."""

    def values(*types: str) -> str:
        return " ".join(piece.value for piece in intent.pieces if piece.type in types)

    places = [
        piece.label
        + (" focus" if piece.role == "focus" else "")
        + (" typo" if piece.corrected else "")
        for piece in intent.pieces
        if piece.type == "place"
    ]
    other = ["national" if p.type == "national" else p.value for p in intent.pieces if p.type in _OTHER]
    columns = (intent.text, ", ".join(places), values("radius"), values("kind"), " ".join(other))
    return " | ".join(columns).rstrip(" |")


_OTHER = ("national", "kind_group", "certification", "network", "service_type", "siret")


def rows(table: str) -> list[tuple[str, str]]:
    """Lines `phrase => account` of a table; blank lines and lines starting with # are for the reader."""
    lines = (line.strip() for line in table.splitlines())
    pairs = (line.split(" => ", 1) if " => " in line else (line.removesuffix(" =>"), "") for line in lines if line)
    return [(phrase.strip(), account.strip()) for phrase, account in pairs if not phrase.startswith("#")]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return packaged_lexicon()


@pytest.fixture(scope="session")
def understand() -> Understand:
    return understand_phrase


@pytest.fixture(scope="session")
def account() -> Account:
    def of(q: str, **options: Any) -> str:
        return account_of(understand_phrase(q, **options))

    return of
