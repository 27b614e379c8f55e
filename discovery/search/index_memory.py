"""What is made once for each state of the index, or asked of it, and shared by all answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

import structlog

from discovery.config import Problem as Fault
from discovery.config.equivalences import Equivalences
from discovery.config.mappings import Mappings
from discovery.config.profiles import Profile
from discovery.config.vocabulary import Vocabulary
from discovery.engine.analysis import Analysis
from discovery.engine.port import EngineStatus, Need, Searcher, SearchRequest, TextQuery
from discovery.gazetteer import Gazetteer
from discovery.search import corrections, meetable, words
from discovery.search.why import Terms
from discovery.trace import stage

_log = structlog.get_logger(__name__)


REMEMBERED = 1_024
"""Texts whose words are kept with a profile's weights: a search's, and those of what is counted beside it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The mappings in the analysis of one index.

    `rules`: the equivalences as written. `strict`: `words.strict` of a text and a profile, remembered. `generation`:
    of the index whose analysis this is, at least.
    """

    analysis: Analysis
    rules: Equivalences
    equivalents: words.Equivalents
    terms: Terms
    strict: Callable[[str, Profile], TextQuery | None]
    generation: str


def compiled(index: Searcher, mappings: Mappings, status: EngineStatus, before: Compiled | None) -> Compiled:
    """`before` where it still holds, else made again (after a rebuild or a reload). The index is asked for its
    analysis once for each of its generations. Raises EngineUnavailable."""
    rules = mappings.equivalences
    if before and before.rules is rules and status.ready and before.generation == status.generation:
        return before
    analysis = index.analysis()
    if before is None or before.analysis is not analysis:
        terms = Terms.kept(mappings.vocabulary, partial(analysis.terms, words.FRENCH), analysis.mark)
    elif before.rules is rules:
        return replace(before, generation=status.generation)
    else:
        terms = before.terms
    equivalents = _equivalents(rules, analysis)

    @lru_cache(REMEMBERED)
    def strict(text: str, profile: Profile) -> TextQuery | None:
        return words.strict(text, analysis, equivalents, profile)

    return Compiled(analysis, rules, equivalents, terms, strict, status.generation)


def _equivalents(rules: Equivalences, analysis: Analysis) -> words.Equivalents:
    """Without the words that an older index can't read as one: searching without them is better than not."""
    problems: list[Fault] = []
    found = rules.compile(partial(analysis.terms, words.FRENCH), problems)
    if problems:
        _log.warning("equivalences_unusable", problems=[str(problem) for problem in problems])
    return found


class IndexMemory:
    """Shared by threads: each fact is replaced whole. `index`: the one that is asked where a fact is of another state;
    `status`: its own. All raise EngineUnavailable."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._vocabulary, self._gazetteer = vocabulary, gazetteer
        self._compiled: Compiled | None = None
        self._meetable: tuple[str, meetable.Held] | None = None
        self._doers: tuple[str, dict[tuple[str, ...], int]] = ("", {})

    def compiled(self, index: Searcher, status: EngineStatus, mappings: Mappings) -> Compiled:
        """The equivalences and readers of words in the index's own analysis; made again after a rebuild or a reload.
        Raises EngineUnavailable."""
        self._compiled = found = compiled(index, mappings, status, self._compiled)
        return found

    def meetable(self, index: Searcher, status: EngineStatus) -> meetable.Held:
        """By checked filter, the values that some record of the index has. Raises EngineUnavailable."""
        known = self._meetable
        if known is None or known[0] != status.generation:
            self._meetable = known = (status.generation, meetable.held(index))
        return known[1]

    def doers(self, index: Searcher, status: EngineStatus, sectors: tuple[str, ...]) -> int:
        """How many suppliers declare one of the sectors (slugs), or are known to do it. Raises EngineUnavailable."""
        generation, known = self._doers
        if generation != status.generation:
            self._doers = generation, known = status.generation, {}
        if sectors not in known:
            with stage("engine"):
                known[sectors] = index.counts([SearchRequest(needs=(Need(sectors),))])[0]
        return known[sectors]

    @cached_property
    def known_words(self) -> corrections.Known:
        """Words of the vocabulary and of places, which are no typos."""
        return corrections.known_words(self._vocabulary, self._gazetteer)
