"""JSON responses with a validator: the same answer is not sent twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson
from flask import Response, request

from discovery.trace import stage

MAX_AGE = 60
"""Seconds for which a shared cache may answer; a supplier's edit is seen within a minute."""


def encoded(payload: Mapping[str, Any]) -> bytes:
    """The payload as compact JSON in UTF-8. What can't be encoded (a lone surrogate) is replaced, never an error."""
    try:
        return orjson.dumps(payload)
    except TypeError:  # half a character, a number of more than 64 bits: the standard library takes them
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8", "replace")


def unkept(response: Response, lang: str) -> Response:
    """The response for who asked alone: no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = lang
    return response


def shared(response: Response, seconds: int = MAX_AGE) -> Response:
    """The response for everybody: any cache may keep it so long."""
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    return response


def attachment(response: Response, name: str) -> Response:
    """The response, to be saved as a file of this name (ASCII, without quotes)."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_attachment(text: str, name: str) -> Response:
    """The file `name`.csv, with the mark by which spreadsheets know UTF-8."""
    return attachment(Response(text.encode("utf-8-sig"), mimetype="text/csv"), f"{name}.csv")


def weak_etag(body: bytes) -> str:
    """The validator of a body: equal for equal bodies (12 bytes in hexadecimal)."""
    return blake2b(body, digest_size=12).hexdigest()


def json_response(
    payload: Mapping[str, Any], *, volatile: Mapping[str, Any] | None = None, max_age: int = MAX_AGE
) -> Response:
    """The payload as JSON, 200; or 304 when the client holds the same answer.

    `volatile` members (`took_ms`) are sent but have no part in the ETag, which is weak for that reason. `payload`
    must not be empty.
    """
    with stage("json"):
        kept = encoded(payload)
        body = kept[:-1] + b"," + encoded(volatile)[1:] if volatile else kept
        etag = weak_etag(kept)
    return validated(body, "application/json", etag=etag, max_age=max_age)


def validated(body: bytes, mimetype: str, *, etag: str = "", max_age: int = MAX_AGE) -> Response:
    """The body, 200; or 304 when the client holds this ETag, by default that of the body. `max_age`: seconds."""
    etag = etag or weak_etag(body)
    unchanged = "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag)
    # Written out: werkzeug's objects for these write their header again at each change.
    headers = {"ETag": f'W/"{etag}"', "Cache-Control": f"public, max-age={max_age}"}
    if unchanged:
        return Response(status=304, headers=headers)
    return Response(body, mimetype=mimetype, headers=headers)
