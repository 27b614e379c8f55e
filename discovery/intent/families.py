"""Words that say one trade: verbs and who does it, with the nouns of the vocabulary (poncer, ponceur → ponçage)."""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib import resources
from sys import intern

from discovery.intent.lexer import stem

_NONE = "-"
_BOOKISH = re.compile(r"(?:ai|as|a|mes|tes|rent|iez|s?se|s?ses|s?sent|s?siez|s?sions)$")
"""Endings of tenses that nobody asks in (simple past, imperfect of the subjunctive): not worth their memory."""
_WHO = re.compile(r"(?:eur|euse|rice|ier|iere|ien|ienne)s?$")
"""Endings of who does it. A verb is its act: "réaliser un site" asks for no réalisateur."""
_ACT = re.compile(r"(?:age|ment|tion|sion|ison|ure|erie)$")
"""Endings of nouns that name an act, whichever: nettoiement, nettoyage. Other nouns are things, which say no act:
"frais" is no fraisage, nor "référence" a référencement."""


def families_of(stems: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Folded word → the stems it may stand for, of those given, the likeliest first ("ponceur" → "poncage"). Read
    from data/families.txt (made by scripts/build_words, where its form is told).

    By the word itself, not by its stem: "frais" is no form of a verb, though without its s it would be one.
    """
    text = resources.files("discovery.intent").joinpath("data", "families.txt").read_text(encoding="utf-8")
    endings: dict[str, list[str]] = {}
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line.startswith("="):
            name, _, listed = line[1:].partition("|")
            endings[name] = ["" if one == _NONE else one for one in listed.split(" ") if not _BOOKISH.search(one)]
            continue
        root, name, listed = line.split("|")
        nouns = listed.split(" ")
        acts = dict.fromkeys(stem(noun) for noun in nouns if not _WHO.search(noun))
        known = tuple(intern(act) for act in acts if act in stems)
        if known:
            for ending in endings[name]:
                _tell(found, root + ending, known)
            for noun in filter(_ACT.search, nouns):
                _tell(found, noun, tuple(filter(_ACT.search, known)))
    return {word: others for word, others in found.items() if others}


def _tell(found: dict[str, tuple[str, ...]], word: str, acts: tuple[str, ...]) -> None:
    before = found.get(word, ())
    found[word] = (*before, *(act for act in acts if act not in before and act != stem(word)))
