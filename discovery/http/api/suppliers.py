"""Profiles (`/api/v1/suppliers/{id}`, `?siret=`); and a list of suppliers checked, each answered,
none kept.
"""

import re
from typing import Annotated, NotRequired, TypedDict
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import Schema

from discovery.answers.inclusive import CheckAnswer, body
from discovery.answers.search import SupplierList
from discovery.answers.supplier import Supplier
from discovery.context import Services
from discovery.desk.figures import employer_of
from discovery.desk.suppliers import MAX_ASKED, Checked, Status, SupplierLine, check, lines_of_json
from discovery.engine.port import Document
from discovery.http.api.endpoint import endpoint, load, sent_json, services, v1
from discovery.http.api.parameters import SHOWN, LangParameter, Parameters, Word, about
from discovery.http.problems import Details, Refused
from discovery.http.requests import note
from discovery.http.responses import json_response, unkept_json
from discovery.search.query import InvalidQuery, Problem
from discovery.search.service import resolve_supplier
from discovery.texts import language

_COMPANY = re.compile(r"\d{9}|\d{14}", re.ASCII)


class SiretParameters(LangParameter):
    siret = Word(
        metadata=about("A SIRET (14 digits) or a SIREN (9 digits), with or without spaces.")
    )


ID_PARAMETER = {
    "in": "path",
    "name": "id",
    "required": True,
    "schema": {"type": "string"},
    "description": "An id, a slug or a former slug.",
}


@endpoint(
    v1,
    "/suppliers/<id>",
    Supplier,
    "The supplier; a former slug answers with its canonical id.",
    parameters=[ID_PARAMETER, Parameters(LangParameter)],
    problems=(400, 404, 410, 422, 503),
    moved="Merged: `Location` is the address of the supplier that it is part of now.",
)
def supplier(id: str) -> Response:
    """One supplier"""
    lang = _lang(LangParameter)
    document = listed(services(), id, lang)
    body = services().presenter.supplier(document, lang)
    if id not in (document["id"], document["slug"], *document.get("former_slugs", ())):
        query = (
            f"?{urlencode(list(request.args.items(multi=True)))}" if request.args else ""
        )  # as they were given
        return Response(status=308, headers={"Location": f"{body['links']['self']}{query}"})
    response = json_response(body)
    response.headers["Link"] = f'<{body["links"]["self"]}>; rel="canonical"'
    return response


@endpoint(
    v1,
    "/suppliers",
    SupplierList,
    "The live suppliers of that number, by id; often one, or none.",
    parameters=[Parameters(SiretParameters, required=("siret",))],
    problems=(400, 422, 503),
)
def suppliers() -> Response:
    """Suppliers of a company

    Several suppliers may share a SIRET: an establishment can hold two agreements.
    """
    lang = _lang(SiretParameters)
    given = request.args.get("siret", "")
    number = "".join(given.split())
    if not _COMPANY.fullmatch(number):
        shown = given[:SHOWN]
        code = "not_a_siret" if number else "siret_missing"
        raise InvalidQuery((Problem("siret", shown, code, {"value": shown}),))
    held = [one for one in services().index.by_siret(number) if services().search.scope.holds(one)]
    found = [services().presenter.supplier(document, lang) for document in held]
    note(total=len(found), zero=not found)
    body: SupplierList = {
        "total": {"value": len(found), "relation": "eq"},
        "results": found,
        "scope": services().presenter.scope(lang),
        "links": {"self": f"{services().presenter.base}/api/v1/suppliers?siret={number}"},
    }
    return json_response(body)


def listed(known: Services, id_: str, lang: str) -> Document:
    """The live supplier of an id, a slug or a former slug, or that it was merged into. Refused when
    it is unknown, withdrawn, or not open yet.
    """
    document = resolve_supplier(known.index.get, id_)
    if document is None:
        raise Refused(Details("supplier_not_found", {"id": id_[:SHOWN]}))
    if not document["live"]:
        raise Refused(Details("closed" if document.get("public", {}).get("closed") else "gone"))
    if not known.search.scope.holds(document):
        raise Refused(Details("not_open", {"scope": known.search.scope.label(lang)}))
    return document


def _lang(schema: type[Schema]) -> str:
    """The language asked for. Raises InvalidQuery for another one, or for parameters given twice."""
    _, faults = load(schema, request.args)
    if faults:
        raise InvalidQuery(tuple(faults))
    return language(request.args.get("lang"))


JSON = "application/json"


class AskedCheck(TypedDict):
    contribution: NotRequired[
        Annotated[float, "Euros, gross (OETH); with `employment_rate`, for the ceiling."]
    ]
    employment_rate: NotRequired[
        Annotated[float, "Percent of your staff who are disabled workers."]
    ]
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

    SIRET, SIREN or names, up to 2,000 (100 of them names), each with what was spent there where its
    line ends so. By a SIRET its establishment is looked up, then its company; by a name, near
    names, which a person has to confirm. Who is not known may be inclusive all the same.
    """
    lang = language(request.args.get("lang"))
    sent = sent_json(JSON)
    found = checked(lines_of_json(sent))
    employer = employer_of(sent.get("contribution"), sent.get("employment_rate"))
    told = body(
        found, services().presenter.names, lang, services().search.mappings.figures, employer
    )
    return unkept_json(told, lang)


def checked(asked: list[SupplierLine]) -> list[Checked]:
    """Looked up within what is open to who asks; counted in the log, without a word of it."""
    found = check(services().index, asked, services().search.scope.holds)
    note(suppliers=len(found), zero=all(one.status is Status.NO for one in found))
    return found
