"""Pages for people: the search at `/`, suppliers at the addresses that results give, and the files they load."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from discovery.alerts.pages import FOLLOW_PATH
from discovery.api import query as parameters
from discovery.api.endpoint import one_state
from discovery.api.schemas.parameters import PARAMETERS
from discovery.api.search import record_search
from discovery.api.suppliers import listed
from discovery.engine.port import EngineUnavailable
from discovery.http.errors import engine_away
from discovery.http.problems import Details, Refused, of_parameters
from discovery.http.requests import note
from discovery.http.responses import MAX_AGE, shared
from discovery.locales import translator
from discovery.search.answer import Answer
from discovery.search.matched import matched
from discovery.search.parameters import Query
from discovery.search.problems import InvalidQuery
from discovery.serialize import links
from discovery.serialize.answer import PAGES_PATH
from discovery.web import (
    assets,
    clicks,
    follow,
    home,
    need_page,
    page_files,
    page_map,
    places_page,
    responding,
    search_page,
    structured,
    supplier_page,
)
from discovery.web.facet_lists import WHOLE
from discovery.web.files import YEAR, versioned
from discovery.web.proof import proof
from discovery.web.render import Site, render, warm
from discovery.web.urls import PageUrls

NOT_OURS = frozenset({"facets", "key", page_map.PARAMETER, WHOLE})
"""Parameters of the API without a meaning here, as the page shows all facets; and of the page, without one there."""

blueprint = Blueprint("pages", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[home.KEPT] = home.kept_homes()
    warm()
    assets.assets()
    page_files.page_files()


@blueprint.get("/")
def search() -> Response:
    """The search page, with the parameters of `/api/v1/search`; asked for nothing, the page to begin with."""
    with one_state():
        return _searched()


def _searched() -> Response:
    services, arguments = responding.services(), _arguments()
    site = responding.site()
    try:
        if home.asked(request.args):
            return _home(site)
        answer, query_id = clicks.answered(services.search, parameters.readable(services.search, arguments))
    except InvalidQuery as error:
        return _invalid(error, arguments, site)
    except EngineUnavailable as error:
        return _away(error, arguments, site)
    record_search(answer)
    urls = PageUrls((*links.pairs(answer.plan.query), *page_map.asked(request.args)), "/", home.EVERYONE)
    t, names = translator(site.lang), services.presenter.names
    context = search_page.results(answer, services.presenter, urls, t, site.lang, request.args.get(WHOLE, ""))
    context["query_id"] = query_id
    if context["indexed"]:
        addresses = [urljoin(f"{site.base}/", one["url"]) for one in context["answer"]["results"]]
        context["structured"] = structured.item_list(addresses, context["first"], answer.page.total)
    context["need_url"] = need_page.offered(answer.plan.query.q, services.search.mappings.headings, site)
    context |= _followed(urls)
    context |= page_map.context(answer, context["cards"], names, urls, services.settings, t)
    context["places_url"] = places_page.offered(answer, services.gazetteer, urls)
    if not answer.page.total:
        context["examples"] = home.examples_at_hand(site.lang)
    return responding.html(render("search.html", site, responding.other_language(urls, site), context))


def _followed(urls: PageUrls) -> dict[str, Any]:
    """The form that follows the search by e-mail, where that is offered."""
    offered = responding.services().settings.alerts is not None
    return follow.fields(urls.elsewhere(FOLLOW_PATH, "sort") if offered else "")


def _home(site: Site) -> Response:
    """The page of an address that asks for nothing."""
    urls = responding.home(site)
    context = search_page.empty_form(urls, responding.services().presenter.names)
    context |= home.context(home.current(site.lang), urls)
    return responding.html(render("home.html", site, responding.other_language(urls, site), context))


@blueprint.get(f"{PAGES_PATH}<slug>")
def supplier(slug: str) -> BaseResponse:
    """One supplier. A former slug, an id, a supplier that was merged lead to today's address; a withdrawn one answers
    410."""
    services, site = responding.services(), responding.site()
    document = listed(services, slug, site.lang)
    current = str(document["public"].get("slug") or document["id"])
    if slug != current:
        here = PageUrls(request.args.items(multi=True), f"{PAGES_PATH}{links.segment(current)}")
        return redirect(here.keep(), 301)
    path = f"{PAGES_PATH}{links.segment(current)}"
    urls = responding.home(site)
    body = services.presenter.supplier(document, site.lang)
    back, answer = _led_here(document["id"])
    t = translator(site.lang)
    context = {
        **search_page.empty_form(urls, services.presenter.names),
        **supplier_page.profile(
            body, urls, services.presenter.names, site.absolute(path), _neighbours(body, site.lang)
        ),
        "kind": services.mappings.vocabulary.kinds.get(body["kind"]),
        "proof": proof(body, site.lang, t),
        "searched": request.args.get("q", ""),
        **supplier_page.reaching(body, site.absolute(path), request.args.get("q", ""), services.settings, t),
        **supplier_page.of_search(answer, services.presenter, back),
    }
    return responding.html(
        render("supplier.html", site, responding.other_language(PageUrls(urls.pairs, path), site), context)
    )


def _led_here(id_: str) -> tuple[PageUrls, Answer | None]:
    """Addresses of the search that a profile's own address tells, and the supplier in it. What can't be searched leads
    nowhere: the profile is what was asked for."""
    services, arguments = responding.services(), _arguments()
    query, faults = parameters.read_query(arguments, services.search.scope.filters)
    pairs = links.pairs(query)
    if faults or all(name == "lang" for name, _ in pairs):
        return PageUrls((), "/"), None
    try:
        answer = matched(services.search, query, id_)
    except InvalidQuery:
        return PageUrls((), "/"), None
    except EngineUnavailable:
        answer = None
    return PageUrls((*pairs, *page_map.asked(request.args)), "/"), answer


def _neighbours(supplier: dict[str, Any], lang: str) -> list[Any]:
    """Similar suppliers nearby, presented; none when the engine can't say: the profile is what was asked for."""
    services = responding.services()
    query = supplier_page.similar_query(supplier, services.search.scope, lang)
    if query is None:
        return []
    try:
        found: list[Any] = services.presenter.answer(services.search.search(query))["results"]
    except (InvalidQuery, EngineUnavailable):
        return []
    return found


@blueprint.get(f"{assets.PATH}<path:requested>")
def static(requested: str) -> Response:
    """A file of the pages; for a year when the address holds today's hash."""
    found = assets.find(requested)
    if found is None:
        raise Refused(Details("not_found"))
    asset, current = found
    response = shared(Response(asset.content, mimetype=asset.mimetype), YEAR if current else MAX_AGE)
    if current:
        response.cache_control.immutable = True
    return response


@blueprint.get(f"{page_files.PATH}<version>/<name>")
def script(version: str, name: str) -> Response:
    """A script of the pages, or what it loads on demand."""
    return versioned(page_files.page_files(), f"{page_files.PATH}{version}/", name)


def error_page(title: str, detail: str, lang: str) -> str:
    """An error outside the search, drawn for people, with the form to start again from."""
    site = responding.site(lang)
    urls = responding.home(site)
    form = search_page.empty_form(urls, responding.services().presenter.names)
    return render(
        "message.html", site, responding.other_language(urls, site), {**form, "title": title, "detail": detail}
    )


def _arguments() -> MultiDict[str, str]:
    return parameters.without(request.args, NOT_OURS)


def _invalid(error: InvalidQuery, arguments: MultiDict[str, str], site: Site) -> Response:
    details = of_parameters(error.problems)
    note(problem=details.name)
    urls, query = _as_typed(arguments)
    context = search_page.problems(error.problems, query, urls, responding.services().presenter.names, site.lang)
    return responding.failed(render("search.html", site, responding.other_language(urls, site), context), details)


def _away(error: EngineUnavailable, arguments: MultiDict[str, str], site: Site) -> Response:
    details = engine_away(error)
    note(problem=details.name)
    urls, query = _as_typed(arguments)
    context = search_page.away(query, urls, responding.services().presenter.names)
    return responding.failed(render("search.html", site, responding.other_language(urls, site), context), details)


def _as_typed(arguments: MultiDict[str, str]) -> tuple[PageUrls, Query]:
    """The parameters as they came: what can't be read has no canonical form."""
    query, _ = parameters.read_query(arguments)
    known = (pair for pair in arguments.items(multi=True) if pair[0] in PARAMETERS)
    return PageUrls((*known, *page_map.asked(request.args)), "/"), query
