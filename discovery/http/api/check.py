"""`POST /api/v1/suppliers/check`: is my supplier inclusive? A list in, each of them answered. Nothing is kept."""

from __future__ import annotations

from typing import Annotated, TypedDict

from flask import Response, request

from discovery.answers.inclusive import CheckAnswer, body
from discovery.desk.suppliers import MAX_ASKED, Checked, Status, SupplierLine, check, lines_of_json
from discovery.http.api.endpoint import endpoint, sent_json, services, v1
from discovery.http.api.parameters import LangParameter, Parameters
from discovery.http.requests import note
from discovery.http.responses import encoded, unkept
from discovery.texts import language

JSON = "application/json"


class AskedCheck(TypedDict):
    suppliers: Annotated[
        list[str],
        "Each a SIRET, a SIREN, a name, or a line that holds one.",
        {"minItems": 1, "maxItems": MAX_ASKED, "example": ["784 671 695 00103"]},
    ]


@endpoint(
    v1,
    "/suppliers/check",
    CheckAnswer,
    "Each of the list, in its order, and how many are inclusive.",
    parameters=[Parameters(LangParameter)],
    problems=(400, 413, 415, 422, 503),
    body={JSON: AskedCheck},
)
def check_suppliers() -> Response:
    """Is my supplier inclusive?

    SIRET, SIREN or names, up to 1,000 (100 of them names). By a SIRET its establishment is looked up, then its company;
    by a name, near names, which a person has to confirm. Who is not known may be inclusive all the same.
    """
    lang = language(request.args.get("lang"))
    found = checked(lines_of_json(sent_json(JSON)))
    response = Response(encoded(body(found, services().presenter.names, lang)), mimetype=JSON)
    return unkept(response, lang)


def checked(asked: list[SupplierLine]) -> list[Checked]:
    """Looked up within what is open to who asks; counted in the log, without a word of it."""
    found = check(services().index, asked, services().search.scope.holds)
    note(suppliers=len(found), zero=all(one.status is Status.NO for one in found))
    return found
