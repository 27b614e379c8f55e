"""What searches share: facts of one generation of the index, and the phrases last read."""

from collections.abc import Callable, Hashable
from functools import cache, cached_property, lru_cache, partial
from typing import Any, TypeVar, cast
from weakref import ReferenceType, ref

import structlog

from discovery.engine.analysis import Analysis
from discovery.engine.port import EngineStatus, Need, Searcher, SearchRequest, TextQuery, WordCounts
from discovery.mappings import Problem as Fault
from discovery.mappings.codes import meaning_of
from discovery.mappings.crosswalk import Codes
from discovery.mappings.equivalences import Equivalences
from discovery.mappings.grammar import Grammar
from discovery.mappings.mappings import Mappings
from discovery.mappings.profiles import Profile
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, field, replace
from discovery.model.attributes import SPARSE
from discovery.phrase import Intent, Lexicon, parse
from discovery.phrase.spelling.words import KnownWords, known_words
from discovery.phrase.trades import Likely, Names, TradeReader, reader_of
from discovery.places import Gazetteer
from discovery.search import words
from discovery.search.interpret import ValuesHeld
from discovery.search.query import Query
from discovery.search.reasons import Terms
from discovery.trace import stage

T = TypeVar("T")

_log = structlog.get_logger(__name__)


MAX_TEXTS = 256
"""Texts whose words are kept with a profile's weights: a search's, and those of what is counted
beside it.
"""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The mappings in the analysis of one index.

    `rules`: the equivalences as written. `strict`: `words.strict` of a text and a profile,
    remembered. `generation`: of the index whose analysis this is, at least.
    """

    analysis: Analysis
    rules: Equivalences
    equivalents: words.Equivalents
    terms: Terms
    strict: Callable[[str, Profile], TextQuery | None]
    generation: str


def _equivalents(rules: Equivalences, analysis: Analysis) -> words.Equivalents:
    """Without the words that an older index can't read as one: searching without them is better
    than not.
    """
    problems: list[Fault] = []
    found = rules.compile(partial(analysis.terms, words.FRENCH), problems)
    if problems:
        _log.warning("equivalences_unusable", problems=[str(problem) for problem in problems])
    return found


MAX_FACTS = 512
"""Facts kept of one state: the sets of sectors that phrases name have no end."""


class Facts:
    """What was told of one state of something, such as a generation of the index, kept until it is
    another; shared by threads: each fact is replaced whole.
    """

    def __init__(self) -> None:
        self._held: tuple[Hashable, dict[Hashable, Any]] = (None, {})

    def of(self, state: Hashable, key: Hashable, make: Callable[[], T]) -> T:
        """A fact, made once for its state."""
        held, facts = self._held
        if held != state:
            self._held = _, facts = state, {}
        if key in facts:
            return cast(T, facts[key])
        fact = facts[key] = make()
        for oldest in list(facts)[:-MAX_FACTS]:
            facts.pop(oldest, None)
        return fact


class GenerationCache:
    """Shared by threads. `index`: the one that is asked where a fact is of another state; `status`:
    its own. All raise EngineUnavailable.
    """

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._vocabulary, self._gazetteer = vocabulary, gazetteer
        self._compiled: Compiled | None = None
        self._facts = Facts()

    def compiled(self, index: Searcher, status: EngineStatus, mappings: Mappings) -> Compiled:
        """The equivalences and readers of words in the index's own analysis; made again after a
        rebuild or a reload. The index is asked for its analysis once for each of its generations.
        Raises EngineUnavailable.
        """
        rules, before = mappings.equivalences, self._compiled
        if (
            before
            and before.rules is rules
            and status.ready
            and before.generation == status.generation
        ):
            return before
        analysis = index.analysis()
        if before and before.analysis is analysis and before.rules is rules:
            self._compiled = made = replace(before, generation=status.generation)
            return made
        if before and before.analysis is analysis:
            terms = before.terms
        else:
            terms = Terms.kept(
                mappings.vocabulary, partial(analysis.terms, words.FRENCH), analysis.mark
            )
        equivalents = _equivalents(rules, analysis)

        @lru_cache(MAX_TEXTS)
        def strict(text: str, profile: Profile) -> TextQuery | None:
            return words.strict(text, analysis, equivalents, profile)

        self._compiled = made = Compiled(
            analysis, rules, equivalents, terms, strict, status.generation
        )
        return made

    def meetable(self, index: Searcher, status: EngineStatus) -> ValuesHeld:
        """By checked filter, the values that some record of the index has. Raises
        EngineUnavailable.
        """

        def read() -> ValuesHeld:
            facets = index.search(SearchRequest(size=0, facets=SPARSE)).facets
            return {name: frozenset(facets.get(name, ())) for name in SPARSE}

        return self._facts.of(status.generation, (), read)

    def doers(self, index: Searcher, status: EngineStatus, sectors: tuple[str, ...]) -> int:
        """How many suppliers declare one of the sectors (slugs), or are known to do it. Raises
        EngineUnavailable.
        """

        def count() -> int:
            with stage("engine"):
                return index.counts([SearchRequest(needs=(Need(sectors),))])[0]

        return self._facts.of(status.generation, sectors, count)

    @cached_property
    def known_words(self) -> KnownWords:
        """Words of the vocabulary and of places, which are no typos."""
        return known_words(self._vocabulary, self._gazetteer)


CacheInfo = Any
"""What an `lru_cache` says of itself, `hits`, `misses` and `currsize`; its type is private."""

MAX_PHRASES = 256
"""Phrases whose readings are kept, some kilobytes each: 24 at most, as measured, of the longest
phrases.
"""


@dataclass(frozen=True, slots=True)
class IndexState:
    """What a reading depends on besides the phrase. `words`: the same for the same others; no key
    of a reading keeps a state of the index that is no longer served.
    """

    generation: str
    edition: int
    words: ReferenceType[WordCounts] = field(compare=False)


class PhraseReader:
    """Reads phrases with one vocabulary and one gazetteer, which stay; grammar, codes and trades
    are those that serve.

    Shared by threads.
    """

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        lexicon = Lexicon.from_vocabulary(vocabulary)

        @lru_cache(MAX_PHRASES)
        def read(
            grammar: Grammar,
            codes: Codes,
            trades: TradeReader,
            q: str,
            literal: tuple[str, ...],
            lang: str,
            centred: bool,
            often: int,
            state: IndexState,
        ) -> Intent:
            counts = cast(WordCounts, state.words())  # whoever asks holds them

            def classify(text: str, names: Names) -> Likely:
                with stage("classify"):
                    return trades.of(text, names)

            return parse(
                q,
                grammar=grammar,
                lexicon=lexicon,
                gazetteer=gazetteer,
                frequent=cache(lambda word: counts.count(word) >= often),
                literal=literal,
                lang=lang,
                centred=centred,
                meanings=lambda classification, code: meaning_of(
                    classification, code, codes, vocabulary
                ),
                trades=TradeReader(classify, trades.deciding),
            )

        self._read: Callable[..., Intent] = read
        self.seen: Callable[[], CacheInfo] = read.cache_info

    def of(
        self, query: Query, mappings: Mappings, often: int, generation: str, words: WordCounts
    ) -> Intent:
        """Read the query's phrase, or recall it. `often`: documents that hold a word said to be
        frequent, in the index's `generation`: a commit may make a word frequent, hence another
        reading. `words`: of that generation.
        """
        centred = bool(query.place or query.near.strip()) or query.lat is not None
        state = IndexState(generation, self._gazetteer.edition, ref(words))
        trades = reader_of(mappings.trades)
        of = mappings.grammar, mappings.codes, trades, query.q, query.literal, query.lang
        read = self._read(*of, False, often, state)
        return self._read(*of, True, often, state) if centred and read.lone_distance else read
