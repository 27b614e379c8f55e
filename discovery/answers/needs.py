"""Answered lots → the JSON of `/api/v1/needs`, and a workbook. Pure."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypedDict
from urllib.parse import urlencode

from discovery.answers import links
from discovery.answers.files import Row, Sheet, headers, row
from discovery.answers.search import (
    SEARCH_PATH,
    CircleBody,
    NeedBody,
    NoticeBody,
    ParameterError,
    PieceBody,
    Presenter,
    Result,
    SearchAnswer,
    told_problem,
)
from discovery.answers.supplier import Card, card
from discovery.desk.answering import Cell, Group, LotFound, Potential, Told
from discovery.desk.figures import Asked, Reckoned, Ruled
from discovery.desk.lot import Lot
from discovery.model import replace
from discovery.search.answer import Answer, FacetValue
from discovery.search.query import Query
from discovery.texts import decimal, t, written

SHEET_PATH = "/sourcing"
"""The sheet of a search, to print."""
SHOWN = 5
"""Suppliers of a lot that are named."""


class SourceOfRule(TypedDict):
    title: str
    url: str
    checked: Annotated[str, "Day it was last looked at."]
    official: Annotated[bool, "Whether the official text itself was read."]


class RuleOfLot(TypedDict):
    """What the law asks or allows, in `mappings/law.yaml`."""

    rule: Literal["obligation", "direct", "social"]
    outcome: Annotated[
        Literal["applies", "below", "unknown"],
        "`unknown`: the amount or the buyer that decides is not.",
    ]
    text: Annotated[str, "To show to people: help, no legal advice."]
    exemptions: Annotated[list[str], "Reasons not to, each to be justified in writing."]
    articles: list[str]
    since: str
    until: Annotated[str | None, "Its last day."]
    past: Annotated[bool, "Its last day is over: ask before relying on it."]
    source: SourceOfRule


class PotentialOfLot(TypedDict):
    """How much there is to buy from, with the means of law that it allows."""

    suggestion: Annotated[str, "Name of a step of `mappings/law.yaml`."]
    label: Annotated[str, "Its name, to show to people."]
    text: Annotated[str, "To show to people: help for thinking, no legal advice."]
    direct: Annotated[str | None, "What a small amount allows besides."]
    social: Annotated[str | None, "What social, care, sport and training services allow besides."]
    law: Annotated[list[RuleOfLot], "What the law asks and allows on the day of the answer."]
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


class FiguresOfLot(TypedDict):
    """What it comes to by `mappings/figures.yaml`, each number of which has its source."""

    labour_percent: Annotated[float, "Of the price before tax that pays people."]
    insertion_hours: Annotated[
        int | None, "That are asked for, or that a clause may ask for; null: too few for one."
    ]
    asked: Annotated[bool, "Whether the text asks for them."]
    posts: Annotated[float | None, "Full-time posts, while the contract lasts."]
    oeth_deduction: Annotated[
        int | None, "Euros a year, from ESAT, EA, EATT or TIH, before the ceiling."
    ]
    said: Annotated[list[str], "The same, to show to people: help, no advice."]


class GroupMember(Card):
    city: str | None
    brings: Annotated[list[str], "Trades and places that nobody before it brings."]


class GroupOfLot(TypedDict):
    """Suppliers that cover the lot together, where nobody does alone. The first could lead."""

    members: list[GroupMember]
    uncovered: Annotated[list[str], "Trades and places that none of them covers."]
    people_short: Annotated[int, "People that would still be needed."]
    said: Annotated[list[str], "The same, to show to people."]
    letter: Annotated[str, "One text to send to all."]


class LotLinks(TypedDict):
    page: Annotated[str, "The same search, for people."]
    api: Annotated[str, "The same search, for programs."]
    sheet: Annotated[str, "The same search as a sheet to print."]
    proof: Annotated[
        str,
        "That sheet with the amount and the buyer in its address: what was looked for and found.",
    ]


class AsAsked(TypedDict):
    """A lot as it was asked."""

    title: str
    cpv: Annotated[list[str], "As digits."]
    place: str | None
    near: str | None
    radius: float | None
    amount: float | None
    amount_months: Annotated[
        int | None, "Months that the amount is the price of; null: of all that is bought."
    ]
    amount_before_tax: Annotated[float | None, "Of the whole contract."]
    months: Annotated[int | None, "How long it lasts."]
    insertion_hours: Annotated[float | None, "Hours of insertion that are asked for."]
    asked_kinds: list[str]
    number: Annotated[str | None, "As the notice numbers it."]


class ReadPart(TypedDict):
    what: Literal[
        "place", "kind", "exclusion", "amount", "total", "duration", "hours", "taken_over"
    ]
    value: Annotated[str, "A place code, a kind, euros, months, hours."]
    label: Annotated[str, "To show to people."]
    text: Annotated[str, "The words that told it."]
    of_notice: Annotated[
        bool, "Said of the whole notice, and held for a lot that says nothing else."
    ]


class AnsweredLot(AsAsked):
    """A lot with what was found for it."""

    read: Annotated[
        list[ReadPart], "What its sentences and its notice's told besides its title and labels."
    ]
    unread: Annotated[list[str], "Its sentences that told nothing that is used."]

    recognised: Annotated[
        bool, "false: no inclusive trade was recognised; nothing is counted or listed."
    ]
    read_with: Annotated[
        str | None, "The title of the notice, when that told the trade and not the lot's own."
    ]
    said: Annotated[str, "The outcome, to show to people."]
    unknown_trades: Annotated[
        str | None, "Who is seated there and has not said what they do, where few are found."
    ]
    trades: list[NeedBody]
    places: Annotated[list[PieceBody], "Those understood from the title."]
    circle: CircleBody | None
    total: Annotated[int, "Suppliers."]
    kinds: list[FacetValue]
    departments: list[FacetValue]
    suppliers: Annotated[list[Result], "The first five."]
    potential: PotentialOfLot | None
    figures: FiguresOfLot | None
    group: GroupOfLot | None
    warnings: list[NoticeBody]
    problems: Annotated[
        list[ParameterError],
        "Why the lot could not be answered, or what was left out to answer it.",
    ]
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
    answer, told = one.answer, None
    if answer is not None:
        hits = answer.page.hits[: named if one.trade else 0]
        told = presenter.answer(replace(answer, page=replace(answer.page, hits=hits)))
    query = told["query"] if told else None
    unknown = told["unknown_trades"] if told and one.trade else None
    untold = f"{unknown['heading']}." if unknown else None
    return {
        **_asked(one.lot),
        "read": _read(one, presenter, lang),
        "unread": list(one.reading.unread) if one.reading else [],
        "recognised": one.trade,
        "read_with": one.read_with or None,
        "said": " ".join(filter(None, (_outcome(one, told, lang), untold))),
        "unknown_trades": untold,
        "trades": query["needs"] if query else [],
        "places": [piece for piece in query["interpretation"] if piece["type"] == "place"]
        if query
        else [],
        "circle": query["circle"] if query else None,
        "total": told["total"]["value"] if told and one.trade else 0,
        "kinds": _counts(one, told, "kind"),
        "departments": _counts(one, told, "department"),
        "suppliers": told["results"] if told else [],
        "potential": None if one.potential is None else potential(one.potential, lang),
        "figures": None if one.reckoned is None else _figures(one.reckoned, lang),
        "group": None if one.group is None else _group(one, one.group, presenter, lang),
        "warnings": [one for one in told["warnings"] if one["code"] != "hours_of_insertion"]
        if told
        else [],
        "problems": [told_problem(problem, lang) for problem in one.problems],
        "links": None if answer is None else _links(one, lasting(answer), presenter.base),
    }


def _links(one: LotFound, search: Query, base: str) -> LotLinks:
    whole = one.contract or Asked("services", one.lot.in_all)
    amount = (
        {}
        if whole.euros is None
        else {"amount": round(whole.euros), **({"at_least": 1} if whole.at_least else {})}
    )
    told = {**amount, "months": one.lot.months, "buyer": whole.buyer}
    given = urlencode({name: value for name, value in told.items() if value is not None})
    page = links.address("/", search)  # the others differ by their path alone
    sheet = f"{base}{SHEET_PATH}{page[1:]}"
    return {
        "page": base + page,
        "api": f"{base}{SEARCH_PATH}{page[1:]}",
        "sheet": sheet,
        "proof": f"{sheet}{'&' if '?' in sheet else '?'}{given}" if given else sheet,
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
            "label": t(
                f"need.read_{part.what}", lang, value=_named(part, one.lot, presenter, lang)
            ),
            "text": part.text,
            "of_notice": part.whole,
        }
        for part in told
    ]


def _named(part: Told, lot: Lot, presenter: Presenter, lang: str) -> str:
    if part.what == "place":
        return presenter.names.gazetteer.label(part.value, lang)
    months = {"amount": lot.per, "total": lot.whole.per if lot.whole else 0}.get(part.what)
    column = (
        part.what == "amount" and part.text == part.value
    )  # its label or its column told the amount
    value = f"{written(float(part.value), lang)} €" if column else part.text
    if months:
        return t(
            "need.amount_a_year" if months == 12 else "need.amount_per",
            lang,
            value=value,
            count=months,
        )
    return part.value if part.what in ("kind", "duration", "hours", "taken_over") else value


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


def _outcome(one: LotFound, told: SearchAnswer | None, lang: str) -> str:
    if told is None or not one.trade:
        return t("need.no_trade" if told else "need.lot_failed", lang)
    return t("need.lot_found", lang, count=told["total"]["value"])


def _counts(one: LotFound, told: SearchAnswer | None, facet: str) -> list[FacetValue]:
    """Of the values asked for, or of all, those that somebody has."""
    values = (
        [value for value in told["facets"].get(facet, ()) if value["count"]]
        if told and one.trade
        else []
    )
    return (
        [value for value in values if value["selected"]]
        if one.lot.kinds and facet == "kind"
        else values
    )


def trades(lot: AnsweredLot) -> list[str]:
    return list(
        dict.fromkeys(sector["label"] for trade in lot["trades"] for sector in trade["sectors"])
    )


def why(trade: NeedBody, lang: str) -> str:
    """By what a lot's trade was recognised, in words."""
    known_by = trade["known_by"] if trade["known_by"] in {"classifier", "code"} else "words"
    return t(f"need.by_{known_by}", lang, text=trade["text"])


def remarks(lot: AnsweredLot) -> list[str]:
    """What is wrong with a lot, what it is warned of, who has not said what they do, who covers it
    together.
    """
    told = (*lot["problems"], *lot["warnings"])
    group = lot["group"]["said"] if lot["group"] else ()
    return [*(one["message"] for one in told), *filter(None, [lot["unknown_trades"]]), *group]


def ideas(told: PotentialOfLot) -> str:
    """The sentences of what may be considered, joined."""
    return " ".join((told["text"], *(one["text"] for one in told["law"])))


def potential(found: Potential, lang: str) -> PotentialOfLot:
    """How much there is to buy from, as JSON."""
    market = found.market
    texts = {one.rule.name: one.text(lang) for one in found.law}
    articles = [
        *found.step.articles,
        *(article for one in found.law for article in one.rule.articles),
    ]
    return {
        "suggestion": found.step.name,
        "label": found.step.label[lang],
        "text": found.step.says[lang],
        "direct": texts.get("direct"),
        "social": texts.get("social"),
        "law": [rule_of(one, lang) for one in found.law],
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


def _figures(one: Reckoned, lang: str) -> FiguresOfLot:
    hours = None if one.hours is None else round(one.hours)
    posts = None if one.posts is None else round(one.posts, 1 if one.posts >= 0.1 else 2)
    deduction = None if one.deduction is None else round(one.deduction)
    shown = {"share": round(one.labour_percent), "hours": hours or 0, "euros": deduction or 0}
    asked = "hours_asked" if posts and posts >= 0.1 else "hours_few"
    said = [asked if one.asked else "hours_possible" if hours else "hours_too_few"]
    said += ["deduction"] if deduction else []
    return {
        "labour_percent": round(one.labour_percent, 1),
        "insertion_hours": hours,
        "asked": one.asked,
        "posts": posts,
        "oeth_deduction": deduction,
        "said": [
            t(f"need.{name}", lang, posts=decimal(posts or 0, lang), **shown) for name in said
        ],
    }


def _group(one: LotFound, group: Group, presenter: Presenter, lang: str) -> GroupOfLot:
    def named(cell: Cell) -> str:
        trade, place = cell
        return (
            f"{trade}, {presenter.names.gazetteer.label(place, lang)}"
            if ":" in place
            else ", ".join(filter(None, cell))
        )

    cards = [
        (card(one.members[id_]["public"], presenter.names, lang), brings)
        for id_, brings in group.brings.items()
    ]
    members: list[GroupMember] = [
        {**shown, "city": shown["address"]["city"], "brings": [*map(named, brings)]}
        for shown, brings in cards
    ]
    uncovered, short = [*map(named, group.uncovered)], math.ceil(group.short)
    names = ", ".join(member["display_name"] for member in members)
    said = [
        t("need.group", lang, names=names),
        t("need.group_lead", lang, name=members[0]["display_name"]),
    ]
    said += [t("need.group_uncovered", lang, what=" ; ".join(uncovered))] if uncovered else []
    said += [t("need.group_short", lang, count=short)] if short else []
    letter = t("need.group_letter", lang, title=one.lot.title, names=names)
    return {
        "members": members,
        "uncovered": uncovered,
        "people_short": short,
        "said": said,
        "letter": letter,
    }


def rule_of(one: Ruled, lang: str) -> RuleOfLot:
    rule, source = one.rule, one.rule.source
    past = t("need.law_past", lang, day=rule.until or "")
    return {
        "rule": rule.name,
        "outcome": one.outcome,
        "text": f"{one.text(lang)} {past}" if one.past else one.text(lang),
        "exemptions": [text[lang] for text in rule.exemptions] if one.outcome != "below" else [],
        "articles": list(rule.articles),
        "since": rule.since,
        "until": rule.until,
        "past": one.past,
        "source": {
            "title": source.title, "url": source.url, "checked": source.checked, "official": source.official,
        },
    }  # fmt: skip


def sheets(found: Sequence[LotFound], presenter: Presenter, lang: str) -> Iterator[Sheet]:
    """A summary, then a sheet for each lot with the suppliers that were looked at, as an export
    gives them.
    """
    columns = ("lot", "title")
    head = [
        *(t(f"need.column_{name}", lang) for name in columns), t("need.trades", lang), t("need.column_found", lang),
        t("need.ideas", lang), t("need.column_search", lang),
    ]  # fmt: skip
    yield Sheet(
        t("need.summary_sheet", lang), head, map(_summary, body(found, presenter, lang)["lots"])
    )
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
