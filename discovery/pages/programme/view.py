"""`/programme`: a purchasing programme sent as a spreadsheet, its columns looked at, its lines
answered.

Complete without JavaScript. Nothing that is sent is kept: the preview carries the rows to the
answer, in its own form, which therefore needs no token.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from discovery.answers.needs import remarks, trades
from discovery.answers.programme import comes_to, known_by
from discovery.desk.programme import (
    ROWS_LOOKED_AT,
    Columns,
    choose_columns,
    column_letter,
    pack_sheet,
    sheets,
    unpack_sheets,
)
from discovery.desk.sheets import MAX_COLUMNS, Sheet
from discovery.engine.port import EngineUnavailable
from discovery.http.api import programme as api
from discovery.http.api.needs import buyer_given
from discovery.http.long_work import alone
from discovery.http.responses import unkept
from discovery.mappings.purchases import BUYERS, COLUMNS
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import PROGRAMME_PATH
from discovery.pages.sourcing.view import now, when
from discovery.search.query import InvalidQuery, Problem
from discovery.texts import Translate, translator

FIRST_LINES = 5
LONGEST_NAME = 40
"""Characters of a heading in a list of columns."""


def recognised(
    sheets: Sequence[Sheet], sheet: Sheet, columns: Columns, t: Translate
) -> dict[str, Any]:
    """`carried`: every sheet, as the form sends it back."""
    head = sheet.rows[columns.head] if columns.head >= 0 else ()
    names = [_named(place, head, t) for place in range(min(sheet.width, MAX_COLUMNS))]
    below = [row for row in sheet.rows[columns.head + 1 :] if any(row)]
    shown = [name for name in COLUMNS if name in columns.of]
    return {
        "sheet": sheet.name,
        "sheets": [{"name": one.name} for one in sheets],
        "carried": [{"name": one.name, "first": one.first, "rows": pack_sheet(one)} for one in sheets],
        "head": sheet.first + columns.head if columns.head >= 0 else 0,
        "heads": [
            {"row": sheet.first + place, "text": _cut(" · ".join(filter(None, row)))}
            for place, row in enumerate(sheet.rows[:ROWS_LOOKED_AT])
            if any(row)
        ],
        "columns": [
            {"name": name, "label": t(f"programme.column_{name}"),
             "chosen": column_letter(columns.of[name]) if name in columns.of else ""}
            for name in COLUMNS
        ],
        "choices": [{"letter": column_letter(place), "text": text} for place, text in enumerate(names)],
        "lines": len(below),
        "shown": [t(f"programme.column_{name}") for name in shown],
        "rows": [[row[columns.of[name]] if columns.of[name] < len(row) else "" for name in shown]
                 for row in below[:FIRST_LINES]],
        "enough": columns.enough,
    }  # fmt: skip


def _named(place: int, head: Sequence[str], t: Translate) -> str:
    text = head[place] if place < len(head) else ""
    return (
        f"{column_letter(place)} · {_cut(text)}"
        if text
        else t("programme.column", letter=column_letter(place))
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


ANSWER, EXPORT, PREVIEW = "answer", "xlsx", "preview"
"""What the buttons ask for."""

blueprint = Blueprint("programme", __name__)


@blueprint.get(PROGRAMME_PATH)
def empty() -> Response:
    return responding.html(_page(responding.site(), {}))


@blueprint.post(PROGRAMME_PATH)
def sent() -> Response:
    """The programme's page. Of a file: what was recognised of it. Of its rows with their columns:
    the same again, the lines answered, or the completed sheet, as the button says.
    """
    site, shown = responding.site(), dict[str, Any]()
    with alone():
        try:
            return _answer(site, request.form.get("step", PREVIEW), shown)
        except (InvalidQuery, EngineUnavailable) as error:
            said, details = responding.at_fault(error, site.lang)
            return responding.refused(_page(site, {**shown, "problems": said}), details, site.lang)


def _sheets() -> list[Sheet]:
    """Those of the file when there is one, else those that the form carries. InvalidQuery."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return sheets(file.stream.read())
    if "rows" not in request.form:
        raise InvalidQuery((Problem("file", "", "programme_missing"),))
    return unpack_sheets(*(request.form.getlist(name) for name in ("name", "first", "rows")))


def _answer(site: Site, step: str, shown: dict[str, Any]) -> Response:
    """`shown`: what the page holds so far, which it shows beside what is wrong."""
    read, headings, words = (
        _sheets(),
        responding.services().search.mappings.headings,
        translator(site.lang),
    )
    try:
        sheet, columns = choose_columns(read, headings, _given())
    except InvalidQuery:
        shown["preview"] = recognised(read, *choose_columns(read, headings, {}), words)
        raise
    shown["preview"] = recognised(read, sheet, columns, words)
    if step in (ANSWER, EXPORT):
        found = api.answered(sheet, columns, site.lang, buyer_given(request.form.get("buyer")))
        if step == EXPORT:
            return unkept(api.workbook(found, site.lang), site.lang)
        search = responding.services().search
        law = max(rule.source.checked for rule in search.mappings.law.rules)
        made = {"generation": responding.services().status().generation, "law_day": law}
        shown |= {
            "answer": found.told,
            "comes_to": comes_to(found.told["summary"], words),
            **made,
            **when(now(), words),
        }
    return responding.unkept_page(_page(site, shown), site.lang)


def _given() -> dict[str, str]:
    """The columns that the preview's form chose; of a file, or of another sheet than it showed,
    none yet.
    """
    given = api.given(request.form) if "rows" in request.form else {}
    if given.get("sheet", "") == request.form.get("was", ""):
        return given
    return {"sheet": given.get("sheet", "")}


def _page(site: Site, parts: dict[str, Any]) -> str:
    words = {
        "trades": trades,
        "known_by": known_by,
        "remarks": remarks,
        "buyer": request.form.get("buyer", ""),
    }
    words["buyers"] = [
        {"value": one, "text": translator(site.lang)(f"need.buyer_{one}")} for one in BUYERS
    ]
    empty: dict[str, Any] = {"preview": None, "answer": None, "problems": []}
    return responding.page_at(PROGRAMME_PATH, "programme.html", site, {**words, **empty, **parts})
