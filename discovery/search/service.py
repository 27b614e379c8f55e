"""The one use case: a query in, an answer out. Everything but the calls to the engine is pure functions."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial

from discovery.config.mappings import Mappings
from discovery.config.profiles import Profile
from discovery.config.tuning import DEFAULT_PROFILE
from discovery.engine.port import Document, Filters, SearchEngine, SearchPage, SearchRequest
from discovery.facets import Names, present
from discovery.gazetteer import Gazetteer
from discovery.intent import Intent
from discovery.search import corrections, outside, plan, words
from discovery.search.answer import Answer, Plan
from discovery.search.compiled import Compiled, compiled
from discovery.search.cursor import WALKED, Cursor, mark
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.search.parameters import Query, check, composed
from discovery.search.problems import InvalidQuery, Problem, text
from discovery.search.reading import read, sectors_of
from discovery.search.understanding import Understanding
from discovery.search.ways_out import Counting
from discovery.search.where import resolve
from discovery.search.why import Reasons
from discovery.trace import stage

UNHEARD_OF = "zzqqx"
"""In no index, no list and no place: only a dictionary of corrections tells."""


def _today() -> date:
    return datetime.now(UTC).date()


Found = tuple[SearchPage, SearchRequest, words.Relaxed | None]


class SearchService:
    """Shared by threads: after construction it holds nothing that changes but what was compiled of the mappings, and
    phrases as understood.

    `live` gives the mappings that serve now: those given, with other profiles, equivalences or spelled words at most.
    `scope`: what is open; nothing else is ever found, counted or proposed.
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
    ) -> None:
        self.engine = engine
        self.scope = scope
        self.gazetteer = gazetteer
        self._today = today
        self._live = live or (lambda: mappings)
        self.understanding = Understanding(engine, mappings.vocabulary, gazetteer)
        self._names = Names(mappings.vocabulary, gazetteer, lambda code, lang: text(code, lang=lang))
        self._compiled: Compiled | None = None

    @property
    def mappings(self) -> Mappings:
        """Those that serve now; one use keeps the same from its start to its end."""
        return self._live()

    def with_profile(self, profile: Profile) -> SearchService:
        """The same search, which also knows this profile: a trial, of which the service itself learns nothing."""
        mappings = self.mappings
        tried = replace(mappings, profiles={**mappings.profiles, profile.name: profile})
        found = copy.copy(self)
        found._live = lambda: tried
        return found

    def get(self, id_or_slug: str) -> Document | None:
        """The engine's document, a delisted one's stub too; None when it is unknown or not open."""
        document = self.engine.get(id_or_slug)
        return document if document and (not document["live"] or self.scope.holds(document)) else None

    def everywhere(self) -> SearchService:
        """The same search of all that the index holds: to measure the ranking, not to answer people."""
        found = copy.copy(self)
        found.scope = EVERYTHING
        return found

    def understand(self, query: Query) -> Intent:
        """The phrase's pieces and remaining words; with `interpret` false all of it is words."""
        query = composed(query)
        if not query.interpret:
            return Intent(query.q, query.q, (), ((0, len(query.q), "text"),) if query.q else ())
        with stage("parse"):
            status = self.engine.status()
            return self.understanding.of(
                query, self.mappings.grammar, self._often(query, status.documents), status.generation
            )

    def _often(self, query: Query, documents: int) -> int:
        """Documents that hold a word said to be frequent in the index."""
        mappings = self.mappings
        profile = mappings.profiles.get(query.profile or DEFAULT_PROFILE) or mappings.profile()
        return profile.frequent.documents(documents)

    def plan(self, query: Query, intent: Intent | None = None) -> Plan:
        """The query understood, resolved and checked. InvalidQuery names everything wrong, at once."""
        with stage("plan"):
            return self._planned(query, intent)

    def _planned(self, query: Query, intent: Intent | None) -> Plan:
        query, mappings = composed(query), self.mappings
        query, problems = check(query, mappings.vocabulary, self.gazetteer, mappings.profiles, self.scope)
        if any(problem.parameter == "q" for problem in problems):  # too long to be read
            raise InvalidQuery(tuple(problems))
        intent = intent or self.understand(query)
        reading = read(query, intent, mappings.vocabulary, self.gazetteer)
        if self.scope:
            beyond = outside.notices(self.scope, reading, mappings.vocabulary, self.gazetteer, query.lang)
            reading = replace(reading, notices=(*beyond, *reading.notices))
        where = resolve(reading.asked, self.gazetteer, query.lang)
        problems += [*reading.problems, *where.problems]
        if query.sort == "distance" and where.centre is None and not reading.problems:
            problems.append(Problem("sort", query.sort, "sort_needs_centre"))
        if problems:
            raise InvalidQuery(tuple(problems))
        profile = mappings.profile(query.profile or DEFAULT_PROFILE).without(query.without)
        asked = self._current().strict(reading.text, profile)
        request = plan.request(query, reading, where, asked, profile, self._today(), self.scope.filters)
        return Plan(query, intent, reading, where, profile, request)

    def request(self, query: Query) -> SearchRequest:
        """What `search` would ask of the engine."""
        return self.settled(query).request

    def settled(self, query: Query) -> Plan:
        """The plan with the request that `search` would make in the end, leniently or not: for the map, an export."""
        made = self.plan(query)
        relaxed = self._relaxed(made, partial(self._total, made.request))
        return replace(made, request=self._leniently(made, relaxed)) if relaxed else made

    def search(self, query: Query, *, strict: bool = False) -> Answer:
        """InvalidQuery, or EngineUnavailable from the engine. `strict`: only who matches the words as they are read,
        however few, and nothing proposed besides: for who follows a search."""
        started = time.perf_counter()
        made = self.plan(query)
        page, request, relaxed = self._walked(made) if query.cursor else self._found(made, strict)
        page, after = _next(made.query, request, page, relaxed)
        offers, ways_out = ((), ()) if strict else self._counting().counted(made, request, page)
        query = made.query
        with stage("facets"):
            facets = present(page.facets, request, self._names, query.lang)
        return Answer(
            query=query,
            intent=made.intent,
            pieces=made.reading.pieces,
            where=made.where,
            request=request,
            page=page,
            facets=facets,
            offers=offers,
            suggestions=ways_out,
            notices=made.notices,
            relaxed=relaxed,
            did_you_mean=words.replace_words(query.q, relaxed.corrections) if relaxed and relaxed.corrections else None,
            profile=made.profile.name,
            status=self.engine.status(),
            took_ms=(time.perf_counter() - started) * 1000,
            next=after,
        )

    def _found(self, made: Plan, strict: bool) -> Found:
        page = self._asked(made.request)
        relaxed = None if strict else self._relaxed(made, lambda: page.total)
        if relaxed is None:
            return page, made.request, None
        request = self._leniently(made, relaxed)
        return self._asked(request), request, relaxed

    def _asked(self, request: SearchRequest) -> SearchPage:
        with stage("engine"):
            return self.engine.search(request)

    def _walked(self, made: Plan) -> Found:
        """The page behind the cursor, one hit longer than asked for: whether there is more shows in it."""
        cursor = made.query.cursor
        assert cursor is not None
        relaxed = self._lenient(made) if cursor.relaxed else None
        request = made.request if relaxed is None else self._leniently(made, relaxed)
        if mark(made.query, request.text) != cursor.mark:
            raise InvalidQuery((Problem("cursor", "", "cursor_of_another"),))
        longer = replace(request, after=cursor.position, size=request.size + 1)
        return self._asked(longer), request, relaxed

    def _leniently(self, made: Plan, relaxed: words.Relaxed) -> SearchRequest:
        """The request for the lenient words. Sectors named once typos are mended rank as if they had been typed."""
        if not relaxed.corrections:
            return replace(made.request, text=relaxed.query)
        meant = self.understand(replace(made.query, q=words.replace_words(made.query.q, relaxed.corrections)))
        sectors = dict.fromkeys((*made.reading.sectors, *sectors_of(meant)))
        reading = replace(made.reading, text=relaxed.text, sectors=tuple(sectors))
        today, scope = self._today(), self.scope.filters
        return plan.request(made.query, reading, made.where, relaxed.query, made.profile, today, scope)

    def why(self, answer: Answer) -> Reasons:
        """Tells why a hit is in an answer, in the answer's language."""
        sectors = [piece.value for piece in answer.pieces if piece.type == "sector"]
        vocabulary, lang, terms = self.mappings.vocabulary, answer.query.lang, self._current().terms
        return Reasons(answer.request, answer.where, vocabulary, self.gazetteer, lang, sectors, terms)

    def _current(self) -> Compiled:
        """What is made of the mappings with the index's own analysis; made again after a rebuild or a reload."""
        self._compiled = found = compiled(self.mappings, self.engine.analysis(), self._compiled)
        return found

    def _total(self, request: SearchRequest) -> int:
        with stage("engine"):
            return self.engine.counts([request])[0]

    def _relaxed(self, made: Plan, total: Callable[[], int]) -> words.Relaxed | None:
        """The lenient reading, when the words alone find too little: never because filters or pages left little."""
        asked, profile = made.request.text, made.profile
        if asked is None or total() >= profile.relax_below:
            return None
        alone = SearchRequest(text=asked, scope=self.scope.filters)
        if _restricted(made.request, alone.scope) and self._total(alone) >= profile.relax_below:
            return None
        return self._lenient(made)

    def _lenient(self, made: Plan) -> words.Relaxed | None:
        asked = made.request.text
        if asked is None:
            return None
        current = self._current()
        correct = corrections.corrector(self.engine.words(), *self._known_words, self.mappings.spelled)
        return words.lenient(made.reading.text, asked, current.analysis, current.equivalents, made.profile, correct)

    def learn_spellings(self) -> None:
        """Make now what the first typo would wait for: the dictionaries of corrections. EngineUnavailable."""
        corrections.corrector(self.engine.words(), *self._known_words)(UNHEARD_OF)

    def _counting(self) -> Counting:
        return Counting(self.engine, self.mappings.vocabulary, self.gazetteer, self.plan)

    @cached_property
    def _known_words(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words of the vocabulary and of places; a tenth of a second to make."""
        return corrections.vocabulary_words(self.mappings.vocabulary), corrections.place_words(self.gazetteer)


def _next(
    query: Query, request: SearchRequest, page: SearchPage, relaxed: words.Relaxed | None
) -> tuple[SearchPage, Cursor | None]:
    """The page as asked for, and where a walk goes on behind it."""
    hits = page.hits[: query.per_page]
    more = len(page.hits) > query.per_page if query.cursor else query.page * query.per_page < page.total
    position = hits[-1].position if hits and more and query.sort in WALKED else None
    if position is None:
        return replace(page, hits=hits), None
    return replace(page, hits=hits), Cursor(position, relaxed is not None, mark(query, request.text))


def _restricted(request: SearchRequest, scope: tuple[Filters, ...]) -> bool:
    """Whether anything but its words, and the scope of the whole service, narrows a request."""
    filtered = request.filters != Filters() or request.scope != scope
    return filtered or bool(request.targets) or request.box is not None or request.national.value == "only"
