"""Answered lots → what `/besoin` shows, and the workbook of all of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from discovery.answers import links
from discovery.answers.files import Row, Sheet, headers, row
from discovery.answers.needs import AnsweredLot, NeedsAnswer, body, ideas, trades
from discovery.answers.search import Presenter
from discovery.config.headings import Headings
from discovery.locales import Translate
from discovery.needs.answering import LotFound
from discovery.needs.text import several
from discovery.search.query import Query
from discovery.web.frame.render import Site
from discovery.web.frame.site_map import NEED_PATH
from discovery.web.frame.urls import PageUrls
from discovery.web.results import chips

FIELD = "besoin"
"""What the form sends, and a link to it holds."""
LONG = 120
"""Characters of a phrase that is hardly a search any more."""


@dataclass(frozen=True, slots=True)
class ShownLot:
    """A lot as the page shows it. `chips`: what it was taken for, each with the search without it. `ignored`: what was
    read and not searched, such as an amount. `where`: where it is to be done."""

    told: AnsweredLot
    chips: Sequence[chips.Chip] = ()
    ignored: str = ""
    where: str = ""


def offered(q: str, headings: Headings, site: Site) -> str:
    """Address of the page with a phrase that is more than a search: long, or of several lots or codes; "" else."""
    if len(q) <= LONG and not several(q, headings):
        return ""
    return f"{NEED_PATH}{site.query}{'&' if site.query else '?'}{urlencode({FIELD: q})}"


def shown(answer: NeedsAnswer, found: Sequence[LotFound], presenter: Presenter, t: Translate) -> list[ShownLot]:
    """The lots of an answer, each with what it was taken for."""
    return [_shown(*pair, presenter, t) for pair in zip(answer["lots"], found, strict=True)]


def _shown(told: AnsweredLot, one: LotFound, presenter: Presenter, t: Translate) -> ShownLot:
    answer = one.answer
    if answer is None:
        return ShownLot(told)
    urls = PageUrls(links.pairs(replace(answer.plan.query, per_page=Query().per_page, facets=None)), "/")
    understood = [*chips.understood(answer, urls, t), *chips.active(answer, urls, presenter.names, t)]
    return ShownLot(told, understood, chips.ignored(answer), ", ".join(chips.where(answer, presenter.names, t)))


def sheets(found: Sequence[LotFound], presenter: Presenter, t: Translate, lang: str) -> Iterator[Sheet]:
    """A summary, then a sheet for each lot with the suppliers that were looked at, as an export gives them."""
    columns = ("lot", "title")
    head = [
        *(t(f"need.column_{name}") for name in columns), t("need.trades"), t("need.column_found"),
        t("need.ideas"), t("need.column_search"),
    ]  # fmt: skip
    yield Sheet(t("need.summary_sheet"), head, map(_summary, body(found, presenter, lang)["lots"]))
    for place, one in enumerate(found, 1):
        hits = one.answer.page.hits if one.answer and one.trade else ()
        rows: list[Row] = [row(hit, presenter.names, lang) for hit in hits]
        yield Sheet(t("need.lot", number=place), headers(lang), rows)


def _summary(lot: AnsweredLot) -> Row:
    potential = lot["potential"]
    return [
        lot["number"] or "", lot["title"], " | ".join(trades(lot)), lot["total"],
        ideas(potential) if potential else lot["said"], lot["links"]["page"] if lot["links"] else "",
    ]  # fmt: skip
