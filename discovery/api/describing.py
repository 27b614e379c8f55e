"""The endpoints described as OpenAPI has it, by flask-smorest, of an application of its own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from discovery.answers.described import Components, JsonSchema, reference
from discovery.api import endpoint
from discovery.api.endpoint import FILE, Endpoint
from discovery.api.parameters import Parameters
from discovery.http.problems import MEDIA_TYPE, ProblemBody

VERSION = "1.0.0"
"""Of the contract: a member or parameter added raises the second number; nothing is renamed or removed within v1."""

ABOUT = """Find suppliers who employ people far from work or with disabilities.

Read-only, anonymous, JSON. Names are only ever added, never renamed. Errors are problem details (RFC 9457), in
French or, with `lang=en`, in English. Answers carry a weak `ETag`: send it back in `If-None-Match`.

Any page may ask, without credentials. Requests are limited per address, and per key: `RateLimit-Remaining` and
`RateLimit-Reset` say what is left and for how many seconds, and 429 comes with `Retry-After`."""

TOLD = {
    endpoint.v1: "Search, profiles and vocabulary of suppliers.",
    endpoint.health: "For whoever watches the service.",
}
"""What the endpoints of a blueprint are for."""

PROBLEMS = {
    400: "A parameter can't be read: not a number, not a box…",
    403: "The key is unknown or revoked, or not for pages of this origin.",
    404: "Unknown.",
    410: "Withdrawn: the supplier is no longer listed.",
    413: "What is sent is too large.",
    414: "The address is too long.",
    415: "What is sent is of another type than the accepted ones.",
    422: "A parameter's value is not valid; all faults at once, each with close valid values.",
    429: "Too many requests; `Retry-After` says when to ask again.",
    503: "The engine is away or has no index; `reason` says why, `Retry-After` when to ask again.",
}
"""What each status means, wherever it is answered."""


class Describing(Api):  # type: ignore[misc]
    """flask-smorest for the description only: errors are `discovery.http.errors`'."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_responses(self) -> None:
        """None of its own: each endpoint names the problems it answers."""

    def _register_etag_headers(self) -> None:
        """None: `discovery.http.responses` makes validators."""

    def _register_pagination_header(self) -> None:
        """None: answers carry links."""

    def _register_error_handlers(self) -> None:
        """None of its own: it would drop the Allow header."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Leave errors to `http.errors`, which tells them as problems."""
        raise error


def described() -> JsonSchema:
    """The OpenAPI document of every endpoint whose module is imported."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        API_TITLE="Inclusive suppliers: search API",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
        },
    )
    api = Describing(app)
    components: Components = {}
    for one, about in TOLD.items():
        blueprint = Blueprint(one.name, __name__, url_prefix=one.url_prefix, description=about)
        for each in endpoint.endpoints:
            if each.blueprint == one.name:
                _describe(blueprint, each, components)
        api.register_blueprint(blueprint)
    for name, component in components.items():
        api.spec.components.schema(name, component)
    found: JsonSchema = api.spec.to_dict()
    return found


def _describe(blueprint: Any, one: Endpoint, components: Components) -> None:
    sent = {media: {"schema": _schema(told, components)} for media, told in (one.body or {}).items()}
    answer, problem = _schema(one.answer, components), reference(ProblemBody, components)
    view = blueprint.response(200, answer, description=one.found, content_type=one.media)(one.view)
    if one.moved:
        view = blueprint.alt_response(308, description=one.moved)(view)
    for status in one.statuses:
        view = blueprint.alt_response(status, schema=problem, content_type=MEDIA_TYPE, description=PROBLEMS[status])(
            view
        )
    taken: JsonSchema = {"requestBody": {"required": True, "content": sent}} if sent else {}
    if one.also:
        taken["responses"] = {200: {"content": {one.also: {"schema": FILE}}}}
    parameters = [
        told for each in one.parameters for told in (each.described() if isinstance(each, Parameters) else [each])
    ]
    view = blueprint.doc(parameters=parameters, operationId=one.view.__name__, **taken)(view)
    (blueprint.post if one.body else blueprint.get)(one.rule)(view)


def _schema(told: type | JsonSchema, components: Components) -> JsonSchema:
    return told if isinstance(told, dict) else reference(told, components)
