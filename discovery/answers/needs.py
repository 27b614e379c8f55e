"""Answered lots → the JSON of `/api/v1/needs`, and a workbook. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Literal, TypedDict

from discovery.answers import links
from discovery.answers.files import Row, Sheet, headers, row
from discovery.answers.search import (
    SEARCH_PATH,
    NoticeBody,
    ParameterError,
    Presenter,
    Result,
    SearchAnswer,
    told_problem,
    warning,
)
from discovery.answers.understood import CircleBody, SectorOfNeed
from discovery.desk.answering import LotFound, Potential
from discovery.desk.lot import Lot
from discovery.desk.reading import Told
from discovery.phrase.model import KnownBy
from discovery.search.answer import Answer
from discovery.search.query import Query
from discovery.texts import t

SHOWN = 5
"""Suppliers of a lot that are named."""


class FoundTrade(TypedDict):
    text: Annotated[str, "The words or the code that told it."]
    sectors: list[SectorOfNeed]
    known_by: KnownBy
    total: Annotated[int, "Suppliers found for it alone."]


class FoundPlace(TypedDict):
    value: Annotated[str, "A place code, as in `place=`."]
    label: str
    text: Annotated[str, "What stands in the title."]


class Counted(TypedDict):
    value: str
    label: str
    count: int


class PotentialOfLot(TypedDict):
    """How much there is to buy from, with the means of law that it allows."""

    suggestion: Annotated[str, "Name of a step of `mappings/potential.yaml`."]
    label: Annotated[str, "Its name, to show to people."]
    text: Annotated[str, "To show to people: help for thinking, no legal advice."]
    direct: Annotated[str | None, "What a small amount allows besides."]
    social: Annotated[str | None, "What social, care, sport and training services allow besides."]
    articles: Annotated[list[str], "Of the French code of public procurement."]
    suppliers: int
    insertion: int
    handicap: int
    located: Annotated[int, "Seated at the place; 0 without one."]
    serving: Annotated[int, "That come there, seated there or not."]
    presumed: Annotated[int, "Taken to work there, which is not confirmed."]
    national: Annotated[int, "That serve all of France."]
    with_employees: Annotated[int, "Whose size is known."]
    with_turnover: Annotated[int, "Of the first thirty, whose turnover is known."]
    typical_turnover: Annotated[float | None, "Euros a year: the middle one."]
    dependency_percent: Annotated[float | None, "The amount, of the typical turnover."]


class LotLinks(TypedDict):
    page: Annotated[str, "The same search, for people."]
    api: Annotated[str, "The same search, for programs."]


class AsAsked(TypedDict):
    """A lot as it was asked."""

    title: str
    cpv: Annotated[list[str], "As digits."]
    place: str | None
    near: str | None
    radius: float | None
    amount: float | None
    amount_months: Annotated[int | None, "Months that the amount is the price of; null: of all that is bought."]
    amount_before_tax: Annotated[float | None, "Of the whole contract."]
    months: Annotated[int | None, "How long it lasts."]
    insertion_hours: Annotated[float | None, "Hours of insertion that are asked for."]
    asked_kinds: list[str]
    number: Annotated[str | None, "As the notice numbers it."]


class ReadPart(TypedDict):
    what: Literal["place", "kind", "exclusion", "amount", "total", "duration", "hours"]
    value: Annotated[str, "A place code, a kind, euros, months, hours."]
    label: Annotated[str, "To show to people."]
    text: Annotated[str, "The words that told it."]
    of_notice: Annotated[bool, "Said of the whole notice, and held for a lot that says nothing else."]


class LotOutcome(AsAsked):
    """A lot with what was found for it."""

    read: Annotated[list[ReadPart], "What its sentences and its notice's told besides its title and labels."]
    unread: Annotated[list[str], "Its sentences that told nothing that is used."]

    recognised: Annotated[bool, "false: no inclusive trade was recognised; nothing is counted or listed."]
    read_with: Annotated[str | None, "The title of the notice, when that told the trade and not the lot's own."]
    said: Annotated[str, "The outcome, to show to people."]
    trades: list[FoundTrade]
    places: Annotated[list[FoundPlace], "Those understood from the title."]
    circle: CircleBody | None
    total: Annotated[int, "Suppliers."]
    kinds: list[Counted]
    departments: list[Counted]
    suppliers: Annotated[list[Result], "The first five."]
    potential: PotentialOfLot | None
    warnings: list[NoticeBody]
    problems: Annotated[list[ParameterError], "Why the lot could not be answered, or what was left out to answer it."]


class AnsweredLot(LotOutcome):
    links: LotLinks | None


class NeedsAnswer(TypedDict):
    lots: list[AnsweredLot]
    with_trade: Annotated[int, "Lots of which a trade is recognised."]
    notice: Annotated[str, "To show beside suggestions."]


def body(found: Sequence[LotFound], presenter: Presenter, lang: str) -> NeedsAnswer:
    """All lots answered, as the API tells them."""
    return {
        "lots": [lot(one, presenter, lang) for one in found],
        "with_trade": sum(one.trade for one in found),
        "notice": t("need.no_advice", lang),
    }


def lot(one: LotFound, presenter: Presenter, lang: str, named: int = SHOWN) -> AnsweredLot:
    """One lot answered. `named`: how many suppliers are told of it, at most."""
    asked = _asked(one.lot)
    read = _read(one, presenter, lang)
    unread = list(one.reading.unread) if one.reading else []
    problems = [told_problem(problem, lang) for problem in one.problems]
    if one.answer is None:
        return {
            **asked,
            "read": read,
            "unread": unread,
            "recognised": False,
            "read_with": None,
            "trades": [],
            "places": [],
            "circle": None,
            "total": 0,
            "kinds": [],
            "departments": [],
            "suppliers": [],
            "potential": None,
            "warnings": [],
            "links": None,
            "said": t("need.lot_failed", lang),
            "problems": problems,
        }
    answer = one.answer
    shown = replace(answer, page=replace(answer.page, hits=answer.page.hits[: named if one.trade else 0]))
    told = presenter.answer(shown)
    total = answer.page.total if one.trade else 0
    search = lasting(answer)
    return {
        **asked,
        "read": read,
        "unread": unread,
        "recognised": one.trade,
        "read_with": one.read_with or None,
        "said": _outcome(told, lang) if one.trade else t("need.no_trade", lang),
        "trades": [
            {"text": need["text"], "sectors": need["sectors"], "known_by": need["known_by"], "total": need["total"]}
            for need in told["query"]["needs"]
        ],
        "places": [
            {"value": piece["value"], "label": piece["label"], "text": piece["text"]}
            for piece in told["query"]["interpretation"]
            if piece["type"] == "place"
        ],
        "circle": told["query"]["circle"],
        "total": total,
        "kinds": _counts(told, "kind") if one.trade else [],
        "departments": _counts(told, "department") if one.trade else [],
        "suppliers": told["results"],
        "potential": None if one.potential is None else potential(one.potential, lang),
        "warnings": [warning(notice, lang) for notice in answer.plan.notices],
        "problems": problems,
        "links": {
            "page": links.address(f"{presenter.base}/", search),
            "api": links.address(presenter.base + SEARCH_PATH, search),
        },
    }


def lasting(answer: Answer) -> Query:
    """The search that finds the same from now on, without what only a lot's answer needs."""
    return replace(links.for_people(answer.plan.pinned), per_page=Query().per_page, facets=None)


def _read(one: LotFound, presenter: Presenter, lang: str) -> list[ReadPart]:
    told = one.reading.told if one.reading else ()
    return [
        {
            "what": part.what,
            "value": part.value,
            "label": t(f"need.read_{part.what}", lang, value=_named(part, presenter, lang)),
            "text": part.text,
            "of_notice": part.whole,
        }
        for part in told
    ]


def _named(part: Told, presenter: Presenter, lang: str) -> str:
    if part.what == "place":
        return presenter.names.gazetteer.label(part.value, lang)
    return part.value if part.what in ("kind", "duration", "hours") else part.text


def _asked(lot: Lot) -> AsAsked:
    return {
        "number": lot.number or None,
        "title": lot.title,
        "cpv": list(lot.cpv),
        "place": lot.place or None,
        "near": lot.near or None,
        "radius": lot.radius,
        "amount": lot.amount,
        "amount_months": lot.per or None,
        "amount_before_tax": None if lot.in_all is None else round(lot.in_all, 2),
        "months": lot.months,
        "insertion_hours": lot.hours,
        "asked_kinds": list(lot.kinds),
    }


def _outcome(told: SearchAnswer, lang: str) -> str:
    """How many are found; besides, where few are, how many sit there and have not said what they do."""
    found, unknown = t("need.lot_found", lang, count=told["total"]["value"]), told["unknown_trades"]
    return f"{found} {unknown['heading']}." if unknown else found


def _counts(told: SearchAnswer, facet: str) -> list[Counted]:
    return [
        {"value": one["value"], "label": one["label"], "count": one["count"]}
        for one in told["facets"].get(facet, ())
        if one["count"]
    ]


def trades(lot: LotOutcome) -> list[str]:
    """Labels of all trades of a lot, each once."""
    return list(dict.fromkeys(sector["label"] for trade in lot["trades"] for sector in trade["sectors"]))


def why(trade: FoundTrade, lang: str) -> str:
    """What told a trade, in words."""
    known_by = trade["known_by"] if trade["known_by"] in {"classifier", "code"} else "words"
    return t(f"need.by_{known_by}", lang, text=trade["text"])


def remarks(lot: LotOutcome) -> list[str]:
    """What is wrong with a lot, and what it is warned of, in sentences."""
    return [*(one["message"] for one in lot["problems"]), *(one["message"] for one in lot["warnings"])]


def ideas(told: PotentialOfLot) -> str:
    """The sentences of what may be considered, joined."""
    return " ".join(filter(None, (told["text"], told["direct"], told["social"])))


def potential(found: Potential, lang: str) -> PotentialOfLot:
    """How much there is to buy from, as JSON."""
    market = found.market
    besides = [one for one in (found.direct, found.social) if one]
    articles = [*found.step.articles, *(article for one in besides for article in one.articles)]
    return {
        "suggestion": found.step.name,
        "label": found.step.label[lang],
        "text": found.step.says[lang],
        "direct": found.direct.says[lang] if found.direct else None,
        "social": found.social.says[lang] if found.social else None,
        "articles": list(dict.fromkeys(articles)),
        "suppliers": market.total,
        "insertion": market.insertion,
        "handicap": market.handicap,
        "located": market.located,
        "serving": market.serving,
        "presumed": market.presumed,
        "national": market.national,
        "with_employees": market.with_employees,
        "with_turnover": len(market.turnovers),
        "typical_turnover": found.typical_turnover,
        "dependency_percent": None if found.dependency is None else round(found.dependency, 1),
    }


def sheets(found: Sequence[LotFound], presenter: Presenter, lang: str) -> Iterator[Sheet]:
    """A summary, then a sheet for each lot with the suppliers that were looked at, as an export gives them."""
    columns = ("lot", "title")
    head = [
        *(t(f"need.column_{name}", lang) for name in columns), t("need.trades", lang), t("need.column_found", lang),
        t("need.ideas", lang), t("need.column_search", lang),
    ]  # fmt: skip
    yield Sheet(t("need.summary_sheet", lang), head, map(_summary, body(found, presenter, lang)["lots"]))
    for place, one in enumerate(found, 1):
        hits = one.answer.page.hits if one.answer and one.trade else ()
        rows: list[Row] = [row(hit, presenter.names, lang) for hit in hits]
        yield Sheet(t("need.lot", lang, number=place), headers(lang), rows)


def _summary(lot: AnsweredLot) -> Row:
    potential = lot["potential"]
    return [
        lot["number"] or "", lot["title"], " | ".join(trades(lot)), lot["total"],
        ideas(potential) if potential else lot["said"], lot["links"]["page"] if lot["links"] else "",
    ]  # fmt: skip
