"""The OpenAPI document, and the pages that serve it: `/api/openapi.json`, `/api/docs`."""

import inspect
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, render_template

from discovery.answers.described import Components, JsonSchema, reference
from discovery.http.api import endpoint
from discovery.http.api.endpoint import FILE
from discovery.http.api.parameters import Parameters
from discovery.http.problems import MEDIA_TYPE, STATUS, VARYING, Details, ProblemBody, slug
from discovery.http.responses import json_response, validated

VERSION = "1.0.0"
"""Of the contract: a member or parameter added raises the second number; nothing is renamed or
removed within v1.
"""

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

_PLACE = re.compile(r"<(\w+)>")

Spec = Mapping[str, Any]


def sample(path: str, operation: Spec) -> str:
    """An address to try: with the phrase of the examples where there is one."""
    parameters = {one["name"]: one for one in operation.get("parameters", ())}
    if any(one.get("required") for one in parameters.values()):
        return ""
    phrase = parameters.get("q", {}).get("example")
    return f"{path}?{urlencode({'q': phrase})}" if phrase else path


def written(example: Any) -> str:
    """An example as an address holds it."""
    if isinstance(example, list):
        return ",".join(map(str, example))
    return str(example).lower() if isinstance(example, bool) else str(example)


def referred(schema: Spec) -> str:
    """The name of the schema that another one holds, directly, as items, or as values."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    below = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    below += [
        schema[name]
        for name in ("items", "additionalProperties")
        if isinstance(schema.get(name), Mapping)
    ]
    return next((found for one in below if (found := referred(one))), "")


def type_of(schema: Spec) -> str:
    """A schema's type in words: "list of string", "number or null", "object"."""
    if "$ref" in schema:
        return "object"
    if "anyOf" in schema or "allOf" in schema:
        return " or ".join(
            dict.fromkeys(
                type_of(one) for one in (*schema.get("anyOf", ()), *schema.get("allOf", ()))
            )
        )
    types = schema.get("type", "any")
    types = list(types) if isinstance(types, list) else [types]
    return " or ".join(
        f"list of {type_of(schema['items'])}" if one == "array" else str(one) for one in types
    )


docs = Blueprint(
    "docs",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/api/static",
)


for _module in iter_modules([str(Path(__file__).parent)]):
    if _module.name != "document":
        import_module(f"{__package__}.{_module.name}")


def install(app: Flask) -> None:
    """Register every endpoint, and what describes them."""
    for blueprint in (endpoint.v1, endpoint.health, docs):
        app.register_blueprint(blueprint)


@cache
def openapi() -> JsonSchema:
    """The OpenAPI document of every endpoint whose module is imported."""
    components: Components = {}
    paths: dict[str, JsonSchema] = {}
    for blueprint in TOLD:
        for one in endpoint.endpoints:
            if one.blueprint is blueprint:
                path = _PLACE.sub(r"{\1}", f"{blueprint.url_prefix or ''}{one.rule}")
                paths[path] = {
                    "post" if one.body else "get": _operation(one, components),
                    **_places(one.rule),
                }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Inclusive suppliers: search API",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [
            {"name": blueprint.name, "description": about} for blueprint, about in TOLD.items()
        ],
        "paths": paths,
        "components": {"schemas": components},
    }


def _places(rule: str) -> JsonSchema:
    """The parameters of a path's own text, as every operation of it has them."""
    place = {"in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    names = _PLACE.findall(rule)
    return {"parameters": [{**place, "name": name} for name in names]} if names else {}


def _operation(one: endpoint.endpoint, components: Components) -> JsonSchema:
    summary, _, about = (inspect.getdoc(one.view) or "").partition("\n")
    about = _unwrapped(about.strip())
    sent = {media: _content(told, components) for media, told in (one.body or {}).items()}
    found = {one.media: _content(one.answer, components)} | (
        {one.also: {"schema": FILE}} if one.also else {}
    )
    problem = {MEDIA_TYPE: _content(ProblemBody, components)}
    responses: dict[str, JsonSchema] = {"200": {"description": one.found, "content": found}}
    if one.moved:
        responses["308"] = {"description": one.moved}
    refused = (*one.problems, *(endpoint.EVERYWHERE if one.blueprint is endpoint.v1 else ()))
    responses |= {
        str(status): {"description": PROBLEMS[status], "content": problem} for status in refused
    }
    return {
        "operationId": one.view.__name__,
        "tags": [one.blueprint.name],
        "summary": summary,
        **({"description": about} if about else {}),
        "parameters": [
            told
            for each in one.parameters
            for told in (each.described() if isinstance(each, Parameters) else [each])
        ],
        **({"requestBody": {"required": True, "content": sent}} if sent else {}),
        "responses": responses,
    }


def _unwrapped(text: str) -> str:
    """A text whose paragraphs are a line each: where the source breaks a line is no one's concern."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def _content(told: type | JsonSchema, components: Components) -> JsonSchema:
    return {"schema": told if isinstance(told, dict) else reference(told, components)}


@docs.get("/api/openapi.json")
def document() -> Response:
    return json_response(openapi())


@docs.get("/api/docs")
def page() -> Response:
    text = render_template(
        "api_docs.html",
        spec=openapi(),
        problems=[explained(name, status) for name, status in STATUS.items()],
        **{function.__name__: function for function in (referred, sample, type_of, written)},
    )
    return validated(text.encode(), "text/html")


def explained(name: str, status: int) -> dict[str, str | int]:
    """A type of problem as the page shows it, with dots for what varies."""
    details = Details(name, dict.fromkeys(VARYING, "…"))
    return {
        "name": slug(name),
        "status": status,
        "title": details.title("en"),
        "detail": details.detail("en"),
    }
