"""`POST /api/v1/programme`: a spreadsheet in, its lines answered or the sheet completed out.
Nothing is kept.
"""

import time
from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from discovery.answers import files
from discovery.answers.programme import ProgrammeAnswer, body
from discovery.answers.programme import sheets as completed
from discovery.desk.programme import Columns, Line, answered_lines, choose_columns, lines, sheets
from discovery.desk.sheets import Sheet
from discovery.http.api.endpoint import FILE, Body, endpoint, scope, services, v1
from discovery.http.api.export import XLSX
from discovery.http.api.needs import NeedsParameters, buyer_given
from discovery.http.api.parameters import Parameters, about
from discovery.http.long_work import alone
from discovery.http.problems import Details, Refused
from discovery.http.requests import note
from discovery.http.responses import attachment, unkept, unkept_json
from discovery.mappings.purchases import COLUMNS, Buyer
from discovery.model import dataclass
from discovery.search.query import InvalidQuery, Problem
from discovery.texts import language, t, translator

SECONDS = 25.0
"""For the lines of a programme; those that are late are told so."""
ASKED = ("sheet", "head", *COLUMNS)
FORMATS = ("json", "xlsx")
_FORMS = ("application/x-www-form-urlencoded", "application/json", "application/xml", "text/xml")
ACCEPTED: Body = {
    "multipart/form-data": {"type": "object", "properties": {"file": FILE}, "required": ["file"]},
    "application/octet-stream": FILE,
}
_LETTER = "Letter of its column, as B; blank: nowhere. Without it as recognised."


class ProgrammeParameters(NeedsParameters):
    sheet = fields.String(
        metadata=about("Name of the sheet; without it the one most like a programme.")
    )
    head = fields.Integer(
        metadata=about("Row of the headings, 0 = none; without it as recognised.")
    )
    title = fields.String(metadata=about(f"What is bought. {_LETTER}"))
    cpv = fields.String(metadata=about(f"CPV codes. {_LETTER}"))
    place = fields.String(metadata=about(f"Where. {_LETTER}"))
    amount = fields.String(metadata=about(f"Euros before tax, of a year. {_LETTER}"))
    date = fields.String(metadata=about(f"When; told again, not searched. {_LETTER}"))
    _told = about("`xlsx`: the sheet, completed.", enum=list(FORMATS))
    format = fields.String(validate=validate.OneOf(FORMATS), load_default="json", metadata=_told)


@dataclass(frozen=True, slots=True)
class Answered:
    """A programme with its lines answered. `told`: as the API tells it, in the order of `lines`."""

    sheet: Sheet
    columns: Columns
    lines: list[Line]
    told: ProgrammeAnswer


@endpoint(
    v1,
    "/programme",
    ProgrammeAnswer,
    "Each line answered, in the order of the sheet; with `format=xlsx` the sheet, completed.",
    parameters=[Parameters(ProgrammeParameters)],
    problems=(400, 413, 415, 422, 503),
    body=ACCEPTED,
    whole=False,
    also=XLSX,
)
def programme() -> Response:
    """Answer a purchasing programme, line by line

    A spreadsheet (XLSX, XLS, ODS or CSV, whatever its name) of up to 2,000 lines and 5 MB. Columns
    are recognised by their headings; parameters correct that. A line that can't be answered says so
    and leaves the others alone.
    """
    lang = language(request.args.get("lang"))
    wanted = request.args.get("format", "") or "json"
    if wanted not in FORMATS:
        raise InvalidQuery(
            (Problem("format", wanted[:60], "unknown_value", {"value": wanted[:60]}, FORMATS),)
        )
    buyer = buyer_given(request.args.get("buyer"))
    with alone():
        sheet, columns = choose_columns(
            sheets(_content()), services().search.mappings.headings, given(request.args)
        )
        found = answered(sheet, columns, lang, buyer)
        return (
            unkept(workbook(found, lang), lang)
            if wanted == "xlsx"
            else unkept_json(found.told, lang)
        )


def given(arguments: Any) -> dict[str, str]:
    """Pick from a request's arguments those that choose the sheet, its row of headings and its
    columns (`ASKED`).
    """
    return {name: arguments[name] for name in ASKED if name in arguments}


def answered(sheet: Sheet, columns: Columns, lang: str, buyer: Buyer | None = None) -> Answered:
    """The lines of a sheet answered, as far as time allows; counted in the log, without a word.
    `buyer`: as for needs. Raises InvalidQuery, EngineUnavailable.
    """
    asked = lines(sheet, columns)
    search, until = services().search, time.monotonic() + SECONDS
    found = answered_lines(
        search, asked, language(lang), scope(), lambda: time.monotonic() < until, buyer
    )
    told = body(sheet, columns, found, search.mappings.law, services().presenter, lang)
    note(lines=len(asked), zero=not told["with_trade"])
    return Answered(sheet, columns, asked, told)


def workbook(found: Answered, lang: str) -> Response:
    made = completed(found.sheet, found.columns, found.lines, found.told, translator(lang))
    book = files.workbook(*made)
    return attachment(
        Response(files.pieces(book), content_type=XLSX), f"{t('programme.file', lang)}.xlsx"
    )


def _content() -> bytes:
    if request.mimetype == "multipart/form-data":
        file = request.files.get("file")
        if file is None or not file.filename:
            raise InvalidQuery((Problem("file", "", "programme_missing"),))
        return file.stream.read()
    if request.mimetype in _FORMS:
        raise Refused(Details("unsupported", {"accepted": ", ".join(ACCEPTED)}))
    return request.get_data()
