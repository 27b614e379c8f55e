"""Answered lots → the JSON of `/api/v1/needs`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from discovery.answers import links
from discovery.answers.problem import told_problem
from discovery.answers.search import SEARCH_PATH, Presenter, warning
from discovery.locales import t
from discovery.needs.answering import LotFound
from discovery.needs.lot import Lot
from discovery.needs.potential import Potential
from discovery.search.answer import Answer
from discovery.search.parameters import Query

SHOWN = 5
"""Suppliers of a lot that are named."""


def body(found: Sequence[LotFound], presenter: Presenter, lang: str) -> dict[str, Any]:
    """All lots answered, as the API tells them."""
    return {
        "lots": [lot(one, presenter, lang) for one in found],
        "with_trade": sum(one.trade for one in found),
        "notice": t("need.no_advice", lang),
    }


def lot(one: LotFound, presenter: Presenter, lang: str, named: int = SHOWN) -> dict[str, Any]:
    """One lot answered. `named`: how many suppliers are told of it, at most."""
    asked = _asked(one.lot)
    problems = [told_problem(problem, lang) for problem in one.problems]
    if one.answer is None:
        return {**asked, **_NOTHING, "said": t("need.lot_failed", lang), "problems": problems}
    answer = one.answer
    shown = replace(answer, page=replace(answer.page, hits=answer.page.hits[: named if one.trade else 0]))
    told = presenter.answer(shown)
    query = told["query"]
    pieces = [piece for piece in query["interpretation"] if piece["type"] == "place"]
    search = lasting(answer)
    return {
        **asked,
        "recognised": one.trade,
        "read_with": one.read_with or None,
        "said": _said(one, lang),
        "trades": [_of(need, "text", "sectors", "known_by", "total") for need in query["needs"]],
        "places": [_of(piece, "value", "label", "text") for piece in pieces],
        "circle": query["circle"],
        "total": answer.page.total if one.trade else 0,
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


_NOTHING: dict[str, Any] = {
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
}


def _asked(lot: Lot) -> dict[str, Any]:
    return {
        "number": lot.number or None,
        "title": lot.title,
        "cpv": list(lot.cpv),
        "place": lot.place or None,
        "near": lot.near or None,
        "radius": lot.radius,
        "amount": lot.amount,
        "asked_kinds": list(lot.kinds),
    }


def _said(one: LotFound, lang: str) -> str:
    assert one.answer is not None
    if not one.trade:
        return t("need.no_trade", lang)
    total = one.answer.page.total
    return t("need.lot_found", lang, count=total)


def _counts(told: Mapping[str, Any], facet: str) -> list[dict[str, Any]]:
    return [_of(one, "value", "label", "count") for one in told["facets"].get(facet, []) if one["count"]]


def _of(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names}


def ideas(told: Mapping[str, Any]) -> str:
    """The sentences of what may be considered, joined. `told`: a potential as `potential` gives it."""
    return " ".join(filter(None, (told[name] for name in ("text", "direct", "social"))))


def potential(found: Potential, lang: str) -> dict[str, Any]:
    """How much there is to buy from, with the means of law that it allows."""
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
