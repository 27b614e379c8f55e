"""`/`: the search, with the parameters of `/api/v1/search`; asked for nothing, the page to begin with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from discovery.answers import links
from discovery.desk.alerts.signing import FOLLOW_PATH
from discovery.engine.port import EngineUnavailable
from discovery.http.api.endpoint import one_state, read_query, readable, without
from discovery.http.api.parameters import PARAMETERS
from discovery.http.api.search import record_search
from discovery.http.errors import engine_away
from discovery.http.problems import of_parameters
from discovery.http.requests import note
from discovery.pages.follow import view as follow
from discovery.pages.frame import formats as structured
from discovery.pages.frame import responding
from discovery.pages.frame.form import empty_form
from discovery.pages.frame.render import Site, warm
from discovery.pages.frame.urls import VIEW, PageUrls
from discovery.pages.home import home
from discovery.pages.need import view as need_page
from discovery.pages.places import view as places_page
from discovery.pages.results import page as results_page
from discovery.pages.results.facet_lists import WHOLE
from discovery.pages.search import page_map
from discovery.search.query import InvalidQuery, Query
from discovery.texts import typesetter

POINT = frozenset({"lat", "lon"})
NOT_OURS = frozenset({"facets", "key", VIEW, WHOLE})
"""Parameters of the API without a meaning here, as the page shows all facets; and of the page, without one there."""

blueprint = Blueprint("search", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[home.KEPT] = home.kept_homes()
    warm()


@blueprint.get("/")
def search() -> Response:
    """The search page, with the parameters of `/api/v1/search`; asked for nothing, the page to begin with."""
    with one_state():
        return _searched()


def _searched() -> Response:
    services, arguments = responding.services(), page_arguments()
    site = responding.site()
    try:
        if home.asked(request.args):
            return _home(site)
        answer = services.search.search(readable(services.search, arguments))
    except InvalidQuery as error:
        return _invalid(error, arguments, site)
    except EngineUnavailable as error:
        return _away(error, arguments, site)
    record_search(answer)
    urls = PageUrls((*links.pairs(answer.plan.query), *page_map.asked(request.args)), "/", home.EVERYONE)
    t, names = typesetter(site.lang), services.presenter.names
    context = results_page.results(answer, services.presenter, urls, t, site.lang, request.args.get(WHOLE, ""))
    if context["indexed"]:
        addresses = [urljoin(f"{site.base}/", one["url"]) for one in context["answer"]["results"]]
        context["structured"] = structured.item_list(addresses, context["first"], answer.page.total)
    context["need_url"] = need_page.offered(answer.plan.query.q, services.search.mappings.headings, site)
    context |= _followed(urls)
    context |= page_map.context(answer, context["cards"], names, urls, services.settings, t)
    context["places_url"] = places_page.offered(answer, services.gazetteer, urls)
    if not answer.page.total:
        context["examples"] = home.examples_at_hand(site.lang)
    return responding.html(responding.drawn("search.html", site, urls, context))


def _followed(urls: PageUrls) -> dict[str, Any]:
    """The form that follows the search by e-mail, where that is offered."""
    offered = responding.services().settings.alerts is not None
    return follow.fields(urls.elsewhere(FOLLOW_PATH, "sort") if offered else "")


def _home(site: Site) -> Response:
    """The page of an address that asks for nothing."""
    urls = responding.home(site)
    context = empty_form(urls, responding.services().presenter.names)
    context |= home.context(home.current(site.lang), urls)
    return responding.html(responding.drawn("home.html", site, urls, context))


def page_arguments() -> MultiDict[str, str]:
    """The arguments of the search that an address tells, without those that mean nothing on a page. A town that is
    typed takes the place of the point that the form carries along."""
    typed = request.args.get("near", "").strip()
    return without(request.args, NOT_OURS | POINT if typed else NOT_OURS)


def _invalid(error: InvalidQuery, arguments: MultiDict[str, str], site: Site) -> Response:
    details = of_parameters(error.problems)
    note(problem=details.name)
    urls, query = _as_typed(arguments)
    context = results_page.problems(error.problems, query, urls, responding.services().presenter.names, site.lang)
    return responding.failed(responding.drawn("search.html", site, urls, context), details)


def _away(error: EngineUnavailable, arguments: MultiDict[str, str], site: Site) -> Response:
    details = engine_away(error)
    note(problem=details.name)
    urls, query = _as_typed(arguments)
    context = results_page.away(query, urls, responding.services().presenter.names)
    return responding.failed(responding.drawn("search.html", site, urls, context), details)


def _as_typed(arguments: MultiDict[str, str]) -> tuple[PageUrls, Query]:
    """The parameters as they came: what can't be read has no canonical form."""
    query, _ = read_query(arguments)
    known = (pair for pair in arguments.items(multi=True) if pair[0] in PARAMETERS)
    return PageUrls((*known, *page_map.asked(request.args)), "/"), query
