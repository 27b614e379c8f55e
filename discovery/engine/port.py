"""The engine port: what a search is, whichever engine answers it.

Every engine gives, for the same request and documents, the same filters, totals and facet counts, and on a
freshly built one-shard index the same scores within 1e-4 relative.

Here is what an engine does; `request.py` is what it is asked, `results.py` what it answers, `writing.py` how it takes
documents. All their names may be imported from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from discovery.engine.request import (
    FACETS,
    PIN_STEP,
    WALKABLE,
    Alternative,
    Box,
    Circle,
    Coverage,
    DistanceSignal,
    Filters,
    FreshnessSignal,
    MatchedBy,
    National,
    Need,
    Order,
    Point,
    Position,
    SearchRequest,
    SeaSignal,
    ServesBy,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    Word,
)
from discovery.engine.results import (
    FINEST,
    MAPPED,
    Cluster,
    Clusters,
    Document,
    EngineStatus,
    Grid,
    Hit,
    SearchPage,
)
from discovery.engine.writing import (
    Action,
    Held,
    Holdings,
    IndexWriter,
    WriteOutcome,
    WriteStatus,
)
from discovery.errors import DiscoveryError

if TYPE_CHECKING:
    from discovery.engine.analysis import Analysis

__all__ = [
    "FACETS",
    "FINEST",
    "MAPPED",
    "PIN_STEP",
    "WALKABLE",
    "Action",
    "Alternative",
    "Box",
    "Circle",
    "Cluster",
    "Clusters",
    "Coverage",
    "DistanceSignal",
    "Document",
    "EngineStatus",
    "EngineUnavailable",
    "EngineUnreachable",
    "Filters",
    "FreshnessSignal",
    "Grid",
    "Held",
    "Hit",
    "Holdings",
    "IndexWriter",
    "MatchedBy",
    "National",
    "Need",
    "Order",
    "Point",
    "Position",
    "SeaSignal",
    "SearchEngine",
    "SearchPage",
    "SearchRequest",
    "Searcher",
    "ServesBy",
    "Signals",
    "Target",
    "TextQuery",
    "TextSignal",
    "Word",
    "WordCounts",
    "WriteOutcome",
    "WriteStatus",
]


class EngineUnavailable(DiscoveryError):
    """The engine can't answer now; the message says why, for people."""

    status = 503


class EngineUnreachable(EngineUnavailable):
    """Nothing answers at its address, or it refuses us: the server or the settings are at fault, not the index."""


class WordCounts(Protocol):
    """The index's own words (analyzer `folded`), for corrections and for intent's 'frequent in the index'."""

    def count(self, word: str) -> int:
        """Number of live documents that hold the folded word; 0 when unknown."""
        ...

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        """Known words one edit away (insert, delete, replace, transpose), most frequent first, with counts."""
        ...


class Searcher(Protocol):
    """One state of the index, for all that one answer asks: opened once, by what answers, and passed down. The state is
    that of the first call. Belongs to the thread that opened it. Every call raises `EngineUnavailable` only."""

    def search(self, request: SearchRequest) -> SearchPage: ...

    def searches(self, requests: Sequence[SearchRequest]) -> list[SearchPage]:
        """Several searches in one go."""
        ...

    def counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        """Totals only, in one go (paging, order, signals and facets are ignored)."""
        ...

    def clusters(self, request: SearchRequest, grid: Grid) -> Clusters:
        """All matches on a map (paging, order, signals and facets are ignored)."""
        ...

    def walk(self, request: SearchRequest) -> tuple[int, Iterator[Hit]]:
        """The total, and the hits of a page as large as one likes, in their order, read while they are asked for.
        EngineUnavailable at once, rather than halfway, if the engine is away."""
        ...

    def milestones(self, request: SearchRequest, every: int) -> list[Position]:
        """Where each `every`-th match stands in order ID: behind them, parts of that size begin."""
        ...

    def get(self, id_or_slug: str) -> Document | None:
        """A document by id, slug or former slug (delisted stubs too: `live` false)."""
        ...

    def by_siret(self, siret: str) -> list[Document]:
        """Live documents of that SIRET, or of that SIREN when 9 digits, ordered by id."""
        ...

    def names(self, prefix: str, limit: int = 10) -> list[Document]:
        """Live documents one of whose name or brand words (folded) starts with the folded prefix, or whose
        SIRET does; most complete first."""
        ...

    def words(self) -> WordCounts: ...

    def analysis(self) -> Analysis:
        """The analysis this index was built with (kept beside it), whatever `mappings/` says today."""
        ...

    def status(self) -> EngineStatus: ...


class SearchEngine(Searcher, Protocol):
    """The reading side: what `discovery` uses. Asked itself, each call is of the index as it is then."""

    def searcher(self) -> AbstractContextManager[Searcher]:
        """One state for all that is asked within. An engine of other processes promises no more than each call's own
        state."""
        ...
