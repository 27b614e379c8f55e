"""The OpenAPI document, and the pages that serve it: `/api/openapi.json`, `/api/docs`."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, render_template

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

docs = Blueprint("docs", __name__, template_folder="templates", static_folder="static", static_url_path="/api/static")


def install(app: Flask) -> None:
    """Register every endpoint, and what describes them."""
    for blueprint in (endpoint.v1, endpoint.health, docs):
        app.register_blueprint(blueprint)


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document; what makes it is imported when somebody asks for it."""
    from discovery.api.describing import described

    return described()


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
