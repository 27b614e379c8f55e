"""`POST /api/v1/needs`: lots in, suppliers and potential of each out. Nothing is kept."""

from typing import Annotated, TypedDict

from flask import Response, request

from discovery.answers.needs import NeedsAnswer, body
from discovery.desk.answering import LotFound, answered
from discovery.desk.lot import MAX_CODES, MAX_EUROS, MAX_LOTS, MAX_NAME, MAX_TEXT, MAX_TITLE, Lot
from discovery.desk.request import MAX_KINDS, read_json, read_notice
from discovery.http.api.endpoint import Body, endpoint, scope, sent_json, services, v1
from discovery.http.api.parameters import LangParameter, Parameters, Word, about
from discovery.http.requests import note
from discovery.http.responses import unkept_json
from discovery.mappings.purchases import BUYERS, Buyer
from discovery.search.query import InvalidQuery, Problem
from discovery.texts import language


class AskedLot(TypedDict, total=False):
    number: Annotated[str, "As the notice numbers it.", {"maxLength": 10}]
    title: Annotated[str, "What is bought.", {"maxLength": MAX_TITLE, "example": "Nettoyage"}]
    cpv: Annotated[
        list[Annotated[str, {"pattern": r"^\d{2,8}(-\d)?$"}]],
        "CPV codes, or the first digits of one.",
        {"maxItems": MAX_CODES, "example": ["90919200-4"]},
    ]
    place: Annotated[str, "A boundary, as `place` of a search.", {"maxLength": MAX_NAME}]
    near: Annotated[str, "A centre, as `near` of a search.", {"maxLength": MAX_NAME}]
    radius: Annotated[float, "km around `near`.", {"minimum": 0.0, "maximum": 500.0}]
    amount: Annotated[float, "Euros before tax, of a year.", {"minimum": 0.0, "maximum": MAX_EUROS}]
    kinds: Annotated[list[str], "As `kind` of a search.", {"maxItems": MAX_KINDS}]


class AskedNeeds(TypedDict, total=False):
    """One of the two."""

    text: Annotated[
        str,
        "A sentence, titles with bullets, a pasted notice with its lots, or a notice as XML.",
        {"maxLength": MAX_TEXT},
    ]
    lots: Annotated[list[AskedLot], {"maxItems": MAX_LOTS}]
    title: Annotated[
        str,
        "Beside `lots`: of the whole notice, by which a lot is read that does not tell its trade.",
        {"maxLength": MAX_TITLE},
    ]


class NeedsParameters(LangParameter):
    buyer = Word(
        choices=BUYERS,
        metadata=about("Who buys, by which thresholds of the law are told; without it as the text says.",
                       enum=list(BUYERS)),
    )  # fmt: skip


XML = ("application/xml", "text/xml")
ACCEPTED: Body = {
    "application/json": AskedNeeds,
    "application/xml": {"type": "string", "description": "An eForms notice."},
}


@endpoint(
    v1,
    "/needs",
    NeedsAnswer,
    "Each lot answered, in the order given.",
    parameters=[Parameters(NeedsParameters)],
    problems=(400, 413, 415, 422, 503),
    body=ACCEPTED,
    whole=False,
)
def needs() -> Response:
    """Answer a need, lot by lot

    A sentence, a pasted notice, lots, or a notice as XML. Each lot tells its trades and why, the
    equivalent search, who is found, and what may be considered. A lot that can't be answered says
    so and leaves the others alone.
    """
    lang = language(request.args.get("lang"))
    found = searched(_lots(), lang, buyer_given(request.args.get("buyer")))
    return unkept_json(body(found, services().presenter, lang), lang)


def searched(lots: list[Lot], lang: str, buyer: Buyer | None) -> list[LotFound]:
    """The lots searched for who asks; counted in the log, without a word. `buyer`: None = as the
    text says.
    """
    found = answered(services().search, lots, language(lang), scope(), buyer)
    note(lots=len(found), zero=not any(one.trade for one in found))
    return found


def buyer_given(given: str | None) -> Buyer | None:
    """Who buys, as a request says it; None without. Raises InvalidQuery for none of `BUYERS`."""
    known = next((one for one in BUYERS if one == given), None)
    if given and known is None:
        raise InvalidQuery(
            (Problem("buyer", given[:60], "unknown_value", {"value": given[:60]}, BUYERS),)
        )
    return known


def _lots() -> list[Lot]:
    mappings = services().search.mappings
    if request.mimetype in XML:
        return read_notice(request.get_data())
    return read_json(sent_json("application/json", *XML), mappings)
