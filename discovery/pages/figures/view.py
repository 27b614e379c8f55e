"""Public figures at `/stats`, for people; the same at `/stats.json` and `/stats.csv`, for whoever counts on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request

from discovery.answers.figures.counts import Cached, Figures, kept_figures
from discovery.answers.figures.searches import Searches
from discovery.http.api.search import search_counts
from discovery.http.problems import Details, Refused
from discovery.http.responses import csv_attachment, json_response, shared
from discovery.pages.figures import page
from discovery.pages.frame import responding
from discovery.pages.frame.site_map import FIGURES_PATH
from discovery.pages.frame.urls import PageUrls
from discovery.search.facets import Names
from discovery.texts import language

KEPT = "discovery.answers.figures"

blueprint = Blueprint("figures", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[KEPT] = kept_figures()


@blueprint.get(FIGURES_PATH)
def show() -> Response:
    """Suppliers by kind, trade and department, and the trades that a department lacks."""
    site = responding.site()
    urls = responding.home(site)
    context = page.context(current(), _names(), urls, site.lang)
    searches = _searches()
    if searches is not None:
        context |= page.searches_context(searches, _names(), urls, site.lang)
    here = PageUrls(urls.pairs, FIGURES_PATH)
    return responding.html(responding.drawn("stats.html", site, here, context))


@blueprint.get(f"{FIGURES_PATH}.json")
def as_json() -> Response:
    lang = language(request.args.get("lang"))
    scope = responding.services().presenter.scope(lang)
    return json_response({"scope": scope, **page.as_json(current(), _names(), lang)})


@blueprint.get(f"{FIGURES_PATH}.csv")
def as_csv() -> Response:
    return _csv("stats", page.as_csv(current(), _names(), language(request.args.get("lang"))))


@blueprint.get(f"{FIGURES_PATH}/searches.json")
def searches_as_json() -> Response:
    return json_response(page.searches_json(_counted(), _names(), language(request.args.get("lang"))))


@blueprint.get(f"{FIGURES_PATH}/searches.csv")
def searches_as_csv() -> Response:
    return _csv("searches", page.searches_csv(_counted(), _names(), language(request.args.get("lang"))))


def _csv(name: str, text: str) -> Response:
    return shared(csv_attachment(text, name))


def current() -> Figures:
    """The figures that this process keeps. Raises EngineUnavailable when it has none and can't gather any."""
    kept: Cached[Figures] = current_app.extensions[KEPT]
    return kept.of(responding.services().search)


def _searches() -> Searches | None:
    """None where they are not counted: the log keeps no words."""
    counts = search_counts()
    return counts.read() if counts else None


def _counted() -> Searches:
    """Refused where they are not."""
    searches = _searches()
    if searches is None:
        raise Refused(Details("not_found"))
    return searches


def _names() -> Names:
    services = responding.services()
    return Names(services.search.scope.narrowed(services.mappings.vocabulary), services.gazetteer)
