"""Suppliers that people chose one by one, by id: for their comparison, and for an export of exactly these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from discovery.config.vocabulary import Lang
from discovery.engine import predicate, trades
from discovery.engine.port import Coverage, Document, Hit, Point, SearchRequest
from discovery.gazetteer import Place
from discovery.search.parameters import Query
from discovery.search.service import SearchService
from discovery.search.where import target


@dataclass(frozen=True, slots=True)
class Around:
    """The place that chosen suppliers are measured against. `code`: `commune:59350`; `request` finds who is seated
    there or serves it."""

    code: str
    label: str
    centre: Point
    request: SearchRequest


@dataclass(frozen=True, slots=True)
class Missing:
    """An id that gives no supplier. `delisted`: it once did."""

    id: str
    delisted: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The suppliers of some ids.

    `hits`: each supplier once, in the order chosen. `ids`: theirs and the missing ones', in that same order.
    """

    hits: tuple[Hit, ...]
    missing: tuple[Missing, ...]
    ids: tuple[str, ...]


def around(service: SearchService, near: str, lang: Lang) -> Around | None:
    """The commune or post code typed, to measure chosen suppliers against; None for an empty text. Raises
    InvalidQuery when it is no such place."""
    made = service.plan(Query(near=near, lang=lang))
    place, where = made.reading.asked.centre, made.where
    if not isinstance(place, Place) or where.centre is None:
        return None
    request = SearchRequest(targets=(target(place, service.gazetteer),), scope=service.scope.filters)
    return Around(str(place), where.centre_label, where.centre, request)


def chosen(service: SearchService, ids: Iterable[str], near: Around | None = None) -> Chosen:
    """The suppliers of these ids (or slugs, or former slugs), and the ids that give none. Raises EngineUnavailable."""
    found: dict[str, Hit | Missing] = {}
    for asked in ids:
        document = service.get(asked)
        if document is None or not document["live"]:
            found.setdefault(asked, Missing(asked, delisted=document is not None))
        else:
            found.setdefault(document["id"], _measured(document, near))
    return Chosen(
        hits=tuple(one for one in found.values() if isinstance(one, Hit)),
        missing=tuple(one for one in found.values() if isinstance(one, Missing)),
        ids=tuple(found),
    )


def _measured(document: Document, near: Around | None) -> Hit:
    """The supplier as that place's search would give it; `coverage` None when nothing says that it works there."""
    if near is None:
        return Hit(document["id"], document)
    found = trades.hit(document, near.request)
    reached = found.coverage is Coverage.LOCATED or bool(found.matched_sectors)
    km = predicate.distance_km(document, near.centre)
    return replace(found, distance_km=km, coverage=found.coverage if reached else None)
