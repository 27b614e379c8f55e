"""`/widget/figures?key=…`: what the visitors of a key's site search, for its federation; `/widget/figures.csv`: a file.

Only where searches are counted (`DISCOVERY_QUERY_LOG`). A key stands in its site's pages: what it opens is told to
anybody, hence without small numbers.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from discovery.api.search import search_counts
from discovery.facets import Names
from discovery.figures.by_key import MIN_SHOWN, Month, told
from discovery.http.headers import framed_by, page_policy
from discovery.http.keys import Key
from discovery.http.problems import Details, Refused
from discovery.http.responses import csv_attachment, shared
from discovery.locales import language
from discovery.web.files.widget_files import PATH
from discovery.web.frame import responding
from discovery.web.frame.render import render
from discovery.web.frame.urls import PageUrls
from discovery.web.key_figures import page

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
        "months": page.shown(months, _names(), site.lang),
        "file": file,
        "least": MIN_SHOWN,
    }
    response = responding.html(render("key_figures.html", site, responding.other_language(urls, site), context))
    policy = page_policy(responding.services().settings.tiles_from[0])
    response.headers["Content-Security-Policy"] = framed_by(policy, key.origins)
    return shared(response, MAX_AGE)


@blueprint.get(f"{FIGURES}.csv")
def as_csv() -> Response:
    _, months = _counted()
    text = page.as_csv(months, _names(), language(request.args.get("lang")))
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
