"""The one use case: a query in, an answer out (`SearchService.search`). But for the engine's calls,
pure functions.
"""

import copy
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice

from discovery.engine.port import (
    Coverage,
    Document,
    Hit,
    MatchedBy,
    SearchEngine,
    Searcher,
    SearchPage,
    SearchRequest,
)
from discovery.mappings.mappings import Mappings
from discovery.model import replace
from discovery.phrase import Intent
from discovery.phrase.spelling.words import corrector
from discovery.places import Gazetteer
from discovery.search.answer import Answer, Names, Nearby, Plan, UnknownTrades, present
from discovery.search.caches import GenerationCache, PhraseReader
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.search.plan import Planner
from discovery.search.query import (
    MAX_PER_PAGE,
    WALKED,
    Cursor,
    InvalidQuery,
    Problem,
    Query,
    mark_of,
)
from discovery.search.reasons import Reasons
from discovery.search.relax import (
    RelaxationPolicy,
    nearby,
    neighbours,
    of_unknown_trades,
    untold_at_the_place,
)
from discovery.search.suggestions import SuggestionCounter, Suggestions
from discovery.trace import stage

PRIMER_WORD = "zzqqx"
"""A word that exists nowhere: looking it up loads the spelling dictionaries."""


POOL = MAX_PER_PAGE
"""Suppliers, the best by relevance, among whom those with people enough for the hours asked for
come first.
"""


def today() -> date:
    return datetime.now(UTC).date()


class SearchService:
    """Shared by threads: after construction it holds nothing that changes but what it remembers of
    the index, and phrases as understood.

    `live` gives the mappings that serve now: those given, with other profiles, equivalences or
    spelled words at most. `scope`: what is open; nothing else is ever found, counted or proposed.
    """

    def __init__(
        self,
        engine: SearchEngine,
        mappings: Mappings,
        gazetteer: Gazetteer,
        *,
        today: Callable[[], date] = today,
        live: Callable[[], Mappings] | None = None,
        scope: LaunchScope = EVERYTHING,
    ) -> None:
        self.engine = engine
        self.index: Searcher = engine
        """What is asked: the engine as it is at each call, until one state of it is taken
        (`at_once`).
        """
        self._words = cache(engine.words)
        self.scope = scope
        self.gazetteer = gazetteer
        self.today = today
        self._live = live or (lambda: mappings)
        self.understanding = PhraseReader(mappings.vocabulary, gazetteer)
        self._names = Names(mappings.vocabulary, gazetteer)
        self._memory = GenerationCache(mappings.vocabulary, gazetteer)

    @property
    def mappings(self) -> Mappings:
        """The mappings that serve now. Read it once for one use: a reload may change it in between."""
        return self._live()

    def get(self, id_or_slug: str) -> Document | None:
        """The document of an id, a slug or a former one: of a merged supplier what it became, of a
        delisted one its stub. None when it is unknown or not open. Raises EngineUnavailable.
        """
        document = resolve_supplier(self.index.get, id_or_slug)
        return (
            document if document and (not document["live"] or self.scope.holds(document)) else None
        )

    def on(self, index: Searcher) -> "SearchService":
        """A copy of the service that asks this one state of the index, and reads the mappings that
        serve now.
        """
        found, mappings = copy.copy(self), self.mappings
        found.index, found._words, found._live = index, cache(index.words), lambda: mappings
        return found

    @contextmanager
    def at_once(self) -> "Iterator[SearchService]":
        """The service for a `with`: all that it is asked within is answered of one state of the
        index. A copy, unless it is one already.
        """
        if self.index is not self.engine:
            yield self
            return
        with self.engine.searcher() as index:
            yield self.on(index)

    def everywhere(self) -> "SearchService":
        """A copy of the service without a launch scope: to measure the ranking, not to answer
        people.
        """
        found = copy.copy(self)
        found.scope = EVERYTHING
        return found

    def understand(self, query: Query) -> Intent:
        return self._planner().understand(query)

    def plan(self, query: Query) -> Plan:
        """The query understood, resolved and checked; not yet settled (`settled`). Raises
        InvalidQuery with everything wrong at once, EngineUnavailable.
        """
        with stage("plan"):
            return self._planner().plan(query)

    def request(self, query: Query) -> SearchRequest:
        """The request that `search` would send to the engine. Raises InvalidQuery,
        EngineUnavailable.
        """
        return self.settled(query).request

    def settled(self, query: Query, *, strict: bool = False) -> Plan:
        """The plan that `search` would follow in the end, leniently or not, in the circle that it
        would choose: for the map, an export, an alert. Raises InvalidQuery, EngineUnavailable.
        """
        planner = self._planner()
        with stage("plan"):
            made = planner.plan(query)
        return RelaxationPolicy(planner, self._counts).relaxed_if_needed(made, strict=strict)

    def totals(self, settled: Sequence[Plan]) -> list[int]:
        """How many suppliers each plan finds, in one call to the engine. Raises EngineUnavailable."""
        return self._counts([one.request for one in settled])

    def search(
        self, query: Query, *, strict: bool = False, proposing: bool = True, of_trades: bool = False
    ) -> Answer:
        """Answer a query: the one use case. Raises InvalidQuery, EngineUnavailable.

        `strict`: only who matches the words as they are read, however few, and nothing proposed
        besides (for alerts). Not `proposing`: no filters to add, no ways out and nobody elsewhere,
        which cost a count and a search. `of_trades`: nobody at all without a trade.
        """
        started = time.perf_counter()
        planner = self._planner()  # one look at the index: its generation, its analysis
        with stage("plan"):
            plan = planner.plan(query)  # checked, read, interpreted, located: the strict request
        with stage("settle"):  # words relaxed, a circle chosen, by one count at most
            if query.cursor:
                plan = self._walked(plan, planner)
            else:
                plan = RelaxationPolicy(planner, self._counts).relaxed_if_needed(
                    plan, strict=strict
                )
        looking = bool(plan.request.needs) or not of_trades
        page, after = _next(plan, self._page(plan) if looking else SearchPage(0, (), {}))
        with stage("propose"):  # filters, needs and ways out, by one count
            counter = SuggestionCounter(planner, self._counts)
            beside = Suggestions() if strict else counter.counted(plan, page, proposing=proposing)
        nearest = self._nearest(plan, planner) if proposing and not (strict or page.total) else None
        first = not (strict or query.page > 1 or query.cursor)
        next_door, unknown = self._beside(plan, planner, page, proposing) if first else (None, None)
        with stage("facets"):
            facets = present(page.facets, plan.request, self._names, plan.query.lang)
        return Answer(
            plan=plan,
            page=page,
            facets=facets,
            offers=beside.offers,
            suggestions=beside.suggestions,
            status=planner.status,
            terms=planner.compiled.terms,
            analysis=planner.compiled.analysis,
            took_ms=(time.perf_counter() - started) * 1000,
            needs=beside.needs,
            nearby=nearest,
            neighbours=next_door,
            unknown_trades=unknown,
            next=after,
        )

    def why(self, answer: Answer) -> Reasons:
        """What tells why a hit is in an answer, in the answer's language."""
        sectors = [*(piece.value for piece in answer.plan.reading.pieces if piece.type == "sector")]
        sectors += [slug for need in answer.plan.request.needs for slug in need.sectors]
        vocabulary, lang = self.mappings.vocabulary, answer.plan.query.lang
        return Reasons(
            answer.plan.request,
            answer.plan.where,
            vocabulary,
            self.gazetteer,
            lang,
            sectors,
            answer.terms,
        )

    def learn_spellings(self) -> None:
        """Load the dictionaries of corrections now; else the first typo waits for them. Raises
        EngineUnavailable.
        """
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
            self.today(),
        )

    def _counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        with stage("engine"):
            return self.index.counts(requests)

    def _page(self, made: Plan) -> SearchPage:
        """The page; of a walk, what is behind the cursor, one hit longer than asked for: whether
        there is more shows in it. Where hours of insertion are asked for, the best of `POOL` who
        have people enough come first.
        """
        request, cursor = made.request, made.query.cursor
        if made.posts and request.offset < POOL:
            end = request.offset + request.size
            with stage("engine"):
                page = self.index.search(
                    replace(request, offset=0, size=min(max(POOL, end), made.reach))
                )
            return replace(
                page, hits=tuple(large_enough_first(page.hits, made.posts))[request.offset : end]
            )
        if cursor:
            request = replace(request, after=cursor.position, size=request.size + 1)
        elif request.offset + request.size > made.reach:
            request = replace(request, size=max(made.reach - request.offset, 0))
        with stage("engine"):
            return self.index.search(request)

    def _nearest(self, made: Plan, planner: Planner) -> Nearby | None:
        """Who does it elsewhere, nearest first, when nobody does at the place asked; None where
        nobody is.
        """
        elsewhere = nearby(made, self.gazetteer, planner.mappings.near)
        if elsewhere is None:
            return None
        with stage("engine"):
            hits = self.index.search(elsewhere.request).hits
        return replace(elsewhere, hits=hits) if hits else None

    def _beside(
        self, made: Plan, planner: Planner, page: SearchPage, proposing: bool
    ) -> tuple[Nearby | None, UnknownTrades | None]:
        """Who does the trade next door and declares other places for it, nearest first
        (`proposing`); and who at the place tells no trade, where few do what is needed. One call;
        None where there is nobody.
        """
        near = planner.mappings.near
        beside = neighbours(made, near) if proposing and page.total else None
        targets = made.where.targets
        missed = bool(made.request.needs and targets) and not any(
            target.everywhere for target in targets
        )
        if missed:  # by who needs something, at a place with an edge
            if (counted := page.facets.get("coverage")) is not None:
                located = counted.get(Coverage.LOCATED, 0)
            else:
                (located,) = self._counts([replace(made.request, coverage=Coverage.LOCATED)])
            missed = located < near.few
        query = of_unknown_trades(made) if missed else None
        asked = [beside.request] if beside else []
        if query:
            asked.append(untold_at_the_place(made.request))
        with stage("engine"):
            found = iter(self.index.searches(asked) if asked else ())
        if beside:
            hits = tuple(hit for hit in next(found).hits if hit.matched_by is MatchedBy.ACTIVITY)
            beside = replace(beside, hits=hits) if hits else None
        if query is None:
            return beside, None
        untold = next(found)
        counts = untold.facets["kind"].items()
        sectors = planner.mappings.vocabulary.sectors
        needed = {slug for need in made.request.needs for slug in need.sectors}
        groups = {sectors[slug].group if slug in sectors else slug for slug in needed}
        usual = planner.mappings.usual

        def likeliest(one: tuple[str, int]) -> tuple[int, int, str]:
            return (
                -max((usual.get(one[0], {}).get(group, 0) for group in groups), default=0),
                -one[1],
                one[0],
            )

        kinds = sorted((one for one in counts if one[0] in (query.kind or one)), key=likeliest)
        return beside, UnknownTrades(untold.total, tuple(kinds), query) if untold.total else None

    def _walked(self, made: Plan, planner: Planner) -> Plan:
        """The plan as the walk began, however many the strict words find by now."""
        cursor = made.query.cursor
        assert cursor is not None
        made = (planner.lenient(made) if cursor.relaxed else None) or made
        if mark_of(made.query, made.request.text) != cursor.mark:
            raise InvalidQuery((Problem("cursor", "", "cursor_of_another"),))
        return made


def resolve_supplier(get: Callable[[str], Document | None], key: str) -> Document | None:
    """The document of an id, a slug or a former slug. Of a merged supplier: the one that stands for
    it, through however many merges, or its own stub where that one is gone. None when the key is
    unknown.
    """
    own = found = get(key)
    passed: set[str] = set()
    while found is not None and not found["live"]:
        into = found.get("public", {}).get("merged_into", "")
        if not into or into in passed:
            return own
        passed.add(into)
        found = get(into)
    return found or own


def large_enough_first(hits: Iterable[Hit], posts: float) -> Iterator[Hit]:
    """Of the best `POOL`, those first who have as many people as full-time posts are asked for."""
    rest = iter(hits)
    yield from sorted(
        islice(rest, POOL), key=lambda hit: (hit.document["public"].get("employees") or 0) < posts
    )
    yield from rest


def _next(made: Plan, page: SearchPage) -> tuple[SearchPage, Cursor | None]:
    """The page as asked for, and where a walk goes on behind it."""
    query = made.pinned
    hits = page.hits[: query.per_page]
    more = (
        len(page.hits) > query.per_page
        if query.cursor
        else query.page * query.per_page < page.total
    )
    position = hits[-1].position if hits and more and query.sort in WALKED else None
    if position is None:
        return replace(page, hits=hits), None
    return replace(page, hits=hits), Cursor(
        position, made.relaxed is not None, mark_of(query, made.request.text)
    )
