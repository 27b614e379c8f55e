"""Responses: JSON with a validator, headers (who may read it, what a page may load), gzip.

Texts worth it are compressed by Intel's library (`isal`), several times as fast as zlib.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, request
from flask.globals import request_ctx
from isal import isal_zlib
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from discovery.http.requests import policy_of
from discovery.mappings import Settings
from discovery.trace import stage

MAX_AGE = 60
"""Seconds for which a shared cache may answer; a supplier's edit is seen within a minute."""


def encoded(payload: Mapping[str, Any]) -> bytes:
    """The payload as compact JSON in UTF-8. What can't be encoded (a lone surrogate) is replaced,
    never an error.
    """
    try:
        return orjson.dumps(payload)
    except (
        TypeError
    ):  # half a character, a number of more than 64 bits: the standard library takes them
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8", "replace")


def unkept(response: Response, lang: str) -> Response:
    """The response for who asked alone: no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = lang
    return response


def unkept_json(payload: Mapping[str, Any], lang: str) -> Response:
    return unkept(Response(encoded(payload), mimetype="application/json"), lang)


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

    `volatile` members (`took_ms`) are sent but have no part in the ETag, which is weak for that
    reason. `payload` must not be empty.
    """
    with stage("json"):
        kept = encoded(payload)
        body = kept[:-1] + b"," + encoded(volatile)[1:] if volatile else kept
        etag = weak_etag(kept)
    return validated(body, "application/json", etag=etag, max_age=max_age)


def validated(body: bytes, mimetype: str, *, etag: str = "", max_age: int = MAX_AGE) -> Response:
    """The body, 200; or 304 when the client holds this ETag, by default that of the body.
    `max_age`: seconds.
    """
    etag = etag or weak_etag(body)
    unchanged = "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag)
    # Written out: werkzeug's objects for these write their header again at each change.
    headers = {"ETag": f'W/"{etag}"', "Cache-Control": f"public, max-age={max_age}"}
    if unchanged:
        return Response(status=304, headers=headers)
    return Response(body, mimetype=mimetype, headers=headers)


EXPOSED = (
    "Content-Disposition, ETag, Link, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, "
    "Retry-After, Server-Timing, X-Request-ID, X-Results-Capped, X-Scope, X-Total-Count"
)

PERMISSIONS = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
"""What no page of ours asks the browser for, but where somebody is."""

_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {"Access-Control-Allow-Headers": "*", "Access-Control-Max-Age": "86400"}


def install_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to all that an application answers."""
    everywhere = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": PERMISSIONS,
        **(
            {"Strict-Transport-Security": "max-age=31536000"}
            if settings.public_url.startswith("https://")
            else {}
        ),
    }
    policy = page_policy(settings.tiles_from[0])
    page = {
        **everywhere,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Content-Security-Policy": policy,
    }
    data = {**everywhere, "Content-Security-Policy": _API_POLICY}

    def add(response: Response) -> Response:
        request, headers = request_ctx.request, response.headers
        held, given = policy_of(request.path), {name for name, _ in headers}
        ours = page if response.mimetype == "text/html" else data
        if held.shared:
            ours = ours | _SHARED
            if request.method == "OPTIONS":
                ours |= _PREFLIGHT
                ours["Access-Control-Allow-Methods"] = (
                    "POST, OPTIONS" if held.posted else "GET, HEAD, OPTIONS"
                )
        if held.keyed and request.args.get("key"):
            response.vary.add(
                "Origin"
            )  # who asks decides whether it is answered: a shared cache must know
        for name, value in ours.items():
            if name not in given:
                headers.add(name, value)
        return response

    app.after_request(add)


def page_policy(tiles_url: str = "") -> str:
    """The content security policy of pages: no inline script or style, nothing from elsewhere but
    the map's tiles, never in a frame.
    """
    tiles = urlsplit(tiles_url)
    hosts = tiles.netloc.replace("{s}", "*")  # `{s}.tiles.example` stands for several
    images = f"'self' data: {tiles.scheme}://{hosts}" if hosts else "'self' data:"
    return (
        f"default-src 'self'; img-src {images}; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def framed_by(policy: str, origins: Iterable[str]) -> str:
    """A content security policy changed so that pages of these origins, and ours, may show the page
    in a frame. `policy`: one that allows nobody (`frame-ancestors 'none'`).
    """
    return policy.replace("frame-ancestors 'none'", " ".join(("frame-ancestors 'self'", *origins)))


MIN_BYTES, MAX_BYTES = 1_024, 1_000_000
"""Bytes below which a header costs what compression saves; and above which a file is sent as it
lies on the disk.
"""
LEVEL = 2
"""Of 0 to 3: a page of 50 kB becomes one of 12 in 0.07 ms. Level 3 gains three per cent for three
times the time.
"""
_GZIP = 16 + isal_zlib.MAX_WBITS

_TEXTS = (
    "application/json",
    "application/problem+json",
    "application/atom+xml",
    "application/feed+json",
    "application/javascript",
    "image/svg+xml",
    "text/",
)


def compress(response: Response) -> Response:
    """The response compressed when the client takes gzip and the body is a text long enough."""
    if not (response.mimetype or "").startswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or response.content_encoding or not accepted():
        return response
    of_a_file = response.direct_passthrough
    if (response.content_length or 0) > MAX_BYTES if of_a_file else response.is_streamed:
        return response
    response.direct_passthrough = False  # a file of ours: small enough to be read whole
    body = response.get_data()
    if len(body) >= MIN_BYTES:
        with stage("gzip"):
            response.set_data(gzip(body))
        response.content_encoding = "gzip"
    return response


@lru_cache(256)
def accepts_gzip(header: str) -> bool:
    """Whether an `Accept-Encoding` takes gzip; browsers send a handful of different ones."""
    taken = parse_accept_header(header, Accept)
    quality = taken["gzip"]
    return quality > 0 and quality >= taken["identity"]


def accepted() -> bool:
    return accepts_gzip(request.headers.get("Accept-Encoding", ""))


def gzip(body: bytes) -> bytes:
    """The gzip format without time or name: the same body gives the same bytes."""
    compressor = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, _GZIP)
    return compressor.compress(body) + compressor.flush()
