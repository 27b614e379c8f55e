"""A trial: people see the lists of two ranking profiles in one, and their clicks tell which is the better."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b

from discovery.config import Settings
from discovery.engine.port import Hit, Order
from discovery.search.answer import Answer
from discovery.search.query import MAX_PER_PAGE, Query, mark_of
from discovery.search.service import SearchService
from discovery.search.team_draft import draft

APART = "-"
"""In place of teams: the profiles find other suppliers, which a click can't compare."""
DEPTH = MAX_PER_PAGE
"""Places of a list that are drafted; behind them the first profile's order goes on."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Two profiles on trial.

    `one`: the profile that served before; `other`: the one to be tried against it.
    """

    one: str
    other: str

    @classmethod
    def read(cls, text: str) -> Trial | None:
        """Parse `one:other`; None when there is no trial."""
        one, _, other = text.partition(":")
        return cls(one, other) if other else None

    @property
    def name(self) -> str:
        """`one:other`, as it is set and logged."""
        return f"{self.one}:{self.other}"

    def missing(self, profiles: Collection[str]) -> tuple[str, ...]:
        """Names of its profiles that do not exist."""
        return tuple(name for name in (self.one, self.other) if name not in profiles)


def faults(settings: Settings, profiles: Collection[str]) -> Iterator[str]:
    """Sentences that say why the trial in the settings can't run; none when it can or there is none."""
    trial = Trial.read(settings.trial)
    if trial is None:
        return
    if not settings.events:
        yield "DISCOVERY_TRIAL: it learns from clicks; set DISCOVERY_EVENTS=true, or unset DISCOVERY_TRIAL"
    for name in trial.missing(profiles):
        yield f"DISCOVERY_TRIAL={trial.name}: no ranking profile “{name}”; there are {', '.join(sorted(profiles))}"


@dataclass(frozen=True, slots=True)
class Observed:
    """What clicks on an answer are told by. `query_id`: of the search on this day, whoever asks it, of any page.
    `teams`: whose each place is, from the first of the first page; `APART`, or empty where nothing is tried."""

    query_id: str
    teams: str = ""


def searched(
    service: SearchService, query: Query, trial: Trial | None, day: date, key: bytes
) -> tuple[Answer, Observed]:
    """Answer a query, drafted from both profiles where the trial takes part. Raises InvalidQuery, EngineUnavailable.

    It takes part in searches by relevance that name no profile, for which both find as many suppliers. Which of them
    places first is drawn by search and day: pages of a list fit together, and caches may keep them. `key`: up to 64
    bytes, without which nobody tells from an id what was searched.
    """
    tried = trial if trial and _taken(query) and not trial.missing(service.mappings.profiles) else None
    if tried is None:
        answer = service.search(query)
        return answer, Observed(_query_id(answer, day, key))
    whole = replace(query, page=1, per_page=query.page * query.per_page)
    answer = service.search(replace(whole, profile=tried.one))
    back = replace(answer.plan.query, profile=query.profile, page=query.page, per_page=query.per_page)
    answer = replace(answer, plan=replace(answer.plan, query=back))
    id_ = _query_id(answer, day, key)
    hits, teams = _drafted(service, answer, replace(whole, profile=tried.other), f"{id_} {tried.name}")
    shown = hits[(query.page - 1) * query.per_page :]
    return replace(answer, page=replace(answer.page, hits=shown)), Observed(id_, teams)


def _taken(query: Query) -> bool:
    return query.sort == "relevance" and query.profile is None and 0 < query.page * query.per_page <= DEPTH


def _drafted(service: SearchService, answer: Answer, other: Query, drawn_by: str) -> tuple[tuple[Hit, ...], str]:
    """The hits from the first page's first, and whose they are; the answer's own where there is nothing to compare."""
    if not answer.page.total or answer.plan.request.order is not Order.RELEVANCE:
        return answer.page.hits, ""
    page = service.search(replace(other, facets=()), proposing=False).page
    if page.total != answer.page.total:
        return answer.page.hits, APART
    one, two = ({hit.id: hit for hit in hits} for hits in (answer.page.hits, page.hits))
    seed = int.from_bytes(blake2b(drawn_by.encode(), digest_size=8).digest(), "big")
    found, length = draft(tuple(one), tuple(two), seed), len(answer.page.hits)
    return tuple(one.get(id_) or two[id_] for id_ in found.ranked[:length]), found.teams[:length]


def _query_id(answer: Answer, day: date, key: bytes) -> str:
    found = f"{day.isoformat()} {mark_of(answer.plan.query, answer.plan.request.text)}"
    return blake2b(found.encode(), key=key, digest_size=12).hexdigest()
