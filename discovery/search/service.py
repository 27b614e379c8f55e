"""The one use case: a query in, an answer out. Everything but the calls to the engine is pure functions."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from discovery.config.mappings import Mappings
from discovery.config.profiles import Profile
from discovery.engine.definition import define
from discovery.engine.port import Document, SearchEngine, Searcher, SearchPage, SearchRequest
from discovery.facets import Names, present
from discovery.gazetteer import Gazetteer
from discovery.intent import Intent
from discovery.search import words
from discovery.search.answer import Answer, Plan
from discovery.search.caches import GenerationCache, PhraseReader
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.search.plan import Planner
from discovery.search.query import WALKED, Cursor, InvalidQuery, Problem, Query, mark_of
from discovery.search.reasons import Reasons
from discovery.search.relax import RelaxationPolicy, nearby
from discovery.search.resolve_supplier import resolve_supplier
from discovery.search.suggestions import SuggestionCounter, Suggestions
from discovery.spelling.words import corrector
from discovery.trace import stage
from discovery.trades import ClassifierCache

PRIMER_WORD = "zzqqx"
"""A word that exists nowhere: looking it up loads the spelling dictionaries."""


def _today() -> date:
    return datetime.now(UTC).date()


class SearchService:
    """Shared by threads: after construction it holds nothing that changes but what it remembers of the index, and
    phrases as understood.

    `live` gives the mappings that serve now: those given, with other profiles, equivalences or spelled words at most.
    `scope`: what is open; nothing else is ever found, counted or proposed. `trades`: keeps the trade classifier.
    """

    def __init__(
        self,
        engine: SearchEngine,
        mappings: Mappings,
        gazetteer: Gazetteer,
        *,
        today: Callable[[], date] = _today,
        live: Callable[[], Mappings] | None = None,
        scope: LaunchScope = EVERYTHING,
        trades: ClassifierCache | None = None,
    ) -> None:
        self.engine = engine
        self.index: Searcher = engine
        """What is asked: the engine as it is at each call, until one state of it is taken (`at_once`)."""
        self._words = cache(engine.words)
        self.scope = scope
        self.gazetteer = gazetteer
        self._today = today
        self._live = live or (lambda: mappings)
        self.trades = trades or ClassifierCache(lambda: define(mappings))
        self.understanding = PhraseReader(mappings.vocabulary, gazetteer, self.trades)
        self._names = Names(mappings.vocabulary, gazetteer)
        self._memory = GenerationCache(mappings.vocabulary, gazetteer)

    @property
    def mappings(self) -> Mappings:
        """The mappings that serve now. Read it once for one use: a reload may change it in between."""
        return self._live()

    def with_profile(self, profile: Profile) -> SearchService:
        """A copy of the service that also knows this profile: for a trial, of which the service itself learns
        nothing."""
        mappings = self.mappings
        tried = replace(mappings, profiles={**mappings.profiles, profile.name: profile})
        found = copy.copy(self)
        found._live = lambda: tried
        return found

    def get(self, id_or_slug: str) -> Document | None:
        """The document of an id, a slug or a former one: of a merged supplier what it became, of a delisted one its
        stub. None when it is unknown or not open. Raises EngineUnavailable."""
        document = resolve_supplier(self.index.get, id_or_slug)
        return document if document and (not document["live"] or self.scope.holds(document)) else None

    def on(self, index: Searcher) -> SearchService:
        """A copy of the service that asks this one state of the index."""
        found = copy.copy(self)
        found.index, found._words = index, cache(index.words)
        return found

    @contextmanager
    def at_once(self) -> Iterator[SearchService]:
        """A copy of the service for a `with`: all that it is asked within is answered of one state of the index."""
        with self.engine.searcher() as index:
            yield self.on(index)

    def everywhere(self) -> SearchService:
        """A copy of the service without a launch scope: to measure the ranking, not to answer people."""
        found = copy.copy(self)
        found.scope = EVERYTHING
        return found

    def understand(self, query: Query) -> Intent:
        """Read the phrase into pieces and remaining words; with `interpret` false all of it is words. Raises
        EngineUnavailable."""
        return self._planner().understand(query)

    def plan(self, query: Query) -> Plan:
        """The query understood, resolved and checked; not yet settled (`settled`). Raises InvalidQuery with
        everything wrong at once, EngineUnavailable."""
        with stage("plan"):
            return self._planner().plan(query)

    def request(self, query: Query) -> SearchRequest:
        """The request that `search` would send to the engine. Raises InvalidQuery, EngineUnavailable."""
        return self.settled(query).request

    def settled(self, query: Query, *, strict: bool = False) -> Plan:
        """The plan that `search` would follow in the end, leniently or not, in the circle that it would choose: for
        the map, an export, an alert. Raises InvalidQuery, EngineUnavailable."""
        planner = self._planner()
        with stage("plan"):
            made = planner.plan(query)
        return self._settling(planner).relaxed_if_needed(made, strict=strict)

    def totals(self, settled: Sequence[Plan]) -> list[int]:
        """How many suppliers each plan finds, in one call to the engine. Raises EngineUnavailable."""
        return self._counts([one.request for one in settled])

    def search(self, query: Query, *, strict: bool = False, proposing: bool = True) -> Answer:
        """Answer a query: the one use case. Raises InvalidQuery, EngineUnavailable.

        `strict`: only who matches the words as they are read, however few, and nothing proposed besides (for
        alerts). Not `proposing`: no filters to add and no ways out, which cost a count.
        """
        started = time.perf_counter()
        planner = self._planner()
        with stage("plan"):
            made = planner.plan(query)
        with stage("settle"):
            made = (
                self._walked(made, planner)
                if query.cursor
                else self._settling(planner).relaxed_if_needed(made, strict=strict)
            )
        page, after = _next(made, self._found(made))
        with stage("propose"):
            found = Suggestions() if strict else self._counting(planner).counted(made, page, proposing=proposing)
        nearest = None
        if not strict and not page.total and (elsewhere := nearby(made, self.gazetteer, planner.mappings.near)):
            with stage("engine"):
                nearest = replace(elsewhere, hits=self.index.search(elsewhere.request).hits)
        corrections = made.relaxed.corrections if made.relaxed else None
        with stage("facets"):
            facets = present(page.facets, made.request, self._names, made.query.lang)
        return Answer(
            plan=made,
            page=page,
            facets=facets,
            offers=found.offers,
            suggestions=found.suggestions,
            did_you_mean=words.replace_words(made.query.q, corrections) if corrections else None,
            status=planner.status,
            terms=planner.compiled.terms,
            analysis=planner.compiled.analysis,
            took_ms=(time.perf_counter() - started) * 1000,
            needs=found.needs,
            nearby=nearest if nearest and nearest.hits else None,
            next=after,
        )

    def why(self, answer: Answer) -> Reasons:
        """What tells why a hit is in an answer, in the answer's language."""
        sectors = [*(piece.value for piece in answer.plan.reading.pieces if piece.type == "sector")]
        sectors += [slug for need in answer.plan.request.needs for slug in need.sectors]
        vocabulary, lang = self.mappings.vocabulary, answer.plan.query.lang
        return Reasons(answer.plan.request, answer.plan.where, vocabulary, self.gazetteer, lang, sectors, answer.terms)

    def learn_spellings(self) -> None:
        """Load the dictionaries of corrections now; else the first typo waits for them. Raises EngineUnavailable."""
        corrector(self._words(), self._memory.known_words)(PRIMER_WORD)

    def _planner(self) -> Planner:
        """For one answer: it looks at the index once."""
        return Planner(
            self.index,
            self.index.status(),
            self._words,
            self._memory,
            self.understanding,
            self.mappings,
            self.gazetteer,
            self.scope,
            self._today(),
        )

    def _settling(self, planner: Planner) -> RelaxationPolicy:
        near = planner.mappings.near
        return RelaxationPolicy(
            self._counts, planner.lenient, planner.mended, planner.placed, near, self.gazetteer, self.scope.filters
        )

    def _counting(self, planner: Planner) -> SuggestionCounter:
        vocabulary, near = planner.mappings.vocabulary, planner.mappings.near
        return SuggestionCounter(self._counts, vocabulary, self.gazetteer, near, planner.plan)

    def _counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        with stage("engine"):
            return self.index.counts(requests)

    def _found(self, made: Plan) -> SearchPage:
        """The page; of a walk, what is behind the cursor, one hit longer than asked for: whether there is more shows in
        it."""
        request, cursor = made.request, made.query.cursor
        if cursor:
            request = replace(request, after=cursor.position, size=request.size + 1)
        elif request.offset + request.size > made.reach:
            request = replace(request, size=max(made.reach - request.offset, 0))
        with stage("engine"):
            return self.index.search(request)

    def _walked(self, made: Plan, planner: Planner) -> Plan:
        """The plan as the walk began, however many the strict words find by now."""
        cursor = made.query.cursor
        assert cursor is not None
        made = (planner.lenient(made) if cursor.relaxed else None) or made
        if mark_of(made.query, made.request.text) != cursor.mark:
            raise InvalidQuery((Problem("cursor", "", "cursor_of_another"),))
        return made


def _next(made: Plan, page: SearchPage) -> tuple[SearchPage, Cursor | None]:
    """The page as asked for, and where a walk goes on behind it."""
    query = made.pinned
    hits = page.hits[: query.per_page]
    more = len(page.hits) > query.per_page if query.cursor else query.page * query.per_page < page.total
    position = hits[-1].position if hits and more and query.sort in WALKED else None
    if position is None:
        return replace(page, hits=hits), None
    return replace(page, hits=hits), Cursor(position, made.relaxed is not None, mark_of(query, made.request.text))
