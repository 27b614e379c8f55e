"""What the trade reader learns from: texts with the trades that they are known to name, always in
one order. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from discovery.mappings.codes import cpv_codes
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.mappings import Mappings
from tools.judge.tendered import Title
from tools.learn.notices import invented

INVENTED = Path(__file__).with_name("titles.tsv")
"""Titles written for this: a line each, its sectors or groups (with commas; "-" = none of them), a
tab, the title.
"""
_RELATED, _WITH_NOTICE = 0.5, 1 / 3


class Lesson(NamedTuple):
    """A text to learn from. `sectors`: sector or group → its part, together 1; nothing for no
    inclusive trade.
    """

    text: str
    sectors: Mapping[str, float]
    weight: float


def lessons(mappings: Mappings) -> Iterator[Lesson]:
    """Names of the vocabulary and of what is outside, examples, labels of codes, invented titles,
    and lots of notices, alone and with the titles of these.
    """
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
    for lot, told in chain.from_iterable(notice.split(mappings) for notice in invented()):
        asked = dict.fromkeys(slugs[0] for slugs in told["trades"] if slugs)
        yield Lesson(lot.title, _parts(asked), weigh.lots)
        if lot.whole and lot.whole.title:
            yield Lesson(
                f"{lot.title} – {lot.whole.title}", _parts(asked), weigh.lots * _WITH_NOTICE
            )


def of_titles(titles: Iterable[Title], mappings: Mappings) -> Iterator[Lesson]:
    """Titles with what their codes mean."""
    return (
        Lesson(one.text, of_code(one.meaning), mappings.trades.learning.titles) for one in titles
    )


def of_code(meaning: Meaning) -> Mapping[str, float]:
    """The parts of a code's sectors, related ones half as sure."""
    return _parts(meaning.sectors, meaning.related)


def _parts(sectors: Iterable[str], related: Iterable[str] = ()) -> Mapping[str, float]:
    weights = {**dict.fromkeys(related, _RELATED), **dict.fromkeys(sectors, 1.0)}
    whole = sum(weights.values())
    return {slug: weight / whole for slug, weight in weights.items()}
