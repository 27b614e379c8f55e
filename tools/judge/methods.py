"""What a simpler search would answer, to know what ours is worth: trigrams of the name, and words
without analysis.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from discovery.engine.port import Document
from discovery.mappings.vocabulary import Vocabulary
from tools.judge.answers import DEPTH, Ranked, Ranker
from tools.judge.judgments import JudgedQuery

if TYPE_CHECKING:
    from discovery.engine.elasticsearch import Connection

THRESHOLD = 0.1
"""The least similarity shown; pg_trgm's own 0.3 would leave most phrases without a hit."""
_WORD = re.compile(r"[^\W_]+")

PLAIN_FIELDS = ("name", "brand", "description", "offers", "sectors", "kind", "city")


def trigrams(text: str) -> frozenset[str]:
    """PostgreSQL's pg_trgm: of each word in small letters, two spaces before it and one after."""
    padded = (f"  {word} " for word in _WORD.findall(text.lower()))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared trigrams over all trigrams (Jaccard), 0 to 1."""
    everything = one | other
    return len(one & other) / len(everything) if everything else 0.0


def trigram_ranker(documents: Mapping[str, Document]) -> Ranker:
    """The peer's method: suppliers whose name (or brand) resembles the phrase, the likest first."""
    known = [
        (
            id_,
            [
                trigrams(document["public"][part])
                for part in ("name", "brand")
                if document["public"][part]
            ],
        )
        for id_, document in sorted(documents.items())
    ]

    def rank(_: JudgedQuery, text: str) -> Ranked:
        started = time.perf_counter()
        asked = trigrams(text)
        scored = [(max(similarity(asked, one) for one in names), id_) for id_, names in known]
        found = sorted(
            (one for one in scored if one[0] >= THRESHOLD), key=lambda one: (-one[0], one[1])
        )
        return Ranked(
            tuple(id_ for _, id_ in found[:DEPTH]),
            len(found),
            (time.perf_counter() - started) * 1000,
        )

    return rank


def plain(document: Document, vocabulary: Vocabulary) -> dict[str, Any]:
    """A supplier as anyone would index it in an afternoon: its texts, the labels of its sectors,
    its kind and city.
    """
    public = document["public"]
    sectors = [
        vocabulary.sectors[one["sector"]]
        for one in public["activities"]
        if one["sector"] in vocabulary.sectors
    ]
    return {
        "name": public["name"],
        "brand": public["brand"],
        "description": public["description"],
        "offers": [
            text for one in public["offers"] for text in (one["name"], one["description"]) if text
        ],
        "sectors": [one.labels["fr"] for one in sectors],
        "kind": public["kind"],
        "city": public["address"]["city"],
    }


@contextmanager
def plain_ranker(
    connection: Connection, index: str, documents: Mapping[str, Document], vocabulary: Vocabulary
) -> Iterator[Ranker]:
    """A ranker by Elasticsearch's `multi_match` with its defaults, over an index of its own that
    goes at the end of the `with`.
    """
    client = connection.client
    properties = {name: {"type": "text"} for name in PLAIN_FIELDS}
    client.indices.create(
        index=index,
        settings={"number_of_shards": 1, "number_of_replicas": 0},
        mappings={"dynamic": "strict", "properties": properties},
    )
    try:
        lines: list[dict[str, Any]] = []
        for id_, document in documents.items():
            lines += [{"index": {"_id": id_}}, plain(document, vocabulary)]
        done = client.bulk(index=index, operations=lines, refresh=True)
        if done["errors"]:
            raise RuntimeError(f"the index {index} took not every supplier")

        def rank(_: JudgedQuery, text: str) -> Ranked:
            started = time.perf_counter()
            asked = {"multi_match": {"query": text, "fields": list(PLAIN_FIELDS)}}
            answer = client.search(
                index=index, query=asked, size=DEPTH, source=False, track_total_hits=True
            )
            took = (time.perf_counter() - started) * 1000
            hits = answer["hits"]
            return Ranked(tuple(hit["_id"] for hit in hits["hits"]), hits["total"]["value"], took)

        yield rank
    finally:
        client.indices.delete(index=index, ignore_unavailable=True)
