"""`/fournisseurs/<slug>`: one supplier."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from discovery.answers import links
from discovery.answers.search import PAGES_PATH, Result
from discovery.answers.supplier import Supplier
from discovery.api import query as parameters
from discovery.api.suppliers import listed
from discovery.engine.port import EngineUnavailable
from discovery.locales import typesetter
from discovery.search.answer import Answer
from discovery.search.matched import matched
from discovery.search.query import InvalidQuery
from discovery.web.frame import responding
from discovery.web.frame.form import empty_form, search_form
from discovery.web.frame.render import render
from discovery.web.frame.urls import PageUrls
from discovery.web.results import page as results_page
from discovery.web.search import page_map
from discovery.web.search.view import page_arguments
from discovery.web.supplier import page
from discovery.web.supplier.proof import proof

blueprint = Blueprint("supplier", __name__)


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
    t, names = typesetter(site.lang), services.presenter.names
    place = results_page.place_of(answer, names) if answer else ""
    context = {
        **(search_form(answer.plan.query, back, names) if answer else empty_form(urls, names)),
        **page.profile(body, urls, names, site.absolute(path), _neighbours(body, site.lang)),
        "kind": services.mappings.vocabulary.kinds.get(body["kind"]),
        "proof": proof(body, site.lang, t),
        "searched": request.args.get("q", ""),
        **page.reaching(body, site.absolute(path), (request.args.get("q", ""), place), services.settings, t),
        **page.of_search(answer, services.presenter, back),
    }
    return responding.html(
        render("supplier.html", site, responding.other_language(PageUrls(urls.pairs, path), site), context)
    )


def _led_here(id_: str) -> tuple[PageUrls, Answer | None]:
    """Addresses of the search that a profile's own address tells, and the supplier in it. What can't be searched leads
    nowhere: the profile is what was asked for."""
    services, arguments = responding.services(), page_arguments()
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


def _neighbours(supplier: Supplier, lang: str) -> list[Result]:
    """Similar suppliers nearby, presented; none when the engine can't say: the profile is what was asked for."""
    services = responding.services()
    query = page.similar_query(supplier, services.search.scope, lang)
    if query is None:
        return []
    try:
        return services.presenter.answer(services.search.search(query))["results"]
    except (InvalidQuery, EngineUnavailable):
        return []
