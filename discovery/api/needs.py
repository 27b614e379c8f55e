"""`POST /api/v1/needs`: lots in, suppliers and potential of each out. Nothing is kept."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from discovery.answers.needs import body
from discovery.api.endpoint import endpoint, scope, sent_json, services, v1
from discovery.api.examples import Parameters
from discovery.api.schemas.needs import AskedNeeds, NeedsAnswer, NeedsParameters
from discovery.http.requests import note
from discovery.http.responses import encoded, unkept
from discovery.locales import language
from discovery.needs import request as asked
from discovery.needs.answering import LotFound, answered
from discovery.needs.lot import Lot

XML = ("application/xml", "text/xml")
ACCEPTED: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": AskedNeeds},
        "application/xml": {"schema": {"type": "string", "description": "An eForms or a TED notice."}},
    },
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

    A sentence, a pasted notice, lots, or a notice as XML. Each lot tells its trades and why, the equivalent search,
    who is found, and what may be considered. A lot that can't be answered says so and leaves the others alone.
    """
    lang = language(request.args.get("lang"))
    found = searched(_lots(), lang)
    response = Response(encoded(body(found, services().presenter, lang)), mimetype="application/json")
    return unkept(response, lang)


def searched(lots: list[Lot], lang: str) -> list[LotFound]:
    """The lots searched for who asks; counted in the log, without a word of them."""
    found = answered(services().search, lots, language(lang), scope())
    note(lots=len(found), zero=not any(one.trade for one in found))
    return found


def _lots() -> list[Lot]:
    headings = services().search.mappings.headings
    if request.mimetype in XML:
        return asked.of_xml(request.get_data())
    return asked.of_json(sent_json("application/json", *XML), headings)
