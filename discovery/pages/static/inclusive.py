"""`/verifier`: is my supplier inclusive? A list pasted, each line answered, the share told; as a table too.

Complete without JavaScript. Nothing that is sent is kept, so that the form needs no token."""

from __future__ import annotations

from flask import Blueprint, Response, request

from discovery.answers import files, inclusive
from discovery.desk.suppliers import MAX_TEXT, lines_of_text
from discovery.engine.port import EngineUnavailable
from discovery.http.api.suppliers import checked
from discovery.http.responses import attachment, unkept
from discovery.pages.frame import responding
from discovery.pages.frame.render import Site
from discovery.pages.frame.site_map import CHECK_PATH
from discovery.search.query import InvalidQuery

FIELD, EXPORT = "fournisseurs", "csv"

blueprint = Blueprint("inclusive", __name__)


@blueprint.get(CHECK_PATH)
def empty() -> Response:
    return responding.html(_page(responding.site(), ""))


@blueprint.post(CHECK_PATH)
def answer() -> Response:
    site, services = responding.site(), responding.services()
    text = request.form.get(FIELD, "")
    try:
        found = inclusive.body(checked(lines_of_text(text)), services.presenter.names, site.lang)
    except (InvalidQuery, EngineUnavailable) as error:
        said, details = responding.at_fault(error, site.lang)
        return responding.refused(_page(site, text, problems=said), details, site.lang)
    if request.form.get("format") == EXPORT:
        pieces = files.lines(inclusive.headers(site.lang), inclusive.rows(found), site.lang)
        response = Response(pieces, content_type="text/csv; charset=utf-8")
        return unkept(attachment(response, f"{FIELD}.{EXPORT}"), site.lang)
    return responding.unkept_page(_page(site, text, answer=found), site.lang)


def _page(site: Site, text: str, answer: inclusive.CheckAnswer | None = None, problems: list[str] | None = None) -> str:
    context = {
        "field": FIELD,
        "given": text,
        "longest": MAX_TEXT,
        "answer": answer,
        "problems": problems or [],
        "export": EXPORT,
        "check_path": CHECK_PATH,
    }
    return responding.page_at(CHECK_PATH, "inclusive.html", site, context)
