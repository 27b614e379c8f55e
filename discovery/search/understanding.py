"""Phrases understood, kept for whoever asks the same again: the next page, a filter chosen, a map of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Protocol

from discovery.config.crosswalk import Codes
from discovery.config.grammar import Grammar
from discovery.config.mappings import Mappings
from discovery.config.vocabulary import Vocabulary
from discovery.crosswalk import meaning_of
from discovery.engine.port import WordCounts
from discovery.gazetteer import Gazetteer
from discovery.intent import Intent, Lexicon, parse
from discovery.search.parameters import Query
from discovery.trace import stage
from discovery.trades import Keeper, LazyClassifier, Verdict

REMEMBERED = 1_024
"""Phrases whose readings are kept, some kilobytes each: 24 at most, as measured, of the longest phrases."""


class Seen(Protocol):
    """What a cache says of itself, as `functools.lru_cache` does."""

    @property
    def hits(self) -> int: ...

    @property
    def misses(self) -> int: ...

    @property
    def currsize(self) -> int: ...


@dataclass(frozen=True, slots=True)
class State:
    """What a reading depends on besides the phrase: `words` are the same for the same others."""

    generation: str
    edition: int
    words: WordCounts = field(compare=False)


class Understanding:
    """Reads phrases with one vocabulary and one gazetteer, which stay; grammar, codes and trades are those that serve.

    Shared by threads."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer, trades: Keeper) -> None:
        self._gazetteer = gazetteer
        self._trades = trades
        lexicon = Lexicon.from_vocabulary(vocabulary)

        @lru_cache(REMEMBERED)
        def read(
            grammar: Grammar,
            codes: Codes,
            probable: LazyClassifier,
            q: str,
            literal: tuple[str, ...],
            lang: str,
            centred: bool,
            often: int,
            state: State,
        ) -> Intent:
            counts = state.words

            def classify(text: str) -> Verdict:
                with stage("classify"):
                    return probable.of(text)

            return parse(
                q,
                grammar=grammar,
                lexicon=lexicon,
                gazetteer=gazetteer,
                frequent=cache(lambda word: counts.count(word) >= often),
                literal=literal,
                lang=lang,
                centred=centred,
                meanings=lambda classification, code: meaning_of(classification, code, codes, vocabulary),
                classify=classify,
            )

        self._read: Callable[..., Intent] = read
        self.seen: Callable[[], Seen] = read.cache_info

    def of(self, query: Query, mappings: Mappings, often: int, generation: str, words: WordCounts) -> Intent:
        """Read the query's phrase, or recall it. `often`: documents that hold a word said to be frequent, in the
        index's `generation`: a commit may make a word frequent, hence another reading. `words`: of that
        generation."""
        centred = bool(query.place or query.near.strip()) or query.lat is not None
        state = State(generation, self._gazetteer.edition, words)
        probable = self._trades.of(mappings)
        return self._read(
            mappings.grammar, mappings.codes, probable, query.q, query.literal, query.lang, centred, often, state
        )
