"""Elasticsearch's answers read as the port's: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discovery.engine import trades
from discovery.engine.elasticsearch.query import facets, order
from discovery.engine.port import Document, Hit, Order, SearchPage, SearchRequest

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """What can be searched at a moment (see `lookups.state`)."""

    documents: int
    stamp: str


def state(answer: Answer) -> State:
    """The index's state (live documents, generation) from the answer to `lookups.state`."""
    found = answer["aggregations"]
    last = found["last"]["value"]
    return State(found["live"]["doc_count"], f"{-1 if last is None else int(last)}.{total(answer)}")


def total(answer: Answer) -> int:
    """How many documents matched."""
    return int(answer["hits"]["total"]["value"])


def documents(answer: Answer) -> list[Document]:
    """The documents of the hits, in their order."""
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def page(answer: Answer, counted: Answer, request: SearchRequest) -> SearchPage:
    """The page of a request. `answer`: to its body; `counted`: to the body of its facets."""
    return SearchPage(
        total=total(answer),
        hits=tuple(_hit(hit, request) for hit in answer["hits"]["hits"]),
        facets=facets.counts(request, counted.get("aggregations", {})),
    )


def _hit(hit: Mapping[str, Any], request: SearchRequest) -> Hit:
    score = float(hit["_score"]) if request.order is Order.RELEVANCE else None
    return trades.hit(hit["_source"], request, score=score, position=order.position(request, hit["sort"]))
