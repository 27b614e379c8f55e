"""Words that say one trade: verbs and who does it, with the nouns of the vocabulary (poncer, ponceur → ponçage)."""

from __future__ import annotations

from collections.abc import Collection
from importlib import resources

from discovery.intent.lexer import stem

_NONE = "-"


def families_of(stems: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Stem of a word → stems that it may say, of those given, the likeliest first. Read from data/families.txt
    (made by scripts/build_words, where its form is told)."""
    text = resources.files("discovery.intent").joinpath("data", "families.txt").read_text(encoding="utf-8")
    endings: dict[str, list[str]] = {}
    found: dict[str, dict[str, None]] = {}
    for line in text.splitlines():
        if line.startswith("="):
            name, _, listed = line[1:].partition("|")
            endings[name] = ["" if ending == _NONE else ending for ending in listed.split(" ")]
            continue
        root, name, listed = line.split("|")
        nouns = {stem(noun): None for noun in listed.split(" ")}
        known = {noun: None for noun in nouns if noun in stems}
        if known:
            for word in {stem(root + ending) for ending in endings[name]}:
                found.setdefault(word, {}).update(known)
    return {
        word: tuple(other for other in others if other != word)
        for word, others in found.items()
        if len(others) > (word in others)
    }
