"""`/programme`: a purchasing programme sent as a spreadsheet, its columns looked at, its lines answered.

Complete without JavaScript. Nothing that is sent is kept: the preview carries the rows to the answer, in its own form,
which therefore needs no token."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from discovery.answers.needs import remarks, trades
from discovery.answers.problem import message
from discovery.answers.programme import known_by
from discovery.api import programme as api
from discovery.engine.port import EngineUnavailable
from discovery.http.errors import engine_away
from discovery.http.long_work import alone
from discovery.http.problems import Details, of_parameters
from discovery.http.responses import unkept
from discovery.locales import t, translator
from discovery.needs.carried import unpacked
from discovery.needs.columns import chosen
from discovery.needs.programme import sheets
from discovery.search.query import InvalidQuery, Problem
from discovery.sheets import Sheet
from discovery.web.frame import responding
from discovery.web.frame.render import Site
from discovery.web.frame.site_map import PROGRAMME_PATH
from discovery.web.programme import page

ANSWER, EXPORT, PREVIEW = "answer", "xlsx", "preview"
"""What the buttons ask for."""

blueprint = Blueprint("programme", __name__)


@blueprint.get(PROGRAMME_PATH)
def empty() -> Response:
    return responding.html(_page(responding.site(), {}))


@blueprint.post(PROGRAMME_PATH)
def sent() -> Response:
    """A file: what was recognised of it. Its rows with their columns: the same again, the lines answered, or the
    completed sheet, as the button says."""
    site = responding.site()
    with alone():
        try:
            read = _sheets()
        except InvalidQuery as error:
            return _failed(site, {}, _said(error, site), of_parameters(error.problems))
        return _answer(site, read, request.form.get("step", PREVIEW))


def _sheets() -> list[Sheet]:
    """Those of the file when there is one, else those that the form carries. InvalidQuery."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return sheets(file.stream.read())
    if "rows" not in request.form:
        raise InvalidQuery((Problem("file", "", "programme_missing"),))
    return unpacked(*(request.form.getlist(name) for name in ("name", "first", "rows")))


def _answer(site: Site, read: list[Sheet], step: str) -> Response:
    headings = responding.services().search.mappings.headings
    given = _given()
    try:
        sheet, columns = chosen(read, headings, given)
    except InvalidQuery as error:
        sheet, columns = chosen(read, headings, {})
        preview = page.preview(read, sheet, columns, translator(site.lang))
        return _failed(site, {"preview": preview}, _said(error, site), of_parameters(error.problems))
    preview = page.preview(read, sheet, columns, translator(site.lang))
    try:
        if step not in (ANSWER, EXPORT):
            return _told(site, {"preview": preview})
        found = api.answered(sheet, columns, site.lang)
    except InvalidQuery as error:
        return _failed(site, {"preview": preview}, _said(error, site), of_parameters(error.problems))
    except EngineUnavailable as error:
        return _failed(site, {"preview": preview}, [t("page.away_hint", site.lang)], engine_away(error))
    if step == EXPORT:
        return unkept(api.workbook(found, site.lang), site.lang)
    return _told(site, {"preview": preview, "answer": found.told})


def _given() -> dict[str, str]:
    """The columns that the preview's form chose; of a file, or of another sheet than it showed, none yet."""
    given = api.given(request.form) if "rows" in request.form else {}
    if given.get("sheet", "") == request.form.get("was", ""):
        return given
    return {"sheet": given.get("sheet", "")}


def _said(error: InvalidQuery, site: Site) -> list[str]:
    return [message(one, site.lang) for one in error.problems]


def _told(site: Site, parts: dict[str, Any]) -> Response:
    return responding.unkept_page(_page(site, parts), site.lang)


def _failed(site: Site, parts: dict[str, Any], said: list[str], details: Details) -> Response:
    return responding.refused(_page(site, {**parts, "problems": said}), details, site.lang)


def _page(site: Site, parts: dict[str, Any]) -> str:
    words = {"trades": trades, "known_by": known_by, "remarks": remarks}
    empty: dict[str, Any] = {"preview": None, "answer": None, "problems": []}
    return responding.page_at(PROGRAMME_PATH, "programme.html", site, {**words, **empty, **parts})
