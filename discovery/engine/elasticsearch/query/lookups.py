"""Bodies of the look-ups: by id or slug, by company, by name, by version; and the index's own state
and words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from discovery.engine.elasticsearch.query.clauses import Clause, both, either, prefix, term
from discovery.model import dataclass

Body = dict[str, Any]

MAX_PER_COMPANY = 10_000
"""Establishments answered at most: the largest window that Elasticsearch gives by default."""

HELD_PAGE = 500
"""Whole documents: some 2 MB."""

KEPT = "2m"
"""How long the engine keeps a point in time between two pages: as long as the caller may take over
one.
"""

_LIVE = term("live", True)
_MAX_COMPLETE = {"completeness": {"order": "desc", "missing": "_last"}}


def by_id_or_slug(key: str) -> Body:
    """The document of that id, else of that slug, else of that former slug; of namesakes the live
    one.
    """
    levels = [("id", 3.0), ("slug", 2.0), ("former_slugs", 1.0)]
    queries = [
        {"constant_score": {"filter": term(field, key), "boost": boost}} for field, boost in levels
    ]
    return {
        "query": {"dis_max": {"queries": queries}},
        "sort": [{"_score": "desc"}, {"live": "desc"}, {"id": "asc"}],
        "size": 1,
    }


def by_company(field: str, number: str) -> Body:
    """Live suppliers with this SIRET or SIREN, by id. `field`: `siret` or `siren`."""
    return {
        "query": both(_LIVE, term(field, number)),
        "sort": [{"id": "asc"}],
        "size": MAX_PER_COMPANY,
    }


def names(words: Sequence[str], siret: str, limit: int) -> Body | None:
    """Suppliers named with all words, the last one as a prefix; or whose SIRET starts with the
    digits.

    None when neither is given: nothing is found.
    """
    ways: list[Clause] = []
    if words:
        ways.append(
            both(
                *(term("name_words", word) for word in words[:-1]), prefix("name_words", words[-1])
            )
        )
    if siret:
        ways.append(prefix("siret", siret))
    if not ways:
        return None
    return {
        "query": both(_LIVE, either(ways)),
        "sort": [_MAX_COMPLETE, {"id": "asc"}],
        "size": limit,
    }


def versions(after: str, limit: int) -> Body:
    """Ids above `after`, in order, with their versions."""
    return {
        "query": {"range": {"id": {"gt": after}}} if after else {"match_all": {}},
        "sort": [{"id": "asc"}],
        "size": limit,
        "version": True,
        "_source": False,
    }


def everything(pit: str, after: Sequence[Any] | None) -> Body:
    """The next documents of a point in time, in the order in which they lie: quick, and blind to no
    document.
    """
    page: Body = {
        "query": {"match_all": {}},
        "pit": {"id": pit, "keep_alive": KEPT},
        "sort": [{"_shard_doc": "asc"}],
        "size": HELD_PAGE,
        "track_total_hits": False,
        "version": True,
    }
    return page if after is None else page | {"search_after": list(after)}


def state() -> Body:
    """What can be searched now: how much, and up to which write.

    Without hits, so that Elasticsearch answers it from its cache until the next refresh. The number
    of documents and the highest sequence number tell any two states apart: while that number stays,
    documents can only go.
    """
    return {
        "size": 0,
        "track_total_hits": True,
        "aggs": {"last": {"max": {"field": "_seq_no"}}, "live": {"filter": _LIVE}},
    }


def words(after: str | None, size: int) -> Body:
    """A page of the index's words with the number of live documents that hold each, in their order."""
    page: dict[str, Any] = {"size": size, "sources": [{"word": {"terms": {"field": "words"}}}]}
    if after is not None:
        page["after"] = {"word": after}
    return {"size": 0, "query": both(_LIVE), "aggs": {"words": {"composite": page}}}


@dataclass(frozen=True, slots=True)
class State:
    """What can be searched at a moment."""

    documents: int
    stamp: str


def state_in(answer: Mapping[str, Any]) -> State:
    """The index's state (live documents, generation) from the answer to `state`."""
    found = answer["aggregations"]
    last = found["last"]["value"]
    written = -1 if last is None else int(last)
    return State(found["live"]["doc_count"], f"{written}.{answer['hits']['total']['value']}")
