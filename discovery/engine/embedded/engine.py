"""The embedded engine: `SearchEngine` over one index file, in the process that asks."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

from discovery.engine import predicate
from discovery.engine.analysis import Analysis
from discovery.engine.definition import stored
from discovery.engine.embedded import evaluate, store
from discovery.engine.embedded.snapshot import Look, Reader, Session, Snapshot
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
from discovery.engine.words import nearest
from discovery.model import dataclass, replace


@dataclass(eq=False)
class IndexWords:
    """The folded words of an index file, as its live documents hold them at each look."""

    _look: Look

    def count(self, word: str) -> int:
        with self._look() as (_, snapshot, _meta):
            return _count(snapshot, word)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        with self._look() as (_, snapshot, _meta):
            known = [view.segment.offered for view in snapshot.views]
            return nearest(word, known, lambda one: _count(snapshot, one), limit)


def _count(snapshot: Snapshot, word: str) -> int:
    term = snapshot.strings.ids.get(word)
    return 0 if term is None else sum(tier.count(term) for tier in snapshot.tiers)


NAME = "embedded"

STATUS_SECONDS = 0.05

BATCH = 10
"""Documents of a walk that are read at a time."""

_UNREAD = EngineStatus(False, NAME, "", 0, "", "")


@dataclass(slots=True)
class _Kept:
    """What an engine and its searchers share: made of one state of the index, and made again of
    another.
    """

    path: Path
    analysis: Analysis | None
    own: tuple[str, Analysis] | None = None
    status: tuple[Snapshot | None, EngineStatus] = None, _UNREAD


class EmbeddedSearcher:
    """A `Searcher` of the states that `look` gives."""

    def __init__(self, kept: _Kept, look: Look) -> None:
        self._kept, self._look = kept, look
        self._words = IndexWords(look)

    def milestones(self, request: SearchRequest, every: int) -> list[Position]:
        with self._look() as (_, snapshot, _meta):
            return [(None, id_) for id_ in evaluate.milestones(snapshot, request, every)]

    def walk(self, request: SearchRequest) -> tuple[int, Iterator[Hit]]:
        """(total, hits) in the request's order, which is made once. Documents are read a few in one
        look, and nothing is held while they are used.
        """
        with self._look() as (_, snapshot, _meta):
            found = evaluate.search(snapshot, request)

        def hits() -> Iterator[Hit]:
            for start in range(0, len(found.page), BATCH):
                with self._look() as (connection, _, _meta):
                    some = list(_hits(connection, found.page[start : start + BATCH], request))
                yield from some

        return found.total, hits()

    def search(self, request: SearchRequest) -> SearchPage:
        with self._look() as (connection, snapshot, _):
            found = evaluate.search(snapshot, request)
            hits = tuple(_hits(connection, found.page, request))
        return SearchPage(found.total, hits, found.facets)

    def searches(self, requests: Sequence[SearchRequest]) -> list[SearchPage]:
        return [self.search(request) for request in requests]

    def counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        """Totals of all requests, on one state of the index."""
        with self._look() as (_, snapshot, _meta):
            return list(evaluate.totals(snapshot, requests))

    def clusters(self, request: SearchRequest, grid: Grid) -> Clusters:
        with self._look() as (connection, snapshot, _):
            found, few = evaluate.clusters(snapshot, request, grid)
            documents = snapshot.shown(connection, [row for rows in few for row in rows])
        named = zip(found.clusters, few, strict=True)
        held = (
            replace(one, suppliers=tuple(documents[row] for row in rows)) for one, rows in named
        )
        return replace(found, clusters=tuple(held))

    def get(self, id_or_slug: str) -> Document | None:
        with self._look() as (connection, _, _meta):
            return store.by_id_or_slug(connection, id_or_slug)

    def by_siret(self, siret: str) -> list[Document]:
        with self._look() as (connection, _, _meta):
            return store.by_company(connection, "siren" if len(siret) == 9 else "siret", siret)

    def names(self, prefix: str, limit: int = 10) -> list[Document]:
        """Of several words the last is the prefix; the others are whole words."""
        tokens = self.analysis().terms("folded", prefix)
        digits = "".join(prefix.split())
        siret = digits if digits.isascii() and digits.isdigit() else ""
        with self._look() as (connection, snapshot, _):
            rows = evaluate.names(snapshot, tokens, siret, limit)
            documents = store.sources(connection, rows)
        return [documents[row] for row in rows]

    def words(self) -> WordCounts:
        return self._words

    def analysis(self) -> Analysis:
        if self._kept.analysis is not None:
            return self._kept.analysis
        with self._look() as (_, _, meta):
            own = self._kept.own
            if own is None or own[0] != meta.uuid:
                analysis = stored(
                    self._kept.path.stem, dict(meta.definition), meta.fingerprint
                ).analysis.of_queries()
                own = self._kept.own = (meta.uuid, analysis)
        return own[1]

    def status(self) -> EngineStatus:
        try:
            with self._look() as (_, snapshot, meta):
                of, status = self._kept.status
                if of is not snapshot:
                    status = EngineStatus(
                        ready=True,
                        engine=NAME,
                        index=self._kept.path.name,
                        documents=snapshot.documents,
                        generation=snapshot.generation,
                        fingerprint=meta.fingerprint,
                    )
                    self._kept.status = snapshot, status
                return status
        except EngineUnavailable as error:
            return EngineStatus(False, NAME, self._kept.path.name, 0, "", "", str(error))


class EmbeddedEngine(EmbeddedSearcher):
    """Searches the index file at `path`, which need not exist yet (until then `EngineUnavailable`).

    `analysis` None = that of the file's own definition, which is what queries must be analysed
    with: it follows the file when another takes its place. Every answer is of the file's state at
    the moment of the call. Threads may share an engine, and a process may fork with one.
    `background` False keeps merges out of a thread of their own: `merge` is then the caller's to
    call.
    """

    def __init__(
        self, path: Path, analysis: Analysis | None = None, *, background: bool = True
    ) -> None:
        self._reader = Reader(path, background=background)
        super().__init__(_Kept(path, analysis), self._reader.look)

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """A searcher of one state of the index, that of its first look, for a `with`."""
        with ExitStack() as until:
            sessions: list[Session] = []

            def look() -> AbstractContextManager[Session]:
                if not sessions:
                    sessions.append(until.enter_context(self._reader.look()))
                    until.callback(
                        sessions.clear
                    )  # what is closed keeps no state of the index in memory
                return nullcontext(sessions[0])

            yield EmbeddedSearcher(self._kept, look)

    def status(self) -> EngineStatus:
        """What the index is. While another thread loads a new index, what it was: who watches a
        service does not wait for it.
        """
        before = self._kept.status[1]
        return (
            before if before.ready and self._reader.would_wait(STATUS_SECONDS) else super().status()
        )

    def merge(self) -> None:
        """Rebuild the index in memory as one segment; answers don't change."""
        self._reader.merge()

    def close(self) -> None:
        self._reader.close()


def _hits(
    connection: sqlite3.Connection, page: Sequence[evaluate.Ranked], request: SearchRequest
) -> Iterator[Hit]:
    documents = store.sources(connection, [row for row, _, _ in page])
    for row, score, position in page:
        yield predicate.hit(documents[row], request, score=score, position=position)
