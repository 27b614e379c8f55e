"""The OpenAPI document, and the pages that serve it: `/api/openapi.json`, `/api/docs`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, render_template

from discovery.answers.described import Components, JsonSchema, reference
from discovery.http.api import (
    alerts,
    endpoint,
    explain,
    export,
    health,
    map,
    needs,
    search,
    suggest,
    suppliers,
    vocabulary,
)
from discovery.http.api.endpoint import FILE, Endpoint
from discovery.http.api.parameters import Parameters
from discovery.http.problems import MEDIA_TYPE, STATUS, VARYING, Details, ProblemBody, slug
from discovery.http.responses import json_response, validated

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

_PLACE = re.compile(r"<(\w+)>")

Spec = Mapping[str, Any]

COMMON = frozenset({"lang", "key"})
"""Parameters that all endpoints have, shown after their own."""


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a member of an object. `refers`: the schema of its values, with a paragraph of its own."""

    name: str
    type: str
    about: str
    example: str = ""
    values: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint, as the documentation page shows it.

    `sample`: an address to try; empty when a parameter is required, or something is sent.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Member, ...]
    responses: tuple[Member, ...]
    sample: str


@dataclass(frozen=True, slots=True)
class Object:
    """An object of answers, with its members."""

    name: str
    members: tuple[Member, ...]


def operations(spec: Spec) -> Iterator[Operation]:
    """The operations of an OpenAPI description, in its order."""
    for path, item in spec["paths"].items():
        method, operation = next((name, item[name]) for name in ("get", "post") if name in item)
        described = sorted(operation.get("parameters", ()), key=lambda one: one["name"] in COMMON)
        parameters = tuple(_parameter(one) for one in described)
        responses = tuple(_response(status, one) for status, one in sorted(operation["responses"].items()))
        yield Operation(
            operation["operationId"],
            method.upper(),
            path,
            operation.get("summary", ""),
            operation.get("description", ""),
            parameters,
            responses,
            sample(path, operation) if method == "get" else "",
        )


def sample(path: str, operation: Spec) -> str:
    """An address to try: with the phrase of the examples where there is one."""
    parameters = {one["name"]: one for one in operation.get("parameters", ())}
    if any(one.get("required") for one in parameters.values()):
        return ""
    phrase = parameters.get("q", {}).get("example")
    return f"{path}?{urlencode({'q': phrase})}" if phrase else path


def objects(spec: Spec) -> Iterator[Object]:
    """The objects of answers, with their members."""
    for name, schema in spec["components"]["schemas"].items():
        members = schema.get("properties", {}).items()
        yield Object(name, tuple(_member(member, described) for member, described in members))


def _parameter(one: Spec) -> Member:
    schema = one["schema"]
    example = one.get("example", "")
    shown = ",".join(str(each) for each in example) if isinstance(example, list) else written(example)
    return Member(
        one["name"],
        type_of(schema),
        one.get("description", ""),
        shown,
        tuple(str(value) for value in schema.get("enum", ())),
    )


def written(example: Any) -> str:
    """An example as an address holds it."""
    return str(example).lower() if isinstance(example, bool) else str(example)


def _response(status: str, one: Spec) -> Member:
    """A redirection has no content, and so neither a type nor a schema."""
    if not one.get("content"):
        return Member(status, "", one["description"])
    media, content = next(iter(one["content"].items()))
    return Member(status, media, one["description"], refers=referred(content["schema"]))


def _member(name: str, schema: Spec) -> Member:
    values = tuple(str(value) for value in schema.get("enum", ()) if value is not None)
    return Member(name, type_of(schema), schema.get("description", ""), values=values, refers=referred(schema))


def referred(schema: Spec) -> str:
    """The name of the schema that another one holds, directly, as items, or as values."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    below = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    below += [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), Mapping)]
    return next((found for one in below if (found := referred(one))), "")


def type_of(schema: Spec) -> str:
    """A schema's type in words: "list of string", "number or null", "object"."""
    if "$ref" in schema:
        return "object"
    if "anyOf" in schema or "allOf" in schema:
        return " or ".join(dict.fromkeys(type_of(one) for one in (*schema.get("anyOf", ()), *schema.get("allOf", ()))))
    types = schema.get("type", "any")
    types = list(types) if isinstance(types, list) else [types]
    return " or ".join(f"list of {type_of(schema['items'])}" if one == "array" else str(one) for one in types)


docs = Blueprint("docs", __name__, template_folder="templates", static_folder="static", static_url_path="/api/static")


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
            if one.blueprint == blueprint.name:
                path = _PLACE.sub(r"{\1}", f"{blueprint.url_prefix or ''}{one.rule}")
                paths[path] = {"post" if one.body else "get": _operation(one, components), **_places(one.rule)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Inclusive suppliers: search API",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": blueprint.name, "description": about} for blueprint, about in TOLD.items()],
        "paths": paths,
        "components": {"schemas": components},
    }


def _places(rule: str) -> JsonSchema:
    """The parameters of a path's own text, as every operation of it has them."""
    place = {"in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    names = _PLACE.findall(rule)
    return {"parameters": [{**place, "name": name} for name in names]} if names else {}


def _operation(one: Endpoint, components: Components) -> JsonSchema:
    summary, _, about = (inspect.getdoc(one.view) or "").partition("\n")
    sent = {media: _content(told, components) for media, told in (one.body or {}).items()}
    found = {one.media: _content(one.answer, components)} | ({one.also: {"schema": FILE}} if one.also else {})
    problem = {MEDIA_TYPE: _content(ProblemBody, components)}
    responses: dict[str, JsonSchema] = {"200": {"description": one.found, "content": found}}
    if one.moved:
        responses["308"] = {"description": one.moved}
    responses |= {str(status): {"description": PROBLEMS[status], "content": problem} for status in one.statuses}
    return {
        "operationId": one.view.__name__,
        "tags": [one.blueprint],
        "summary": summary,
        **({"description": about.strip()} if about.strip() else {}),
        "parameters": [
            told for each in one.parameters for told in (each.described() if isinstance(each, Parameters) else [each])
        ],
        **({"requestBody": {"required": True, "content": sent}} if sent else {}),
        "responses": responses,
    }


def _content(told: type | JsonSchema, components: Components) -> JsonSchema:
    return {"schema": told if isinstance(told, dict) else reference(told, components)}


@docs.get("/api/openapi.json")
def document() -> Response:
    return json_response(openapi())


@docs.get("/api/docs")
def page() -> Response:
    spec = openapi()
    text = render_template(
        "api_docs.html",
        info=spec["info"],
        operations=list(operations(spec)),
        objects=list(objects(spec)),
        problems=[explained(name, status) for name, status in STATUS.items()],
    )
    return validated(text.encode(), "text/html")


def explained(name: str, status: int) -> dict[str, str | int]:
    """A type of problem as the page shows it, with dots for what varies."""
    details = Details(name, dict.fromkeys(VARYING, "…"))
    return {"name": slug(name), "status": status, "title": details.title("en"), "detail": details.detail("en")}


__all__ = [
    "alerts",
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
