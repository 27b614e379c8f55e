"""Verbs and who does it meet the trade's noun; words that merely look like a verb's form do not."""

from __future__ import annotations

import pytest

from discovery.config import load_mappings
from discovery.intent import Lexicon
from discovery.intent.families import families_of
from discovery.intent.lexer import stem


@pytest.fixture(scope="module")
def family() -> dict[str, tuple[str, ...]]:
    return dict(Lexicon.from_vocabulary(load_mappings().vocabulary).family)


@pytest.mark.parametrize(
    ("word", "act"),
    [
        ("poncer", "ponçage"), ("ponçons", "ponçage"), ("nettoie", "nettoyage"), ("nettoiement", "nettoyage"),
        ("livrer", "livraison"), ("réparer", "réparation"), ("plombier", "plomberie"), ("menuisiers", "menuiserie"),
        ("tondre", "tonte"), ("traduire", "traduction"), ("repasser", "repassage"), ("déménageons", "déménagement"),
    ],
)  # fmt: skip
def test_verbs_and_trades_people_say_the_act(family: dict[str, tuple[str, ...]], word: str, act: str) -> None:
    assert stem(_folded(act)) in family[_folded(word)]


@pytest.mark.parametrize(
    "word", ["par", "frais", "marques", "coût", "référence", "réalisation", "candidature", "vin", "tente", "site"]
)
def test_a_thing_or_a_tie_says_no_act(family: dict[str, tuple[str, ...]], word: str) -> None:
    assert _folded(word) not in family


def test_only_acts_of_the_vocabulary_are_said() -> None:
    assert families_of({"poncage"})["poncer"] == ("poncage",)
    assert families_of({"ponceur"}).get("poncer") is None
    assert families_of(()) == {}


def _folded(word: str) -> str:
    return word.translate(str.maketrans("éèêçôûâ", "eeecoua"))
