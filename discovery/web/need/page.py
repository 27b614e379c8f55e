"""Answered lots → what `/besoin` shows, and the workbook of all of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from discovery.answers import links
from discovery.answers.files import Row, Sheet, headers, row
from discovery.answers.needs import body, ideas
from discovery.answers.search import Presenter
from discovery.config.headings import Headings
from discovery.locales import Translate
from discovery.needs.answering import LotFound
from discovery.needs.text import several
from discovery.search.parameters import Query
from discovery.web.frame.render import Site
from discovery.web.frame.site_map import NEED_PATH
from discovery.web.frame.urls import PageUrls
from discovery.web.results import chips

FIELD = "besoin"
"""What the form sends, and a link to it holds."""
LONG = 120
"""Characters of a phrase that is hardly a search any more."""
MAX_COUNTS = 5
"""Kinds and departments named of a lot."""
_KNOWN_BY = {"classifier": "need.by_classifier", "code": "need.by_code"}
"""How a trade is known → text that says so; by its words, else."""


def offered(q: str, headings: Headings, site: Site) -> str:
    """Address of the page with a phrase that is more than a search: long, or of several lots or codes; "" else."""
    if len(q) <= LONG and not several(q, headings):
        return ""
    return f"{NEED_PATH}{site.query}{'&' if site.query else '?'}{urlencode({FIELD: q})}"


def shown(found: Sequence[LotFound], presenter: Presenter, t: Translate, lang: str) -> dict[str, Any]:
    """The lots as the page shows them: why each trade is known, the largest counts alone."""
    answer = body(found, presenter, lang)
    for lot, one in zip(answer["lots"], found, strict=True):
        lot["chips"], lot["ignored"], lot["where"] = _understood(one, presenter, t)
        for trade in lot["trades"]:
            trade["why"] = t(_KNOWN_BY.get(trade["known_by"], "need.by_words"), text=trade["text"])
        for counts in ("kinds", "departments"):
            lot[counts] = sorted(lot[counts], key=lambda one: -one["count"])[:MAX_COUNTS]
    return answer


def _understood(one: LotFound, presenter: Presenter, t: Translate) -> tuple[list[chips.Chip], str, str]:
    """What the lot was taken for, each piece with the search without it; what was read and not searched, such as an
    amount; where it is to be done."""
    answer = one.answer
    if answer is None:
        return [], "", ""
    urls = PageUrls(links.pairs(replace(answer.plan.query, per_page=Query().per_page, facets=None)), "/")
    active = chips.active(answer, urls, presenter.names, t)
    where = ", ".join(chips.where(answer, presenter.names, t))
    return [*chips.understood(answer, urls, t), *active], chips.ignored(answer), where


def sheets(found: Sequence[LotFound], presenter: Presenter, t: Translate, lang: str) -> Iterator[Sheet]:
    """A summary, then a sheet for each lot with the suppliers that were looked at, as an export gives them."""
    lots = shown(found, presenter, t, lang)["lots"]
    columns = ("lot", "title")
    head = [
        *(t(f"need.column_{name}") for name in columns), t("need.trades"), t("need.column_found"),
        t("need.ideas"), t("need.column_search"),
    ]  # fmt: skip
    yield Sheet(t("need.summary_sheet"), head, map(_summary, lots))
    for place, one in enumerate(found, 1):
        hits = one.answer.page.hits if one.answer and one.trade else ()
        rows: list[Row] = [row(hit, presenter.names, lang) for hit in hits]
        yield Sheet(t("need.lot", number=place), headers(lang), rows)


def _summary(lot: dict[str, Any]) -> Row:
    trades = dict.fromkeys(sector["label"] for trade in lot["trades"] for sector in trade["sectors"])
    potential = lot["potential"]
    return [
        lot["number"] or "", lot["title"], " | ".join(trades), lot["total"],
        ideas(potential) if potential else lot["said"], lot["links"]["page"] if lot["links"] else "",
    ]  # fmt: skip
