"""The Elasticsearch engine: `SearchEngine` over an alias of one index."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import Lock, Thread
from typing import Any

from elasticsearch import Elasticsearch

from discovery.engine import predicate
from discovery.engine.analysis import Analysis
from discovery.engine.breaker import Breaker
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import indices
from discovery.engine.elasticsearch.connection import Connection, whole
from discovery.engine.elasticsearch.query import facets, lookups, order, search
from discovery.engine.port import (
    WALKABLE,
    Clusters,
    Document,
    EngineStatus,
    EngineUnavailable,
    Grid,
    Hit,
    Order,
    Position,
    Searcher,
    SearchPage,
    SearchRequest,
    WordCounts,
)
from discovery.engine.words import FixedWords
from discovery.model import dataclass, replace

WORDS_PAGE = 10_000
READ_SECONDS = 30.0
"""For a page of words, when nobody waits for it."""

KEPT_SECONDS = 60.0
"""Words may be that much behind the index: a correction is none the worse for it."""


class EngineWords:
    """The folded words of an index. `generation`: called for the (index, state) to be held, cheap."""

    def __init__(
        self, connection: Connection, alias: str, generation: Callable[[], tuple[str, str]]
    ) -> None:
        self._connection, self._alias, self._generation = connection, alias, generation
        self._lock = Lock()
        self._held: tuple[tuple[str, str], float, FixedWords] | None = None
        self._reading = False

    def count(self, word: str) -> int:
        return self._words().count(word)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        return self._words().near(word, limit)

    def _words(self) -> FixedWords:
        """The first are read at once. Once held they serve; those of another index are read behind
        the scenes, and of another state of the same one when the ones held have grown old.
        """
        now = self._generation()
        with self._lock:
            held = self._held
            if held is None:
                return self._read(now)
            aged = held[0][0] != now[0] or time.monotonic() - held[1] >= KEPT_SECONDS
            if held[0] != now and aged and not self._reading:
                self._reading = True
                Thread(target=self._read_quietly, args=(now,), name="words", daemon=True).start()
            return held[2]

    def _read(self, generation: tuple[str, str], seconds: float | None = None) -> FixedWords:
        words = FixedWords(dict(read(self._connection, self._alias, seconds)))
        self._held = generation, time.monotonic(), words
        return words

    def _read_quietly(self, generation: tuple[str, str]) -> None:
        try:
            self._read(generation, READ_SECONDS)
        except EngineUnavailable:
            pass  # the words held still serve; the next correction tries again
        finally:
            self._reading = False


def read(
    connection: Connection, alias: str, seconds: float | None = None
) -> Iterator[tuple[str, int]]:
    """Every word with the number of live documents that hold it. `seconds` for each of the calls
    that it takes.
    """
    after: str | None = None
    while True:
        found = _page(connection, alias, lookups.words(after, WORDS_PAGE), seconds)["aggregations"][
            "words"
        ]
        yield from ((bucket["key"]["word"], bucket["doc_count"]) for bucket in found["buckets"])
        if "after_key" not in found:
            return
        after = found["after_key"]["word"]


def _page(
    connection: Connection, alias: str, body: dict[str, Any], seconds: float | None
) -> dict[str, Any]:
    def ask(client: Elasticsearch) -> Any:
        patient = client if seconds is None else client.options(request_timeout=seconds)
        return patient.search(index=alias, body=body)

    return whole(connection.ask(ask))


STATUS_SECONDS = 1.0
"""A status is that old at most: what is written takes as long to be searchable."""

STALE_SECONDS = 10.0
"""Except for those who would wait for somebody else's look: that much."""


PAGE = 10_000
"""Ids of a page of a walk without documents: as many as Elasticsearch gives at once by default."""

WALK_PAGE = 250
"""Hits of a page of a walk."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The index as last looked at."""

    identity: indices.Identity
    definition: Definition
    analysis: Analysis
    state: lookups.State
    at: float


class ElasticsearchEngine:
    """Searches what `alias` stands for, over `connection`. Threads may share an engine; a process
    may fork.

    Needs no index at construction: until there is one, and while the cluster is away,
    `EngineUnavailable`.
    """

    def __init__(
        self, connection: Connection, alias: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connection = connection
        self._alias = alias
        self._clock = clock
        self._lock = Lock()
        self._seen: _Seen | None = None
        self._looking = False
        self._words = EngineWords(self._connection, alias, self._generation)

    @property
    def breaker(self) -> Breaker:
        return self._connection.breaker

    def searcher(self) -> AbstractContextManager[Searcher]:
        """Itself: each request is of the state that the node has refreshed by then, and waiting
        holds nobody up.
        """
        return nullcontext(self)

    def milestones(self, request: SearchRequest, every: int) -> list[Position]:
        """As the port says, by a walk through the ids alone."""
        found: list[Position] = []
        request = replace(request, order=Order.ID, offset=0, size=PAGE, facets=())
        ids: list[str] = []
        while True:
            [part] = self._searches(
                [search.body(request) | {"_source": False, "track_total_hits": False}]
            )
            page = [hit["sort"][-1] for hit in part["hits"]["hits"]]
            ids += page
            found += [(None, id_) for id_ in ids[every - 1 :: every]]
            ids = ids[len(ids) // every * every :]
            if len(page) < PAGE:
                return found
            request = replace(request, after=(None, page[-1]))

    def walk(self, request: SearchRequest) -> tuple[int, Iterator[Hit]]:
        """Orders that can be walked are, the others are paged."""
        part = replace(request, size=min(WALK_PAGE, request.size))
        first = self.search(part)

        def hits() -> Iterator[Hit]:
            page, given = first, 0
            while page.hits:
                yield from page.hits
                given += len(page.hits)
                if given >= request.size or len(page.hits) < part.size:
                    return
                walked = request.order in WALKABLE
                behind: dict[str, Any] = (
                    {"after": page.hits[-1].position}
                    if walked
                    else {"offset": request.offset + given}
                )
                page = self.search(
                    replace(part, size=min(WALK_PAGE, request.size - given), **behind)
                )

        return first.total, hits()

    def search(self, request: SearchRequest) -> SearchPage:
        [page] = self.searches([request])
        return page

    def searches(self, requests: Sequence[SearchRequest]) -> list[SearchPage]:
        bodies = [
            [search.body(one), *([search.counts(one)] if one.facets else [])] for one in requests
        ]
        found = iter(self._searches([body for each in bodies for body in each]) if bodies else ())
        return [_page_of(next(found), next(found) if one.facets else {}, one) for one in requests]

    def counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        found = self._searches([search.total(request) for request in requests]) if requests else []
        return [int(one["hits"]["total"]["value"]) for one in found]

    def clusters(self, request: SearchRequest, grid: Grid) -> Clusters:
        [found] = self._searches([search.cells_body(request, grid)])
        return search.clusters(found, grid)

    def get(self, id_or_slug: str) -> Document | None:
        return next(iter(self._documents(lookups.by_id_or_slug(id_or_slug))), None)

    def by_siret(self, siret: str) -> list[Document]:
        return self._documents(lookups.by_company("siren" if len(siret) == 9 else "siret", siret))

    def names(self, prefix: str, limit: int = 10) -> list[Document]:
        """As the port says: of several words the last is a prefix, the others are whole words."""
        digits = "".join(prefix.split())
        siret = digits if digits.isascii() and digits.isdigit() else ""
        body = lookups.names(self.analysis().terms("folded", prefix), siret, limit)
        return [] if body is None else self._documents(body)

    def words(self) -> WordCounts:
        return self._words

    def analysis(self) -> Analysis:
        return self._look().analysis

    def status(self) -> EngineStatus:
        try:
            seen = self._look()
        except EngineUnavailable as error:
            return EngineStatus(False, indices.NAME, self._alias, 0, "", "", str(error))
        return seen.identity.status(seen.state, seen.definition.fingerprint)

    def close(self) -> None:
        self._connection.close()

    # -- one round trip each

    def _searches(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """All of them on one copy of the index, at the same time."""
        lines = self._lines(bodies)
        found = self._connection.ask(
            lambda client: client.msearch(index=self._alias, searches=lines)
        )
        return [whole(one) for one in found["responses"]]

    def _lines(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What is sent of them: each with its time, after its header."""
        limit = {"timeout": f"{int(self._connection.share * 1000)}ms"}
        header = {"preference": search.preference(bodies[0])}
        return [line for body in bodies for line in (header, body | limit)]

    def _documents(self, body: dict[str, Any]) -> list[Document]:
        [found] = self._searches([body])
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def _look(self) -> _Seen:
        """The index as it was at most `STATUS_SECONDS` ago.

        One caller looks again, the others go on with what was seen, for a while: if the engine is
        slow, only that one waits for it here.
        """
        with self._lock:
            seen, now = self._seen, self._clock()
            kept = STALE_SECONDS if self._looking else STATUS_SECONDS
            if seen is not None and now - seen.at < kept:
                return seen
            self._looking = True
        try:
            self._seen = self._fresh(seen, now)
            return self._seen
        finally:
            self._looking = False

    def _fresh(self, seen: _Seen | None, now: float) -> _Seen:
        identity = indices.identify(self._connection, self._alias)
        if seen is not None and seen.identity == identity:
            definition, analysis = seen.definition, seen.analysis
        else:
            definition = indices.read_definition(self._connection, identity.index)
            analysis = definition.analysis.of_queries()
        [found] = self._searches([lookups.state()])
        return _Seen(identity, definition, analysis, lookups.state_in(found), now)

    def _generation(self) -> tuple[str, str]:
        seen = self._look()
        return seen.identity.uuid, seen.state.stamp


def _page_of(
    answer: Mapping[str, Any], counted: Mapping[str, Any], request: SearchRequest
) -> SearchPage:
    """`answer`: to the request's body; `counted`: to that of its facets."""

    def hit_of(hit: Mapping[str, Any]) -> Hit:
        score = float(hit["_score"]) if request.order is Order.RELEVANCE else None
        return predicate.hit(
            hit["_source"], request, score=score, position=order.position(request, hit["sort"])
        )

    hits, counts = answer["hits"], facets.counts(request, counted.get("aggregations", {}))
    return SearchPage(int(hits["total"]["value"]), tuple(map(hit_of, hits["hits"])), counts)
