"""The embedded engine: `SearchEngine` over one index file, in the process that asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from discovery.engine import trades
from discovery.engine.analysis import Analysis
from discovery.engine.definition import stored
from discovery.engine.embedded import evaluate, store
from discovery.engine.embedded.dictionary import IndexWords
from discovery.engine.embedded.reader import Reader, Session
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.port import (
    Clusters,
    Document,
    EngineStatus,
    EngineUnavailable,
    Grid,
    Hit,
    Position,
    Searcher,
    SearchPage,
    SearchRequest,
    WordCounts,
)

NAME = "embedded"

STATUS_SECONDS = 0.05

TURN = 10
"""Documents of a walk that are read in one turn: less than a millisecond."""

_UNREAD = EngineStatus(False, NAME, "", 0, "", "")


@dataclass(frozen=True, slots=True)
class _Pinned:
    """A `Searcher`: the engine, in a thread whose looks at the index are one."""

    search: Callable[[SearchRequest], SearchPage]
    milestones: Callable[[SearchRequest, int], list[Position]]
    walk: Callable[[SearchRequest], tuple[int, Iterator[Hit]]]


class EmbeddedEngine:
    """Searches the index file at `path`, which need not exist yet (until then `EngineUnavailable`).

    `analysis` None = that of the file's own definition, which is what queries must be analysed with: it follows
    the file when another takes its place. Every answer is of the file's state at the moment of the call. Threads
    may share an engine, and a process may fork with one.
    `background` False keeps merges out of a thread of their own: `merge` is then the caller's to call.
    """

    def __init__(self, path: Path, analysis: Analysis | None = None, *, background: bool = True) -> None:
        self._path = path
        self._given = analysis
        self._own: tuple[str, Analysis] | None = None
        self._reader = Reader(path, background=background)
        self._words = IndexWords(self._reader)
        self._status: tuple[Snapshot | None, EngineStatus] = None, _UNREAD

    def reading(self) -> AbstractContextManager[None]:
        return self._reader.held()

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        with self._reader.pinned():
            yield _Pinned(self._search, self._milestones, self._walk)

    def _search(self, request: SearchRequest) -> SearchPage:
        with self._reader.turn(patient=True):
            return self.search(request)

    def _milestones(self, request: SearchRequest, every: int) -> list[Position]:
        with self._patiently() as (_, snapshot, _meta):
            return [(None, id_) for id_ in evaluate.milestones(snapshot, request, every)]

    def _walk(self, request: SearchRequest) -> tuple[int, Iterator[Hit]]:
        """Ordered once; documents are read a few in one turn, and nothing is held while they are used."""
        with self._patiently() as (_, snapshot, _meta):
            found = evaluate.search(snapshot, request)

        def hits() -> Iterator[Hit]:
            for start in range(0, len(found.page), TURN):
                with self._patiently() as (connection, _, _meta):
                    some = list(_hits(connection, found.page[start : start + TURN], request))
                yield from some

        return found.total, hits()

    @contextmanager
    def _patiently(self) -> Iterator[Session]:
        with self._reader.turn(patient=True), self._reader.session() as session:
            yield session

    def search(self, request: SearchRequest) -> SearchPage:
        with self._reader.session() as (connection, snapshot, _):
            found = evaluate.search(snapshot, request)
            hits = tuple(_hits(connection, found.page, request))
        return SearchPage(found.total, hits, found.facets)

    def counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        """Totals of all requests, on one state of the index."""
        with self._reader.session() as (_, snapshot, _meta):
            return [evaluate.total(snapshot, request) for request in requests]

    def clusters(self, request: SearchRequest, grid: Grid) -> Clusters:
        with self._reader.session() as (connection, snapshot, _):
            mapped = evaluate.clusters(snapshot, request, grid)
            documents = snapshot.shown(connection, [row for rows in mapped.rows for row in rows])
        named = zip(mapped.found.clusters, mapped.rows, strict=True)
        held = (replace(one, suppliers=tuple(documents[row] for row in rows)) if rows else one for one, rows in named)
        return replace(mapped.found, clusters=tuple(held))

    def get(self, id_or_slug: str) -> Document | None:
        with self._reader.session() as (connection, _, _meta):
            return store.by_id_or_slug(connection, id_or_slug)

    def by_siret(self, siret: str) -> list[Document]:
        with self._reader.session() as (connection, _, _meta):
            return store.by_company(connection, "siren" if len(siret) == 9 else "siret", siret)

    def names(self, prefix: str, limit: int = 10) -> list[Document]:
        """Of several words the last is the prefix; the others are whole words."""
        tokens = self.analysis().terms("folded", prefix)
        digits = "".join(prefix.split())
        siret = digits if digits.isascii() and digits.isdigit() else ""
        with self._reader.session() as (connection, snapshot, _):
            rows = evaluate.names(snapshot, tokens, siret, limit)
            documents = store.sources(connection, rows)
        return [documents[row] for row in rows]

    def words(self) -> WordCounts:
        return self._words

    def analysis(self) -> Analysis:
        if self._given is not None:
            return self._given
        with self._reader.session() as (_, _, meta):
            own = self._own
            if own is None or own[0] != meta.uuid:
                own = self._own = (meta.uuid, stored(dict(meta.definition), meta.fingerprint).analysis.of_queries())
        return own[1]

    def status(self) -> EngineStatus:
        """While another thread loads a new index, that of before: who watches a service does not wait for it."""
        if self._status[1].ready and self._reader.would_wait(STATUS_SECONDS):
            return self._status[1]
        try:
            with self._reader.session() as (_, snapshot, meta):
                of, status = self._status
                if of is not snapshot:
                    status = EngineStatus(
                        ready=True,
                        engine=NAME,
                        index=self._path.name,
                        documents=snapshot.documents,
                        generation=snapshot.generation,
                        fingerprint=meta.fingerprint,
                    )
                    self._status = snapshot, status
                return status
        except EngineUnavailable as error:
            return EngineStatus(False, NAME, self._path.name, 0, "", "", str(error))

    def merge(self) -> None:
        """Rebuild the index in memory as one segment; answers don't change."""
        self._reader.merge()

    def close(self) -> None:
        """Close the calling thread's connection."""
        self._reader.close()


def _hits(connection: sqlite3.Connection, page: Sequence[evaluate.Ranked], request: SearchRequest) -> Iterator[Hit]:
    documents = store.sources(connection, [row for row, _, _ in page])
    for row, score, position in page:
        yield trades.hit(documents[row], request, score=score, position=position)
