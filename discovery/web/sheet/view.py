"""`/sourcing`: the summary of a search, to print and attach; same parameters as the search itself."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, Response, request

from discovery.answers import links
from discovery.api import query as parameters
from discovery.http.requests import note
from discovery.locales import typesetter
from discovery.search.query import InvalidQuery
from discovery.web.frame import responding
from discovery.web.frame.render import render
from discovery.web.frame.urls import PageUrls
from discovery.web.sheet import page

PATH = "/sourcing"

blueprint = Blueprint("sheet", __name__)


@blueprint.get(PATH)
def sheet() -> Response:
    """InvalidQuery and EngineUnavailable are told as errors: a sheet is opened from a search that works."""
    services, site = responding.services(), responding.site()
    query, problems = parameters.read_query(request.args)
    if problems:
        raise InvalidQuery(tuple(problems))
    answer = services.search.search(page.asked(query))
    note(total=answer.page.total, zero=answer.page.total == 0)
    kept = [pair for pair in links.pairs(answer.plan.query) if pair[0] not in {"page", "per_page", "facets"}]
    urls = PageUrls(kept, "/")
    t = typesetter(site.lang)
    context = page.sheet(answer, services.presenter, urls, t, _now())
    context["full_url"] = site.base + urls.set()
    here = PageUrls(kept, PATH)
    return responding.html(render("sourcing.html", site, responding.other_language(here, site), context))


def _now() -> datetime:
    """By the clock of those who buy; of the world, on a system that does not know theirs."""
    try:
        return datetime.now(ZoneInfo("Europe/Paris"))
    except ZoneInfoNotFoundError:
        return datetime.now(UTC)
