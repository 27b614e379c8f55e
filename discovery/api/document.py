"""The OpenAPI document, and the pages that serve it: `/api/openapi.json`, `/api/docs`."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, render_template
from flask_smorest import Api  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from discovery.api import (
    alerts,
    check,
    endpoint,
    explain,
    export,
    health,
    map,
    needs,
    reference,
    search,
    suggest,
    suppliers,
    vocabulary,
)
from discovery.http.problems import STATUS, VARYING, Details, slug
from discovery.http.responses import json_response, validated

VERSION = "1.0.0"
"""Of the contract: a member or parameter added raises the second number; nothing is renamed or removed within v1."""

ABOUT = """Find suppliers who employ people far from work or with disabilities.

Read-only, anonymous, JSON. Names are only ever added, never renamed. Errors are problem details (RFC 9457), in
French or, with `lang=en`, in English. Answers carry a weak `ETag`: send it back in `If-None-Match`.

Any page may ask, without credentials. Requests are limited per address, and per key: `RateLimit-Remaining` and
`RateLimit-Reset` say what is left and for how many seconds, and 429 comes with `Retry-After`."""

docs = Blueprint("docs", __name__, template_folder="templates", static_folder="static", static_url_path="/api/static")


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


def install(app: Flask) -> None:
    """Register every endpoint, and what describes them."""
    for blueprint in (endpoint.v1, endpoint.health, docs):
        app.register_blueprint(blueprint)


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document; made when it is first asked for, of an application of its own."""
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
    for blueprint in (endpoint.v1, endpoint.health):
        api.register_blueprint(blueprint)
    found: dict[str, Any] = api.spec.to_dict()
    return found


@docs.get("/api/openapi.json")
def document() -> Response:
    return json_response(openapi())


@docs.get("/api/docs")
def page() -> Response:
    spec = openapi()
    text = render_template(
        "api_docs.html",
        info=spec["info"],
        operations=list(reference.operations(spec)),
        objects=list(reference.objects(spec)),
        problems=[explained(name, status) for name, status in STATUS.items()],
    )
    return validated(text.encode(), "text/html")


def explained(name: str, status: int) -> dict[str, str | int]:
    """A type of problem as the page shows it, with dots for what varies."""
    details = Details(name, dict.fromkeys(VARYING, "…"))
    return {"name": slug(name), "status": status, "title": details.title("en"), "detail": details.detail("en")}


__all__ = [
    "alerts",
    "check",
    "explain",
    "export",
    "health",
    "install",
    "map",
    "needs",
    "openapi",
    "search",
    "suggest",
    "suppliers",
    "vocabulary",
]
