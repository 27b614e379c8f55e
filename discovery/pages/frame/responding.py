"""What every page's view needs: the services, the page's frame, and a response with a validator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from discovery.answers.search import message
from discovery.engine.port import EngineUnavailable
from discovery.http.addresses import origin
from discovery.http.api.endpoint import services
from discovery.http.errors import engine_away
from discovery.http.problems import Details, of_parameters
from discovery.http.requests import note
from discovery.http.responses import shared, unkept, weak_etag
from discovery.pages.frame.form import empty_form
from discovery.pages.frame.render import Site, render
from discovery.pages.frame.urls import PageUrls
from discovery.search.query import InvalidQuery
from discovery.texts import language, t

__all__ = ["at_fault", "drawn", "failed", "home", "html", "page_at", "refused", "services", "site", "unkept_page"]


def site(lang: str | None = None) -> Site:
    """The page's frame; `lang`: the request's own unless given."""
    settings = services().settings
    lang = lang or language(request.args.get("lang"))
    return Site(
        lang=lang,
        base=origin(settings),
        sample=settings.sample,
        scope=services().presenter.scope(lang),
    )


def home(site: Site) -> PageUrls:
    """Addresses of searches that start from nothing but the language."""
    return PageUrls((("lang", "" if site.lang == "fr" else site.lang),), "/")


def other_language(urls: PageUrls, site: Site) -> str:
    """The address of the same page in the other language."""
    return urls.keep(lang=None if site.other_lang == "fr" else site.other_lang)


def page_at(path: str, template: str, site: Site, context: Mapping[str, Any]) -> str:
    """A page of its own, which no search leads to: the form at its head is empty. `path`: its address, without a
    language."""
    urls = home(site)
    shown = {**empty_form(urls, services().presenter.names), **context}
    return drawn(template, site, PageUrls(urls.pairs, path), shown)


def drawn(template: str, site: Site, here: PageUrls, context: Mapping[str, Any]) -> str:
    """A page. `here`: its own address, which leads to the other language."""
    return render(template, site, other_language(here, site), context)


def at_fault(error: InvalidQuery | EngineUnavailable, lang: str) -> tuple[list[str], Details]:
    """Why what somebody sent has no answer: in sentences for the page, and as the problem that it is."""
    if isinstance(error, InvalidQuery):
        return [message(one, lang) for one in error.problems], of_parameters(error.problems)
    return [t("page.away_hint", lang)], engine_away(error)


def failed(text: str, details: Details) -> Response:
    """A page that says what is wrong; kept by nobody."""
    response = Response(text.encode("utf-8", "replace"), details.status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(details.headers)
    return response


def refused(text: str, details: Details, lang: str) -> Response:
    """The answer to what somebody sent and can't be used: `text`, the page that says so. The log says why, and no
    word of it."""
    note(problem=details.name)
    return unkept(failed(text, details), lang)


def unkept_page(text: str, lang: str) -> Response:
    """The answer to what somebody sent; kept by nobody."""
    return unkept(Response(text.encode("utf-8", "replace"), mimetype="text/html"), lang)


def html(text: str) -> Response:
    """200 with a validator, or 304."""
    body = text.encode("utf-8", "replace")
    etag = weak_etag(body)
    unchanged = request.if_none_match.contains_weak(etag)
    response = Response(status=304) if unchanged else Response(body, mimetype="text/html")
    shared(response).set_etag(etag, weak=True)
    response.headers["Content-Language"] = language(request.args.get("lang"))
    return response


def error_page(title: str, detail: str, lang: str) -> str:
    """An error outside the search, drawn for people, with the form to start again from."""
    return page_at("/", "message.html", site(lang), {"title": title, "detail": detail})
