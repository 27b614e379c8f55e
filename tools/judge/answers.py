"""Who is asked the judged queries: the search of this program, or any version of it that serves
over HTTP.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from urllib.request import urlopen

from discovery.search.query import Query
from discovery.search.service import SearchService
from tools.judge.judgments import JudgedQuery

AS_OF = date(2026, 1, 1)
"""The day from which freshness is measured, so that an evaluation gives the same tomorrow."""
DEPTH = 50
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """What was answered: ids, best first, at most `DEPTH`; how many were found in all; how long it
    took. `recognised`: whether it says so with confidence; `corrected`: the phrase with its typos
    mended, where it mended some. `nearest`: whether it shows who is nearest, nobody being at the
    place; `trades`: the sectors of each trade that it claims, None where nobody tells.
    """

    ids: tuple[str, ...]
    total: int
    took_ms: float
    recognised: bool = True
    corrected: str | None = None
    nearest: bool = False
    trades: tuple[frozenset[str], ...] | None = None


Ranker = Callable[[JudgedQuery, str], Ranked]
"""A judged query and the text typed for it → an answer."""


def service_ranker(
    service: SearchService,
    profile: str | None = None,
    *,
    day: date = AS_OF,
    without: tuple[str, ...] = (),
) -> Ranker:
    """The product itself, on that `day`: phrase understood, words relaxed where it does so; over
    all of the index, whatever part of it is open. `without`: layers of the profile that are
    switched off.
    """
    service = service.everywhere()

    def sectors_of(slug: str) -> list[str]:
        return [one.value for one in service.mappings.vocabulary.sectors_of(slug)] or [slug]

    def rank(query: JudgedQuery, text: str) -> Ranked:
        asked = Query(
            q=text,
            lang=query.lang,
            profile=profile,
            per_page=DEPTH,
            facets=(),
            as_of=day,
            without=without,
        )
        started = time.perf_counter()
        answer = service.search(asked)
        took = (time.perf_counter() - started) * 1000
        ids = tuple(hit.id for hit in answer.page.hits)
        claimed = (one.need.sectors for one in answer.needs if not one.need.possible)
        trades = tuple(
            frozenset(one for slug in trade for one in sectors_of(slug)) for trade in claimed
        )
        nearest = answer.nearby is not None
        return Ranked(
            ids,
            answer.page.total,
            took,
            answer.plan.recognised,
            answer.plan.did_you_mean,
            nearest,
            trades,
        )

    return rank


def served_ranker(base: str) -> Ranker:
    """A ranker that types phrases into a service at that address (`http://host:port`), of any
    version: it is how two of them are compared. It measures freshness from today. A version that
    does not say whether it recognised a phrase (`query.recognised`) is taken at its word: sure of
    what it found without relaxing.
    """

    def rank(query: JudgedQuery, text: str) -> Ranked:
        asked = urlencode({"q": text, "lang": query.lang, "per_page": DEPTH, "facets": "none"})
        started = time.perf_counter()
        with urlopen(f"{base.rstrip('/')}/api/v1/search?{asked}", timeout=TIMEOUT_S) as answer:  # noqa: S310 - given by who runs it
            body = json.load(answer)
        took = (time.perf_counter() - started) * 1000
        found, total = body["query"], body["total"]["value"]
        sure = found.get("recognised", bool(total) and not found["relaxed"])
        ids = tuple(hit["id"] for hit in body["results"])
        return Ranked(ids, total, took, sure, found["did_you_mean"], bool(body.get("nearby")))

    return rank
