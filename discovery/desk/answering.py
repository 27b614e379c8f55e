"""Each lot searched, and who could answer it. One lot that can't be answered leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from discovery.desk.figures import Reckoned, reckoned
from discovery.desk.law import Asked, Ruled, buyer_of, nature_of, ruled
from discovery.desk.lot import Lot
from discovery.desk.reading import Reader, Reading, ways
from discovery.engine.port import Document, Filters
from discovery.mappings.purchases import Buyer, Law, Step
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
    law: Sequence[Ruled] = ()


def potential(market: Market, amount: float | None, thresholds: Law, law: Sequence[Ruled] = ()) -> Potential:
    """The first step whose conditions hold: dependency not known is never taken for low. `amount`: euros of a year."""
    known = [one for one in market.turnovers if one > 0]
    typical = float(median(known)) if len(known) >= thresholds.turnovers else None
    dependency = 100 * amount / typical if amount is not None and typical else None
    independent = dependency is not None and dependency < thresholds.dependency_percent
    step = next(
        one for one in thresholds.steps if market.total > one.more_than and (independent or not one.independent)
    )
    return Potential(market, step, typical, dependency, law if market.total else ())


Cell = tuple[str, str]
"""A trade at a place."""
MOST = 4
"""Suppliers of a group: more of them do not answer as one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Suppliers that answer together, who brings most first: they could lead. `brings`: id → cells that nobody before
    them brings. `uncovered`: cells that none of them does. `short`: people that would still be needed."""

    brings: Mapping[str, tuple[Cell, ...]]
    uncovered: tuple[Cell, ...] = ()
    short: float = 0.0


def covering(cells: Mapping[Cell, Sequence[str]], people: Mapping[str, float], needed: float = 0.0) -> Group | None:
    """The group that covers most; None where somebody does it all alone, or nobody does any of it. `cells`: who does
    each, the best first; `people`: of a supplier, 0 = not known; `needed`: people in all."""
    holders = {cell: frozenset(ids) for cell, ids in cells.items()}
    ranked = list(dict.fromkeys(id_ for ids in cells.values() for id_ in ids))
    left = {cell for cell, ids in holders.items() if ids}
    if not left or any(people.get(id_, 0) >= needed and all(id_ in ids for ids in holders.values()) for id_ in ranked):
        return None
    brings: dict[str, tuple[Cell, ...]] = {}
    short, whole = needed, len(left)
    while (left or short > 0) and len(brings) < MOST:
        gains = {
            id_: sum(id_ in holders[cell] for cell in left) / whole
            + (min(people.get(id_, 0.0), short) / needed if short > 0 else 0.0)
            for id_ in ranked
            if id_ not in brings
        }
        best = max(gains, key=lambda id_: gains[id_], default="")
        if not best or gains[best] <= 0:
            break
        brings[best] = tuple(cell for cell in cells if cell in left and best in holders[cell])
        left -= set(brings[best])
        short = max(short - people.get(best, 0.0), 0.0)
    return Group(brings, tuple(cell for cell in cells if cell in left or not holders[cell]), short)


HELD = 60
"""Suppliers of each trade and place of a lot among which a group is looked for."""
MAX_CELLS = 3
"""Trades of a lot, and places, for which a group is looked for."""
Contract = tuple[Buyer | None, float | None]
"""Who buys, and the value of all lots before tax; None = not known."""
LOOKED_AT = 30
"""Suppliers of a lot whose turnover is looked at."""
FACETS = ("kind", "kind_group", "department", "region", "employees", "coverage", "national")


@dataclass(frozen=True, slots=True)
class LotFound:
    """A lot with its answer.

    `answer` None: `problems` say why. `trade`: whether a trade is recognised; without one there is no potential.
    `problems` beside an answer: what was left out to give it, such as a place that nobody knows. `read_with`: the
    title of its notice, when that told the trade. `lot`: with what was read of it; `reading`: what told that.
    `group`: who covers it together, where nobody does alone; `members`: their documents by id.
    """

    lot: Lot
    answer: Answer | None = None
    trade: bool = False
    potential: Potential | None = None
    problems: tuple[Problem, ...] = ()
    read_with: str = ""
    reading: Reading | None = None
    reckoned: Reckoned | None = None
    contract: Contract = (None, None)
    group: Group | None = None
    members: Mapping[str, Document] = field(default_factory=dict)


def answered(
    service: SearchService,
    lots: Sequence[Lot],
    lang: Lang = "fr",
    scope: tuple[Filters, ...] = (),
    buyer: Buyer | None = None,
) -> list[LotFound]:
    """Each lot of a notice answered, in their order, among the suppliers that `scope` leaves. `buyer`: who buys, None =
    as the notice tells. Raises EngineUnavailable."""
    return list(each(service, lots, lang, scope, buyer, together=True))


def each(
    service: SearchService,
    lots: Iterable[Lot],
    lang: Lang = "fr",
    scope: tuple[Filters, ...] = (),
    buyer: Buyer | None = None,
    *,
    together: bool = False,
) -> Iterator[LotFound]:
    """Each lot answered, one by one as they are asked for. `together`: they are one contract, whose value the law
    counts. Raises EngineUnavailable."""
    reader = Reader(service.understand, service.mappings, service.gazetteer, lang)
    total = None
    if together:
        lots = list(lots)
        total = _total([reader.read(lot).lot for lot in lots])
    for lot in lots:
        with service.at_once() as search:  # a turn each: others are answered in between
            yield _found(search, reader, lot, lang, scope, (buyer, total), grouping=together)


def _total(lots: Sequence[Lot]) -> float | None:
    """Euros before tax of all lots: as the notice tells, else their sum where each tells its own."""
    told = next((lot.whole.in_all for lot in lots if lot.whole and lot.whole.amount is not None), None)
    sums = [lot.in_all for lot in lots]
    return told if told is not None else sum(one for one in sums if one is not None) if None not in sums else None


def _found(
    service: SearchService,
    reader: Reader,
    lot: Lot,
    lang: Lang,
    scope: tuple[Filters, ...],
    contract: Contract,
    *,
    grouping: bool = False,
) -> LotFound:
    reading = reader.read(lot)
    asked = list(ways(reading, lang))
    if not asked:
        return LotFound(lot, problems=(Problem("title", "", "lot_empty"),))
    chosen = asked[0]
    if len(asked) > 1 and (lot.cpv or _silent(service, chosen[0])):
        chosen = next((way for way in asked if service.understand(way[0]).needs), chosen)
    found = replace(_searched(service, reading.lot, chosen[0], scope), reading=reading, read_with=chosen[1])
    answer = found.answer
    if answer is None or not found.trade:
        return found
    sectors = {slug for one in answer.needs for slug in one.need.sectors}
    figures = reckoned(found.lot, sectors, service.mappings.figures, service.mappings.vocabulary)
    if figures and figures.asked and figures.posts:
        answer = _manned(answer, figures.posts)
    told = considered(service, found.lot, answer, contract)
    contract = contract[0] or buyer_of(found.lot, service.mappings.law), contract[1]
    found = replace(found, answer=answer, potential=told, reckoned=figures, contract=contract)
    return _grouped(service, found) if grouping else found


def _manned(answer: Answer, posts: float) -> Answer:
    """The answer with those first who have that many people, else in its order."""
    hits = sorted(answer.page.hits, key=lambda hit: (hit.document["public"].get("employees") or 0) < posts)
    return replace(answer, page=replace(answer.page, hits=tuple(hits)))


def _grouped(service: SearchService, found: LotFound) -> LotFound:
    """The lot with the group that covers its trades, places and people, where nobody does alone."""
    answer, figures = found.answer, found.reckoned
    assert answer is not None
    query = answer.plan.pinned
    people = figures.posts if figures and figures.asked and figures.posts else 0.0
    trades = [one.need.text for one in answer.needs][:MAX_CELLS]
    places = query.place[:MAX_CELLS] or ("",)
    if len(trades) * len(places) < 2 and not people:
        return found
    cells: dict[Cell, list[str]] = {}
    documents: dict[str, Document] = {}
    for trade in trades:
        for place in places:
            asked = replace(query, q=trade, place=(place,) if place else (), facets=(), per_page=HELD, page=1)
            hits = service.search(asked, proposing=False).page.hits
            cells[trade, place] = [hit.id for hit in hits]
            documents |= {hit.id: hit.document for hit in hits}
    known = {id_: float(one["public"].get("employees") or 0) for id_, one in documents.items()}
    group = covering(cells, known, people)
    if group is None:
        return found
    return replace(found, group=group, members={id_: documents[id_] for id_ in group.brings})


def considered(service: SearchService, lot: Lot, answer: Answer, contract: Contract) -> Potential:
    """What may be considered for a lot by who answers it, and what the law says of it today."""
    law, (buyer, total) = service.mappings.law, contract
    sectors = {slug for one in answer.needs for slug in one.need.sectors}
    nature = nature_of(sectors, law, service.mappings.vocabulary)
    asked = Asked(nature, lot.in_all if total is None else total, buyer or buyer_of(lot, law))
    return potential(market(answer), lot.a_year, law, ruled(asked, law, service.today()))


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
        return _told(lot, service.search(asked, proposing=False))
    except InvalidQuery as error:
        if any(one.parameter not in ("place", "near", "radius") for one in error.problems):
            return LotFound(lot, problems=error.problems)
        problems = error.problems
    try:
        answer = service.search(replace(asked, place=(), near="", radius=None), proposing=False)
    except InvalidQuery as error:
        return LotFound(lot, problems=(*problems, *error.problems))
    return replace(_told(lot, answer), problems=problems)


def _told(lot: Lot, answer: Answer) -> LotFound:
    return LotFound(lot, answer, trade=bool(answer.needs))


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
