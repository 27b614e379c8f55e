"""`/widget/figures?key=…`: what the visitors of a key's site search, for its federation; `/widget/figures.csv`: a file.

Only where searches are counted (`DISCOVERY_QUERY_LOG`). A key stands in its site's pages: what it opens is told to
anybody, hence without small numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request

from discovery.answers.figures.searches import MIN_SHOWN, Count, Month, told
from discovery.answers.files import csv_text, safe
from discovery.http.api.search import search_counts
from discovery.http.keys import Key
from discovery.http.problems import Details, Refused
from discovery.http.responses import csv_attachment, framed_by, page_policy, shared
from discovery.pages.files.bundles import WIDGET_ROOT as PATH
from discovery.pages.frame import responding
from discovery.pages.frame.urls import PageUrls
from discovery.search.facets import Names
from discovery.texts import language, month, t, written

COLUMNS = ("month", "department", "trade", "searches", "zero")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: counts in words."""

    label: str
    searches: str
    zero: str


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    count: Line
    departments: tuple[Line, ...]
    gaps: tuple[Line, ...]


def shown(months: Iterable[Month], names: Names, lang: str) -> list[Shown]:
    return [
        Shown(
            month(one.month, lang),
            _line("", one.count, lang),
            tuple(_line(_place(code, names, lang), count, lang) for code, count in one.departments.items()),
            tuple(
                Line(f"{_trade(trade, names, lang)} – {_place(code, names, lang)}", "", written(times, lang))
                for code, trade, times in one.gaps
            ),
        )
        for one in months
    ]


def written_csv(months: Iterable[Month], names: Names, lang: str) -> str:
    """One row a month, then one a department of it, then one a trade that no member offers there."""
    rows = ([one.month, *map(safe, row), *counts] for one in months for row, counts in _rows(one, names, lang))
    return csv_text([[t(f"key_figures.{name}", lang) for name in COLUMNS], *rows], lang)


def _rows(one: Month, names: Names, lang: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    yield ("", ""), (_number(one.count.searches), _number(one.count.zero))
    for code, count in one.departments.items():
        yield (code, ""), (_number(count.searches), _number(count.zero))
    for code, trade, times in one.gaps:
        yield (code, _trade(trade, names, lang)), ("", str(times))


def _number(count: int | None) -> str:
    """As a file holds it."""
    return f"<{MIN_SHOWN}" if count is None else str(count)


def _line(label: str, count: Count, lang: str) -> Line:
    few = t("key_figures.few", lang, least=MIN_SHOWN)
    return Line(label, *(few if one is None else written(one, lang) for one in (count.searches, count.zero)))


def _place(code: str, names: Names, lang: str) -> str:
    return names.gazetteer.label(f"department:{code}", lang) if code else t("key_figures.anywhere", lang)


def _trade(value: str, names: Names, lang: str) -> str:
    term = names.vocabulary.terms("sector").get(value)
    return term.label(lang) if term else value


FIGURES = f"{PATH}figures"
MAX_AGE = 3_600
"""Seconds: they change once a day."""

blueprint = Blueprint("key_figures", __name__)


@blueprint.get(FIGURES)
def show() -> Response:
    """In pages of the key's origins too, in a frame."""
    site, key, months = responding.site(), *_counted()
    urls = PageUrls(request.args.items(multi=True), FIGURES)
    file = PageUrls(request.args.items(multi=True), f"{FIGURES}.csv").keep()
    context = {
        "name": key.name,
        "months": shown(months, _names(), site.lang),
        "file": file,
        "least": MIN_SHOWN,
    }
    response = responding.html(responding.drawn("key_figures.html", site, urls, context))
    policy = page_policy(responding.services().settings.tiles_from[0])
    response.headers["Content-Security-Policy"] = framed_by(policy, key.origins)
    return shared(response, MAX_AGE)


@blueprint.get(f"{FIGURES}.csv")
def as_csv() -> Response:
    _, months = _counted()
    text = written_csv(months, _names(), language(request.args.get("lang")))
    return shared(csv_attachment(text, "figures"), MAX_AGE)


def _counted() -> tuple[Key, tuple[Month, ...]]:
    """Refused without a key that is known, and where nothing is counted."""
    key = current_app.extensions["discovery-keys"].find(request.args.get("key", "").strip())
    if key is None:
        raise Refused(Details("unknown_key"))
    counts = search_counts()
    if counts is None:
        raise Refused(Details("not_found"))
    return key, told(counts.of_key(key.hash))


def _names() -> Names:
    services = responding.services()
    return Names(services.search.scope.narrowed(services.mappings.vocabulary), services.gazetteer)
