"""The language of whoever comes from elsewhere: an address that names none is opened in that of their browser."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from discovery.mappings.vocabulary import LANGS
from discovery.pages.frame.site_map import PEOPLE
from discovery.pages.frame.urls import PageUrls

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
