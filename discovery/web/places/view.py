"""`/lieux`: a need in several places, as a table of who serves which; same parameters as the search itself."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from discovery.answers import links
from discovery.api import query as parameters
from discovery.http.requests import note
from discovery.locales import typesetter
from discovery.search.query import InvalidQuery
from discovery.web.frame import responding
from discovery.web.frame.form import search_form
from discovery.web.frame.render import render
from discovery.web.frame.urls import PageUrls
from discovery.web.places import page
from discovery.web.places.page import LOOKED_AT, PATH

NOT_OF_A_TABLE = frozenset({"page", "per_page", "facets", "sort"})

blueprint = Blueprint("places", __name__)


@blueprint.get(PATH)
def table() -> Response:
    """InvalidQuery and EngineUnavailable are told as errors: a table is opened from a search that works."""
    services, site = responding.services(), responding.site()
    query, problems = parameters.read_query(request.args)
    if problems:
        raise InvalidQuery(tuple(problems))
    bare = replace(query, page=1, per_page=LOOKED_AT, facets=(), sort="relevance")
    with services.search.at_once() as search:
        asked = search.search(replace(bare, per_page=1), proposing=False)
        found = {
            code: search.search(replace(bare, place=(code,), near=""), proposing=False)
            for code in page.places_of(asked, services.gazetteer)
        }
    note(total=asked.page.total, zero=asked.page.total == 0)
    urls = PageUrls([pair for pair in links.pairs(query) if pair[0] not in NOT_OF_A_TABLE], "/")
    t, names = typesetter(site.lang), services.presenter.names
    context = {
        **search_form(query, urls, names),
        **page.table(asked, found, names, urls, t, site.lang),
        "search_url": urls.set(),
    }
    here = PageUrls(urls.pairs, PATH)
    return responding.html(render("places.html", site, responding.other_language(here, site), context))
