"""Judged queries from public contracts: what a buyer wrote, and who won it. Pure but for the engine
it is asked of.

The object of a contract is a phrase of a real buyer; its winner is one right answer, never the only
one: figures compare versions, and say nothing of who is found besides. An index that holds the
contract itself finds its winner by its own words: such queries are told apart.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Any

from discovery.engine.port import Document, Searcher
from discovery.places import normalise
from discovery.search.query import MAX_Q, Query
from discovery.search.service import SearchService

MIN_WORDS = 3
"""Of an object that says what is bought: "Lot 2" does not."""
DEPTHS = (10, 50)


@dataclass(frozen=True, slots=True)
class Won:
    """A public contract as a query, with its winners.

    `q`: the object; `winners`: SIRETs, several where it was won by several; `split`: tune or held.
    """

    q: str
    winners: tuple[str, ...]
    split: str


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a contract's winner was found.

    `rank`: of the first winner, from 1; 0 = not within DEPTHS. `leaks`: the index holds that
    contract.
    """

    split: str
    rank: int
    leaks: bool


def from_contracts(
    suppliers: Iterable[Mapping[str, Any]], masked: Callable[[str], str]
) -> list[Won]:
    """Won contracts as queries, one an object, with the SIRETs of the winners; of suppliers' public
    parts. Left out: who has no SIRET, objects of few words, and those that `masked` changes, in
    which an address or a number of somebody stands.
    """
    won: dict[str, tuple[str, set[str]]] = {}
    for public in suppliers:
        for one in public.get("contracts") or () if public.get("siret") else ():
            text = " ".join(str(one.get("object") or "").split())[:MAX_Q]
            key = normalise(text)
            if len(key.split()) >= MIN_WORDS and masked(text) == text:
                won.setdefault(key, (text, set()))[1].add(str(public["siret"]))
    return [
        Won(text, tuple(sorted(winners)), _split(key))
        for key, (text, winners) in sorted(won.items())
    ]


def _split(key: str) -> str:
    """Half and half, by the words alone: the same contract is on the same side whoever tells of it."""
    return "held" if sha256(key.encode()).digest()[0] % 2 else "tune"


def measured(search: SearchService, view: Searcher, won: Iterable[Won]) -> Iterator[Rank]:
    """The rank of each winner, asked as the page asks."""
    for one in won:
        request = search.request(Query(q=one.q, per_page=DEPTHS[-1], facets=()))
        hits = [hit.document["public"] for hit in view.search(request).hits]
        rank = next(
            (at for at, public in enumerate(hits, 1) if public.get("siret") in one.winners), 0
        )
        leaks = any(_holds(public, one.q) for siret in one.winners for public in _of(search, siret))
        yield Rank(one.split, rank, leaks)


def _of(search: SearchService, siret: str) -> list[Document]:
    return [one["public"] for one in search.engine.by_siret(siret)]


def _holds(public: Mapping[str, Any], q: str) -> bool:
    objects = (normalise(str(one.get("object") or "")) for one in public.get("contracts") or ())
    return any(one.startswith(normalise(q)) for one in objects)


def summary(ranks: Sequence[Rank]) -> dict[str, Any]:
    """Shares found within DEPTHS, the mean of 1/rank, and the middle rank of those found."""
    found = [one.rank for one in ranks if one.rank]
    recall = {
        f"recall@{depth}": _share(sum(0 < one.rank <= depth for one in ranks), len(ranks))
        for depth in DEPTHS
    }
    return {
        "queries": len(ranks),
        **recall,
        "mrr": _share(sum(1 / rank for rank in found), len(ranks)),
        "median_rank": median(found) if found else None,
    }


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
