"""`/besoin`: a need pasted, a title, codes, a notice: who can meet it, lot by lot.

Complete without JavaScript. Nothing that is sent is kept, so that the form needs no token."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request

from discovery.answers.files import pieces, workbook
from discovery.answers.needs import body, why
from discovery.answers.problem import message
from discovery.api.export import XLSX
from discovery.api.needs import searched
from discovery.engine.port import EngineUnavailable
from discovery.http.errors import engine_away
from discovery.http.problems import Details, of_parameters
from discovery.http.responses import attachment, unkept
from discovery.locales import t, translator
from discovery.needs.lot import MAX_TEXT
from discovery.needs.request import of_text
from discovery.search.query import MAX_Q, InvalidQuery
from discovery.web.frame import responding
from discovery.web.frame.render import Site
from discovery.web.frame.site_map import NEED_PATH
from discovery.web.need import page
from discovery.web.need.page import FIELD

EXPORT = "xlsx"

blueprint = Blueprint("need", __name__)


@blueprint.get(NEED_PATH)
def empty() -> Response:
    """The box; with what a search held (`?besoin=`), to be sent."""
    site = responding.site()
    return responding.html(_page(site, request.args.get(FIELD, "")[:MAX_Q], {}))


@blueprint.post(NEED_PATH)
def answer() -> Response:
    """Each lot answered, or all of them as a workbook. `q`: a text that was too long for the search's own box."""
    site, services = responding.site(), responding.services()
    text = request.form.get(FIELD) or request.form.get("q", "")
    try:
        found = searched(of_text(text, services.search.mappings.headings), site.lang)
    except InvalidQuery as error:
        said = [message(one, site.lang) for one in error.problems]
        return _failed(site, text, said, of_parameters(error.problems))
    except EngineUnavailable as error:
        return _failed(site, text, [t("page.away_hint", site.lang)], engine_away(error))
    words, presenter = translator(site.lang), services.presenter
    if request.form.get("format") == EXPORT:
        book = workbook(*page.sheets(found, presenter, words, site.lang))
        response = Response(pieces(book), content_type=XLSX)
        return unkept(attachment(response, f"{FIELD}.{EXPORT}"), site.lang)
    told = body(found, presenter, site.lang)
    lots = page.shown(told, found, presenter, words)
    return responding.unkept_page(_page(site, text, {"answer": told, "lots": lots}), site.lang)


def _failed(site: Site, text: str, said: list[str], details: Details) -> Response:
    return responding.refused(_page(site, text, {"problems": said}), details, site.lang)


def _page(site: Site, text: str, shown: Mapping[str, object]) -> str:
    always = {"field": FIELD, "need": text, "longest": MAX_TEXT, "why": why, "export": EXPORT}
    context = {**always, "answer": None, "problems": [], **shown}
    return responding.page_at(NEED_PATH, "need.html", site, context)
