"""What any engine answers: pages of hits, maps, its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from discovery.engine.request import Box, Coverage, MatchedBy, Point, Position, ServesBy

Document = dict[str, Any]
"""A search document, shaped by `mappings/suppliers.json`; `public` holds what may leave the service."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A supplier found, and how it matched.

    `score` is None when the order is not RELEVANCE; `coverage` and `serves_by` are None without targets,
    `matched_by` without needs.

    `matched_sectors`: sectors of the activities that meet the request's activity filters and, when the supplier is
    not located there, its where; empty when the request has neither. `position`: where it stands in an order of
    `WALKABLE`, None in another.
    """

    id: str
    document: Document
    score: float | None = None
    distance_km: float | None = None
    coverage: Coverage | None = None
    matched_sectors: tuple[str, ...] = ()
    position: Position | None = None
    serves_by: ServesBy | None = None
    matched_by: MatchedBy | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits, with the total and the facet counts.

    `facets[name][value]` = count; values with zero are absent (the presenter adds the selected ones).
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    relation: Literal["eq", "gte"] = "eq"


@dataclass(frozen=True, slots=True)
class Grid:
    """How matches are put together on a map: by cell of the world's Web Mercator square, halved `precision` times in
    each direction (0 to `FINEST`), as map tiles are numbered.

    `view`: only suppliers located in it are put in cells. A cell that holds `few` of them or less gives the suppliers
    themselves.
    """

    precision: int
    view: Box | None = None
    few: int = 1


FINEST = 24
"""Cells of about two metres."""


MAPPED = ("id", "slug", "name", "brand", "location", "address")
"""What a map shows of a supplier."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The suppliers of one cell: `count` of them, the mean of their points, the box that holds them.

    `suppliers`: all of them, by id, when they are few; of each document at least `id`, `kind` and, of its `public`
    part, `MAPPED`.
    """

    count: int
    centre: Point
    bounds: Box
    suppliers: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Clusters:
    """The matches of a map, gathered by cell.

    Of all `total` matches, those in the view by cell (from west to east, then from north to south), those outside
    it, those without a location: together they are the total.
    """

    total: int
    clusters: tuple[Cluster, ...]
    outside: int
    unlocated: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an engine says of its index.

    `ready` False carries a `reason` for people. `generation` changes whenever an answer might.
    """

    ready: bool
    engine: str
    index: str
    documents: int
    generation: str
    fingerprint: str
    reason: str = ""
