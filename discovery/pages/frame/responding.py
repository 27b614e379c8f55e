"""A page's frame and response: form, language (the browser's for whoever comes from elsewhere), validator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from discovery.answers.links import written
from discovery.answers.search import message
from discovery.answers.supplier import Names
from discovery.desk.alerts.signing import Every
from discovery.engine.port import EngineUnavailable
from discovery.http.addresses import origin
from discovery.http.api.endpoint import services
from discovery.http.errors import engine_away
from discovery.http.problems import Details, of_parameters
from discovery.http.requests import note
from discovery.http.responses import shared, unkept, weak_etag
from discovery.mappings.mailbox import MAX_LENGTH
from discovery.mappings.vocabulary import LANGS
from discovery.pages.frame.render import Site, render
from discovery.pages.frame.urls import PEOPLE, PageUrls
from discovery.search.query import MAX_Q, NO_LIMIT, InvalidQuery, Query
from discovery.texts import decimal, language, t

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


FIELDS = ("q", "near", "radius")
"""Parameters that the form shows; it carries the others along."""
KM = (5, 10, 20, 30, 50, 100, 200)

Option = tuple[str, str, bool]
"""(value of `radius`, in words, whether it holds)."""


def search_form(query: Query, urls: PageUrls, names: Names) -> dict[str, Any]:
    """What the form holds: as typed, whatever became of it."""
    return {
        "q": query.q,
        "near": names.gazetteer.label(query.near, query.lang) if query.near else "",
        "longest": MAX_Q,
        "too_long": len(query.q) > MAX_Q,
        "radii": radii(query.radius_km, query.lang),
        "no_limit": query.radius == NO_LIMIT,
        "hidden": [pair for pair in urls.pairs if pair[0] not in {*FIELDS, "page"}],
        "understood_place": "",
        "understood_radius": "",
    }


def empty_form(urls: PageUrls, names: Names) -> dict[str, Any]:
    """The form on a page that is no search; `urls` holds the language, if anything."""
    return search_form(Query(), urls, names)


def radii(held: float | None, lang: str) -> tuple[Option, ...]:
    """The usual distances, and the one that holds if it is another."""
    return tuple(
        (written(km), f"{decimal(km, lang)} km", km == held) for km in sorted({float(km) for km in (*KM, held) if km})
    )


EMAIL, RHYTHM = "courriel", "rythme"


def follow_form(action: str, given: str = "", every: str = Every.WEEK) -> dict[str, Any]:
    """What the form that follows a search is made of. `action`: where it is sent; `given`: the address so far."""
    return {
        "follow_action": action,
        "follow_given": given,
        "follow_every": every,
        "follow_fields": {"email": EMAIL, "rhythm": RHYTHM},
        "longest_address": MAX_LENGTH,
        "rhythms": [*Every],
    }


READ = frozenset(module.removesuffix(".view").rpartition(".")[2] for module in PEOPLE)
"""Blueprints of pages that people read."""

VARY = ("Accept-Language", "Sec-Fetch-Site")
"""What the answer to an address without a language depends on."""


def install(app: Flask) -> None:
    """Lead whoever comes from elsewhere to the page in the language of their browser."""
    app.before_request(_led)
    app.after_request(_varies)


def _led() -> BaseResponse | None:
    """To the same address with `lang`. Within the site, or in a frame, nobody is led: a page without one is French, as
    its links say. A browser that does not say where somebody comes from gets French."""
    if not _languageless() or request.headers.get("Sec-Fetch-Dest") != "document":
        return None
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return None
    asked = (tag.partition("-")[0].lower() for tag, weight in request.accept_languages if weight > 0)
    lang = next((tongue for tongue in asked if tongue in LANGS), LANGS[0])
    if lang == LANGS[0]:
        return None
    here = PageUrls(request.args.items(multi=True), quote(request.path))
    response = redirect(here.keep(lang=lang), 302)
    response.headers["Cache-Control"] = "no-store"
    return response


def _varies(response: Response) -> Response:
    if _languageless() and response.mimetype == "text/html":
        response.vary.update(VARY)
    return response


def _languageless() -> bool:
    """Whether a page for people, no file, is read by an address that leaves its language open."""
    reads = request.method in ("GET", "HEAD") and request.blueprint in READ
    return reads and "." not in request.path and not request.args.get("lang", "").strip()
