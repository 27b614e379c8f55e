"""Phrases to try: written ones, or, where not everything is open, made of what is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle, islice

from discovery.config.vocabulary import Vocabulary
from discovery.gazetteer import Gazetteer
from discovery.search.launch import LaunchScope

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "fr": (
        "nettoyage à 30 km de Lyon, ESAT ou EI",
        "entreprise adaptée espaces verts Nantes",
        "traiteur dans le Rhône",
        "menuiserie toute la France",
        "mise sous pli près de Lille",
    ),
    "en": (
        "cleaning within 30 km of Lyon, ESAT or EI",
        "gardening in Nantes",
        "catering in Rhône",
        "carpentry all of France",
        "laundry near Marseille",
    ),
}
MADE = 3
"""Phrases made of a launch scope."""
KINDS = ("ESAT", "EI", "EA")


def phrases(scope: LaunchScope, vocabulary: Vocabulary, gazetteer: Gazetteer, lang: str) -> tuple[str, ...]:
    if not scope:
        return EXAMPLES[lang]
    terms = vocabulary.terms("sector")
    trades = [_within_a_phrase(terms[slug].label(lang)) for slug in scope.named.get("sector", ())]
    places = list(_places(scope, gazetteer, lang))
    pairs = zip(cycle(trades or KINDS), cycle(places or KINDS), strict=False)
    return tuple(dict.fromkeys(" ".join(pair) for pair in islice(pairs, MADE)))


def _places(scope: LaunchScope, gazetteer: Gazetteer, lang: str) -> Iterator[str]:
    for name in ("region", "department"):
        yield from (gazetteer.label(f"{name}:{code}", lang).partition(" (")[0] for code in scope.named.get(name, ()))


def _within_a_phrase(label: str) -> str:
    """In small letters, but for words that are all capitals."""
    return " ".join(word if word.isupper() else word.lower() for word in label.split())
