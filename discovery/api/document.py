"""The OpenAPI document, and the pages that serve it: `/api/openapi.json`, `/api/docs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

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
    search,
    suggest,
    suppliers,
    vocabulary,
)
from discovery.http.problems import STATUS, VARYING, Details, slug
from discovery.http.responses import json_response, validated

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
    return Member(status, media, one["description"], refers=reference(content["schema"]))


def _member(name: str, schema: Spec) -> Member:
    values = tuple(str(value) for value in schema.get("enum", ()) if value is not None)
    return Member(name, type_of(schema), schema.get("description", ""), values=values, refers=reference(schema))


def reference(schema: Spec) -> str:
    """The name of the schema that another one holds, directly, as items, or as values."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    below = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    below += [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), Mapping)]
    return next((found for one in below if (found := reference(one))), "")


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
