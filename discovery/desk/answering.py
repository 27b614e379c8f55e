"""Each lot searched, and who could answer it. One lot that can't be answered leaves the others alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from discovery.desk.lot import Lot
from discovery.desk.reading import Reader, Reading, ways
from discovery.engine.port import Filters
from discovery.mappings.purchases import Direct, Social, Step, Thresholds
from discovery.mappings.vocabulary import Lang
from discovery.phrase.model import OUTSIDE_LIKELY, OUTSIDE_TRADE
from discovery.search.answer import Answer
from discovery.search.query import InvalidQuery, Problem, Query
from discovery.search.service import SearchService


@dataclass(frozen=True, slots=True)
class Market:
    """Suppliers that do the trade there. `located`, `serving`, `presumed`: of `total`, who sits there, who comes there,
    and of whom that is not confirmed (all 0 without a place); `with_employees`: whose size is known. `turnovers`: known
    ones, euros a year, of the first suppliers."""

    total: int
    insertion: int = 0
    handicap: int = 0
    located: int = 0
    serving: int = 0
    presumed: int = 0
    national: int = 0
    with_employees: int = 0
    turnovers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Potential:
    """What a buyer may consider for a lot, with the figures behind it.

    `dependency`: percent of the typical turnover (euros) that the amount is; None = amount or turnover not known.
    """

    market: Market
    step: Step
    typical_turnover: float | None
    dependency: float | None
    direct: Direct | None
    social: Social | None


def potential(market: Market, lot: Lot, thresholds: Thresholds, sectors: Collection[str] = ()) -> Potential:
    """The first step whose conditions hold: dependency not known is never taken for low. `sectors`: all that is asked
    for."""
    amount = lot.a_year
    known = [one for one in market.turnovers if one > 0]
    typical = float(median(known)) if len(known) >= thresholds.turnovers else None
    dependency = 100 * amount / typical if amount is not None and typical else None
    independent = dependency is not None and dependency < thresholds.dependency_percent
    step = next(
        one for one in thresholds.steps if market.total > one.more_than and (independent or not one.independent)
    )
    small = lot.in_all is not None and lot.in_all < thresholds.direct_below_euros and market.total > 0
    social = market.total > 0 and bool(sectors) and thresholds.social.sectors.issuperset(sectors)
    return Potential(
        market, step, typical, dependency, thresholds.direct if small else None, thresholds.social if social else None
    )


LOOKED_AT = 30
"""Suppliers of a lot whose turnover is looked at."""
FACETS = ("kind", "kind_group", "department", "region", "employees", "coverage", "national")


@dataclass(frozen=True, slots=True)
class LotFound:
    """A lot with its answer.

    `answer` None: `problems` say why. `trade`: whether a trade is recognised; without one there is no potential.
    `problems` beside an answer: what was left out to give it, such as a place that nobody knows. `read_with`: the
    title of its notice, when that told the trade. `lot`: with what was read of it; `reading`: what told that.
    """

    lot: Lot
    answer: Answer | None = None
    trade: bool = False
    potential: Potential | None = None
    problems: tuple[Problem, ...] = ()
    read_with: str = ""
    reading: Reading | None = None


def answered(
    service: SearchService, lots: Sequence[Lot], lang: Lang = "fr", scope: tuple[Filters, ...] = ()
) -> list[LotFound]:
    """Each lot answered, in their order, among the suppliers that `scope` leaves. Raises EngineUnavailable."""
    return list(each(service, lots, lang, scope))


def each(
    service: SearchService, lots: Iterable[Lot], lang: Lang = "fr", scope: tuple[Filters, ...] = ()
) -> Iterator[LotFound]:
    """Each lot answered, one by one as they are asked for. Raises EngineUnavailable."""
    reader = Reader(service.understand, service.mappings, service.gazetteer, lang)
    for lot in lots:
        with service.at_once() as search:  # a turn each: others are answered in between
            yield _found(search, reader, lot, lang, scope)


def _found(service: SearchService, reader: Reader, lot: Lot, lang: Lang, scope: tuple[Filters, ...]) -> LotFound:
    reading = reader.read(lot)
    asked = list(ways(reading, lang))
    if not asked:
        return LotFound(lot, problems=(Problem("title", "", "lot_empty"),))
    chosen = asked[0]
    if len(asked) > 1 and (lot.cpv or _silent(service, chosen[0])):
        chosen = next((way for way in asked if service.understand(way[0]).needs), chosen)
    found = _searched(service, reading.lot, chosen[0], scope)
    return replace(found, reading=reading, read_with=chosen[1])


def _silent(service: SearchService, asked: Query) -> bool:
    """Whether a phrase names neither a trade, even misspelt, nor what nobody here does."""
    intent = service.understand(asked)
    if intent.needs or any(note.code in (OUTSIDE_TRADE, OUTSIDE_LIKELY) for note in intent.notes):
        return False
    try:
        return not service.settled(replace(asked, place=(), near="", radius=None)).request.needs
    except InvalidQuery:
        return False


def _searched(service: SearchService, lot: Lot, asked: Query, scope: tuple[Filters, ...]) -> LotFound:
    asked = replace(asked, per_page=LOOKED_AT, facets=FACETS, scope=scope)
    try:
        return _told(service, lot, service.search(asked, proposing=False))
    except InvalidQuery as error:
        if any(one.parameter not in ("place", "near", "radius") for one in error.problems):
            return LotFound(lot, problems=error.problems)
        problems = error.problems
    try:
        answer = service.search(replace(asked, place=(), near="", radius=None), proposing=False)
    except InvalidQuery as error:
        return LotFound(lot, problems=(*problems, *error.problems))
    return replace(_told(service, lot, answer), problems=problems)


def _told(service: SearchService, lot: Lot, answer: Answer) -> LotFound:
    if not answer.needs:
        return LotFound(lot, answer)
    sectors = {slug for one in answer.needs for slug in one.need.sectors}
    found = potential(market(answer), lot, service.mappings.potential, sectors)
    return LotFound(lot, answer, trade=True, potential=found)


def market(answer: Answer) -> Market:
    """Who could answer, in figures, out of an answer with its facets."""
    counts = {name: {one.value: one.count for one in values} for name, values in answer.facets.items()}
    coverage = counts["coverage"] if answer.plan.request.targets else {}
    turnovers = [hit.document["public"].get("turnover") for hit in answer.page.hits]
    return Market(
        total=answer.page.total,
        insertion=counts["kind_group"].get("insertion", 0),
        handicap=counts["kind_group"].get("handicap", 0),
        located=coverage.get("located", 0),
        serving=coverage.get("serves", 0),
        presumed=coverage.get("presumed", 0),
        national=counts.get("national", {}).get("only", 0),
        with_employees=sum(counts["employees"].values()),
        turnovers=tuple(one for one in turnovers if one),
    )
