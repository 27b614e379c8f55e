"""Typos: from one dictionary (the index's own words, the vocabulary, the places), before any engine is asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import WordCounts
from discovery.gazetteer import Gazetteer, normalise
from discovery.intent.wordlist import known_word
from discovery.search.words import Corrector

MOST_NEAR = 20
"""Words of the index weighed for one typo, the most frequent."""

_LISTS = ("kind", "kind_group", "sector", "certification", "network", "service_type")


def vocabulary_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Every folded word of the vocabulary's names, both languages."""
    names = (name for list_ in _LISTS for term in vocabulary.terms(list_).values() for name in term.names())
    return _words(names)


def place_words(gazetteer: Gazetteer) -> frozenset[str]:
    """Every folded word of the names of communes, departments and regions."""
    departments = (one.name for one in gazetteer.departments())
    regions = (one.name for one in gazetteer.regions())
    return _words((*gazetteer.commune_names(), *departments, *regions))


def corrector(
    counts: WordCounts, vocabulary: frozenset[str], places: frozenset[str], spelled: frozenset[str] = frozenset()
) -> Corrector:
    """A word of French or English, of the vocabulary, of places, of the index or of `spelled` is never corrected. An
    unknown one becomes a word of the index one edit away (insertion, deletion, replacement, transposition), else the
    vocabulary's. Of several, one with the same first letter, which is seldom mistyped, then one of the vocabulary,
    then the most frequent."""

    def correct(word: str) -> str | None:
        if known_word(word) or word in vocabulary or word in places or word in spelled or counts.count(word):
            return None
        near = counts.near(word, MOST_NEAR)
        if near:
            return min(near, key=lambda one: (one[0][0] != word[0], one[0] not in vocabulary, -one[1], one[0]))[0]
        found = process.extractOne(word, _ordered(vocabulary), scorer=OSA.distance, score_cutoff=1)
        return str(found[0]) if found else None

    return correct


@lru_cache(maxsize=4)
def _ordered(words: frozenset[str]) -> tuple[str, ...]:
    """Of two words as near, always the same one is proposed."""
    return tuple(sorted(words))


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(normalise("\n".join(names).replace("\n", " ")).split())
