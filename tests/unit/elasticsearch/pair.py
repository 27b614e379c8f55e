"""The two engines over the same documents, to be compared."""

from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import ElasticsearchEngine
from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from discovery.engine.port import (
    Action,
    Document,
    Hit,
    Order,
    SearchEngine,
    SearchRequest,
    WriteStatus,
)
from tests import elasticsearch
from tests.servers import leave_nothing

SCORES = 1e-4
"""Relative: what the port promises of two engines."""

EVERY = 10_000
CENTIMETRES = 1e-4
"""Kilometres: Lucene rounds points, so suppliers as near to each other as that may change places.
"""


@dataclass(frozen=True)
class Pair:
    """`documents` in both; `real` is Elasticsearch."""

    documents: list[Document]
    embedded: EmbeddedEngine
    real: ElasticsearchEngine

    @property
    def engines(self) -> tuple[SearchEngine, SearchEngine]:
        return self.embedded, self.real


def pair(definition: Definition, documents: list[Document]) -> Pair:
    folder = Path(mkdtemp(prefix="discovery-pair-"))
    leave_nothing(folder=folder)
    path = folder / "suppliers.sqlite"
    with closing(
        EmbeddedWriter(path, definition.body, definition.analysis, definition.fingerprint)
    ) as writer:
        outcomes = writer.bulk(Action(document["id"], 1, document) for document in documents)
    assert {outcome.status for outcome in outcomes} == {WriteStatus.INDEXED}
    return Pair(documents, EmbeddedEngine(path), elasticsearch.engine_of(definition, documents))


def assert_same(both: Pair, request: SearchRequest) -> int:
    """Totals, facets, hits with their scores, order but for ties, and the page asked for. Returns
    the total.
    """
    every = replace(request, offset=0, size=EVERY)
    mine, theirs = both.embedded.search(every), both.real.search(every)
    assert theirs.total == mine.total
    assert theirs.facets == mine.facets
    assert tuple(theirs.facets) == request.facets
    known = {hit.id: hit for hit in mine.hits}
    assert {hit.id for hit in theirs.hits} == known.keys()
    for hit in theirs.hits:
        assert_same_hit(known[hit.id], hit)
    assert_same_order([known[hit.id] for hit in theirs.hits], list(mine.hits), request.order)
    page = both.real.search(request)
    assert page.total == theirs.total
    assert [hit.id for hit in page.hits] == [
        hit.id for hit in theirs.hits[request.offset : request.offset + request.size]
    ]
    return theirs.total


def assert_same_hit(mine: Hit, theirs: Hit) -> None:
    assert (theirs.coverage, theirs.matched_sectors) == (mine.coverage, mine.matched_sectors)
    assert (theirs.distance_km, theirs.matched_by) == (mine.distance_km, mine.matched_by)
    assert theirs.document == mine.document
    if mine.score is None or theirs.score is None:
        assert mine.score is theirs.score
    else:
        assert abs(theirs.score - mine.score) <= SCORES * mine.score, (
            mine.id,
            mine.score,
            theirs.score,
        )


def assert_same_order(asked: list[Hit], mine: list[Hit], order: Order) -> None:
    """`asked`: my hits in the order of the other engine. Only those that stand equal may change
    places.
    """
    if order is Order.RELEVANCE:
        scores: list[float] = [hit.score or 0.0 for hit in asked]
        assert all(after <= before * (1 + SCORES) for before, after in pairwise(scores))
    elif order is Order.DISTANCE and any(hit.distance_km is not None for hit in mine):
        far: list[Any] = [
            float("inf") if hit.distance_km is None else hit.distance_km for hit in asked
        ]
        assert all(after >= before - CENTIMETRES for before, after in pairwise(far))
    else:
        assert [hit.id for hit in asked] == [hit.id for hit in mine]
