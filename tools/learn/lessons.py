"""What the trade reader learns from: texts with the trades that they are known to name, always in one order. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from discovery.mappings.codes import cpv_codes
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.mappings import Mappings
from tools.judge.tendered import Title

INVENTED = Path(__file__).with_name("titles.tsv")
"""Titles written for this: a line each, its sectors or groups (with commas; "-" = none of them), a tab, the title."""
_RELATED = 0.5


class Lesson(NamedTuple):
    """A text to learn from. `sectors`: sector or group → its part, together 1; nothing for no inclusive trade."""

    text: str
    sectors: Mapping[str, float]
    weight: float


def lessons(mappings: Mappings, titles: Iterable[Title] = ()) -> Iterator[Lesson]:
    """Names of the vocabulary and of what is outside, examples, labels of codes, and titles with their codes."""
    vocabulary, trades = mappings.vocabulary, mappings.trades
    weigh = trades.learning
    for term in chain(vocabulary.sectors.values(), vocabulary.sector_groups.values()):
        for name in term.names():
            yield Lesson(name, {term.value: 1.0}, weigh.names)
    for naf in vocabulary.naf.values():
        for label in naf.names():
            yield Lesson(label, _parts(naf.sectors), weigh.registered)
    for words in sorted(mappings.grammar.outside.all):
        yield Lesson(" ".join(words), {}, weigh.registered)
    for example in trades.examples:
        for text in example.texts:
            yield Lesson(text, _parts(example.sectors), weigh.examples)
    for code, labels in cpv_codes().items():
        meaning = mappings.codes.meaning("cpv", code, vocabulary)
        if meaning is not None:
            for label in labels:
                yield Lesson(label, of_code(meaning), weigh.codes)
    for line in INVENTED.read_text(encoding="utf-8").splitlines():
        sectors, text = line.split("\t")
        yield Lesson(text, _parts(() if sectors == "-" else sectors.split(",")), weigh.invented)
    for title in titles:
        yield Lesson(title.text, of_code(title.meaning), weigh.titles)


def of_code(meaning: Meaning) -> Mapping[str, float]:
    """The parts of a code's sectors, related ones half as sure."""
    return _parts(meaning.sectors, meaning.related)


def _parts(sectors: Iterable[str], related: Iterable[str] = ()) -> Mapping[str, float]:
    weights = {**dict.fromkeys(related, _RELATED), **dict.fromkeys(sectors, 1.0)}
    whole = sum(weights.values())
    return {slug: weight / whole for slug, weight in weights.items()}
