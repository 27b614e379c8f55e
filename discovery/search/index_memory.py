"""What is made once for each state of the index, or asked of it, and shared by all answers."""

from __future__ import annotations

from functools import cached_property

from discovery.config.mappings import Mappings
from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import EngineStatus, Need, Searcher, SearchRequest
from discovery.gazetteer import Gazetteer
from discovery.search import corrections, meetable
from discovery.search.compiled import Compiled, compiled
from discovery.trace import stage


class IndexMemory:
    """Shared by threads: each fact is replaced whole. `index`: the one that is asked where a fact is of another state;
    `status`: its own. All raise EngineUnavailable."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._vocabulary, self._gazetteer = vocabulary, gazetteer
        self._compiled: Compiled | None = None
        self._meetable: tuple[str, meetable.Held] | None = None
        self._doers: tuple[str, dict[tuple[str, ...], int]] = ("", {})

    def compiled(self, index: Searcher, status: EngineStatus, mappings: Mappings) -> Compiled:
        """The mappings in the index's own analysis; made again after a rebuild or a reload."""
        self._compiled = found = compiled(index, mappings, status, self._compiled)
        return found

    def meetable(self, index: Searcher, status: EngineStatus) -> meetable.Held:
        """The values of some filters that the index can meet."""
        known = self._meetable
        if known is None or known[0] != status.generation:
            self._meetable = known = (status.generation, meetable.held(index))
        return known[1]

    def doers(self, index: Searcher, status: EngineStatus, sectors: tuple[str, ...]) -> int:
        """How many suppliers declare one of the sectors, or are known to do it."""
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
