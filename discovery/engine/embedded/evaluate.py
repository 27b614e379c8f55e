"""A request on a snapshot: each segment answers, the answers are put together. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded import facets, rank
from discovery.engine.embedded.arrays import Ints
from discovery.engine.embedded.cells import Cells
from discovery.engine.embedded.match import View, match
from discovery.engine.embedded.needs import Sought
from discovery.engine.embedded.rank import position
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.port import Clusters, Grid, Position, SearchRequest

Ranked = tuple[int, float | None, Position | None]
"""(store row, score, position) of a hit."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search's answer: numbers and places, no documents yet.

    `page`: its hits, in order.
    """

    total: int
    facets: dict[str, dict[str, int]]
    page: list[Ranked]


def search(snapshot: Snapshot, request: SearchRequest) -> Found:
    """Total, facet counts and the page's hits of a request, over all segments."""
    sought = Sought.of(snapshot, request)
    total = 0
    counts: dict[str, dict[str, int]] = {}
    ranked: list[tuple[rank.Key, int, float | None]] = []
    for number, view in enumerate(snapshot.views):
        matches = match(view, request, sought.matches(number, view.segment), request.facets)
        total += len(matches.found)
        counted = facets.count(matches, request)
        counts = _added(counts, counted) if number else counted
        rows = view.segment.rows
        ranked += [(key, rows[document], score) for key, document, score in rank.best(matches, number, sought)]
    if len(snapshot.views) > 1:
        ranked.sort(key=lambda one: one[0])
    page = ranked[request.offset : request.offset + request.size]
    return Found(total, counts, [(row, score, position(request.order, key)) for key, row, score in page])


def _added(counts: dict[str, dict[str, int]], more: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    for name, values in more.items():
        mine = counts[name]
        for value, number in values.items():
            mine[value] = mine.get(value, 0) + number
    return counts


def total(snapshot: Snapshot, request: SearchRequest) -> int:
    """How many documents match a request."""
    sought = Sought.of(snapshot, request)
    return sum(
        len(match(view, request, sought.matches(number, view.segment)).found)
        for number, view in enumerate(snapshot.views)
    )


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map's answer: clusters, no documents yet.

    `rows`: of each cluster, the store rows of its suppliers when they are few.
    """

    found: Clusters
    rows: list[list[int]]


def milestones(snapshot: Snapshot, request: SearchRequest, every: int) -> list[str]:
    """The id of each `every`-th match in the order of ids: where parts of a walk may begin."""
    sought = Sought.of(snapshot, request)
    ids: list[str] = []
    for number, view in enumerate(snapshot.views):
        found = match(view, request, sought.matches(number, view.segment)).found
        ids += [view.segment.ids[document] for document in found.tolist()]
    if len(snapshot.views) > 1:
        ids.sort()
    return ids[every - 1 :: every]


def clusters(snapshot: Snapshot, request: SearchRequest, grid: Grid) -> Mapped:
    """Count matches by cell of a grid, with the store rows of those in cells that hold few."""
    sought = Sought.of(snapshot, request)
    cells = Cells(grid)
    for number, view in enumerate(snapshot.views):
        cells.add(view.segment, match(view, request, sought.matches(number, view.segment)).found)
    return Mapped(*cells.result())


def names(snapshot: Snapshot, tokens: Sequence[str], siret: str, limit: int) -> list[int]:
    """Store rows of at most `limit` live documents whose name or brand has all tokens, the last one as a prefix; or
    whose SIRET starts with `siret` (empty = none). Most complete first, then by id."""
    ranked: list[tuple[int, str, int]] = []
    for view in snapshot.views:
        segment = view.segment
        mask = np.zeros(segment.size, dtype=np.bool_)
        if tokens:
            mask[_named(view, tokens[-1], "\U0010ffff")] = True
            for token in tokens[:-1]:
                whole = np.zeros(segment.size, dtype=np.bool_)
                whole[_named(view, token, "")] = True
                mask &= whole
        if siret:
            sirets, documents = segment.by_siret
            first, last = bisect_left(sirets, siret), bisect_left(sirets, siret + "\U0010ffff")
            mask[documents[first:last]] = True
        found = np.flatnonzero(mask & view.alive)
        # Documents are numbered in id order, so that equals stay in it.
        order = np.argsort(-segment.completeness[found].astype(np.int64), kind="stable")[:limit]
        ranked += [(-int(segment.completeness[d]), segment.ids[d], segment.rows[d]) for d in found[order].tolist()]
    ranked.sort()
    return [row for _, _, row in ranked[:limit]]


def _named(view: View, word: str, after: str) -> Ints:
    """Documents named with a word from `word` to `word + after` (included when `after` is empty)."""
    words, starts, documents = view.segment.name_index
    first = bisect_left(words, word)
    last = bisect_left(words, word + after) if after else first + int(words[first : first + 1] == [word])
    return documents[starts[first] : starts[last]]
