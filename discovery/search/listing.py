"""All that a search finds, for exports and sitemaps; suppliers chosen one by one; one supplier
within a search.
"""

from collections.abc import Iterable, Iterator

from discovery.engine import predicate
from discovery.engine.port import (
    Coverage,
    Document,
    Hit,
    Order,
    Point,
    Position,
    Searcher,
    SearchRequest,
    Signals,
)
from discovery.mappings.vocabulary import Lang
from discovery.model import dataclass, replace
from discovery.places import Place
from discovery.search.answer import Answer
from discovery.search.query import MAX_DEPTH, Query
from discovery.search.service import SearchService
from discovery.search.where import target

KEYS_AT_ONCE = 10_000
"""Suppliers whose keys are held together, however many there are."""


def scan_everybody(index: Searcher, service: SearchService) -> Iterator[Hit]:
    """Every supplier that the launch scope opens, by id; of one state where `index` keeps to one.
    Raises EngineUnavailable when it is read.
    """
    request = service.request(Query(sort="id", facets=()))
    last: Position | None = None
    while True:
        began = last
        for hit in scan_hits(index, request, KEYS_AT_ONCE, began)[1]:
            last = hit.position
            yield hit
        if last == began:
            return


def scan_hits(
    index: Searcher, request: SearchRequest, most: int = MAX_DEPTH, after: Position | None = None
) -> tuple[int, Iterator[Hit]]:
    """(the total, the hits in order, `most` at most), read page by page from one state of the
    index. `after`: go on behind this position, in orders that can be walked. Raises
    EngineUnavailable.
    """
    return index.walk(replace(request, facets=(), offset=0, size=most, after=after))


@dataclass(frozen=True, slots=True)
class Around:
    """The place that chosen suppliers are measured against. `code`: `commune:59350`; `request`
    finds who is seated there or serves it.
    """

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

    `hits`: each supplier once, in the order chosen. `ids`: theirs and the missing ones', in that
    same order.
    """

    hits: tuple[Hit, ...]
    missing: tuple[Missing, ...]
    ids: tuple[str, ...]


def around(service: SearchService, near: str, lang: Lang) -> Around | None:
    """The commune or post code typed, to measure chosen suppliers against; None for an empty text.
    Raises InvalidQuery when it is no such place.
    """
    made = service.plan(Query(near=near, lang=lang))
    place, where = made.reading.asked.centre, made.where
    if where.centre is None:
        return None
    assert isinstance(place, Place)
    request = SearchRequest(
        targets=(target(place, service.gazetteer),), scope=service.scope.filters
    )
    return Around(str(place), where.centre_label, where.centre, request)


def chosen(service: SearchService, ids: Iterable[str], near: Around | None = None) -> Chosen:
    """The suppliers of these ids (or slugs, or former slugs), and the ids that give none. Raises
    EngineUnavailable.
    """
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
    """The supplier as that place's search would give it; `coverage` None when nothing says that it
    works there.
    """
    if near is None:
        return Hit(document["id"], document)
    found = predicate.hit(document, near.request)
    reached = found.coverage is Coverage.LOCATED or bool(found.matched_sectors)
    km = predicate.distance_km(document, near.centre)
    return replace(found, distance_km=km, coverage=found.coverage if reached else None)


def matched(service: SearchService, query: Query, id_: str) -> Answer | None:
    """The answer to a search with this supplier as its only hit; None where the search does not
    find it. Raises InvalidQuery, EngineUnavailable.
    """
    first = replace(query, page=1, per_page=1, sort="relevance", facets=(), cursor=None)
    answer = service.search(first, proposing=False)
    request = replace(
        answer.plan.request,
        signals=Signals(base=1.0, pinned=(id_,)),
        order=Order.RELEVANCE,
        after=None,
    )
    page = service.index.search(request)
    found = bool(page.hits) and page.hits[0].id == id_
    return replace(answer, page=page, nearby=None) if found else None
