"""gzip for texts worth it, by the standard library."""

from __future__ import annotations

import zlib

from flask import Flask, Response, request
from werkzeug.datastructures import Accept

from discovery.trace import stage

LEAST = 1_024
"""Bytes below which a header costs what compression saves."""
LEVEL = 3
"""A page of results in about a millisecond; higher levels gain a few per cent for twice the time."""

_TEXTS = (
    "application/json",
    "application/problem+json",
    "application/atom+xml",
    "application/feed+json",
    "application/javascript",
    "image/svg+xml",
    "text/",
)


def install(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The response compressed when the client takes gzip and the body is a text long enough."""
    if not (response.mimetype or "").startswith(_TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or response.content_encoding or not accepts_gzip(request.accept_encodings):
        return response
    if response.is_streamed and not response.direct_passthrough:
        return response
    response.direct_passthrough = False  # a file of ours: small enough to be read whole
    body = response.get_data()
    if len(body) >= LEAST:
        with stage("gzip"):
            response.set_data(gzip(body))
        response.content_encoding = "gzip"
    return response


def accepts_gzip(accepted: Accept) -> bool:
    quality = accepted["gzip"]
    return quality > 0 and quality >= accepted["identity"]


def gzip(body: bytes) -> bytes:
    """The gzip format without time or name: the same body gives the same bytes."""
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()
