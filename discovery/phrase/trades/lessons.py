"""What the classifier learns from: texts with the trades that they are known to name, always in one order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from discovery.mappings.codes.cpv import cpv_codes
from discovery.mappings.crosswalk import CPV_DIGITS, SHORTEST_CPV, Meaning
from discovery.mappings.mappings import Mappings
from discovery.mappings.trades import Learning, Trades
from discovery.phrase.trades.features import names

NONE = "none:"
"""How classes that are no trade begin. There are many: all that is not done here has no words in common."""
_NONE_DIGITS = 3
_RELATED = 0.5


class Lesson(NamedTuple):
    """A text to learn from.

    `counts`: feature → how much of it; `classes`: sector, group or `none:` class → its part, together 1.
    """

    counts: Mapping[str, float]
    classes: Mapping[str, float]


def lessons(mappings: Mappings, trades: Trades, terms: Callable[[str], list[str]]) -> Iterator[Lesson]:
    """Texts to learn from, with their trades. `terms`: a text → its terms in the index's analysis."""
    learning = trades.learning
    silent = frozenset(term for word in trades.silent for term in terms(word))

    def counted(text: str, weight: float) -> dict[str, float]:
        return {name: weight * (learning.pairs if " " in name else 1) for name in names(terms(text), silent)}

    vocabulary = mappings.vocabulary
    for term in (*vocabulary.sectors.values(), *vocabulary.sector_groups.values()):
        for name in term.names():
            yield Lesson(counted(name, learning.names), {term.value: 1})
    for naf in vocabulary.naf.values():
        for label in naf.names():
            yield Lesson(counted(label, learning.registered), _parts(naf.sectors, ()))
    for words in sorted(mappings.grammar.outside.all):
        yield Lesson(counted(" ".join(words), learning.names), {f"{NONE}outside": 1})
    for place, example in enumerate(trades.examples):
        classes = _parts(example.sectors, ()) if example.sectors else {f"{NONE}example {place}": 1.0}
        for text in example.texts:
            yield Lesson(counted(text, learning.examples), classes)
    yield from _coded(mappings, learning, lambda text: names(terms(text), silent))


def _coded(mappings: Mappings, learning: Learning, read: Callable[[str], list[str]]) -> Iterator[Lesson]:
    """Labels of CPV codes, each with the words of the codes above it."""
    own = {
        code: dict.fromkeys(name for label in labels for name in read(label)) for code, labels in cpv_codes().items()
    }
    for code in own:
        meaning = mappings.codes.meaning("cpv", code, mappings.vocabulary)
        if meaning is None:
            continue
        counts: dict[str, float] = {}
        weight = 1.0
        for one in (code, *_above(code, own)):
            for name in own[one]:
                counts.setdefault(name, weight * (learning.pairs if " " in name else 1))
            weight *= learning.inherited
        yield Lesson(counts, _classes(code, meaning))


def _above(code: str, known: Collection[str]) -> Iterator[str]:
    """The codes that hold one, the nearest first."""
    for length in range(len(code.rstrip("0")) - 1, SHORTEST_CPV - 1, -1):
        above = code[:length].ljust(CPV_DIGITS, "0")
        if above != code and above in known:
            yield above


def _classes(code: str, meaning: Meaning) -> Mapping[str, float]:
    if meaning.none:
        return {f"{NONE}{code[:_NONE_DIGITS]}": 1}
    return _parts(meaning.sectors, meaning.related)


def _parts(sectors: Collection[str], related: Collection[str]) -> dict[str, float]:
    weights = {**dict.fromkeys(sorted(related), _RELATED), **dict.fromkeys(sorted(sectors), 1.0)}
    whole = sum(weights.values())
    return {slug: weight / whole for slug, weight in weights.items()}
