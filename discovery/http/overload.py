"""What is said to a request that is refused before the application has it: at once, from its first bytes. Pure."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from discovery.http.errors import plain_page
from discovery.http.policy import policy_of_start
from discovery.http.problems import MEDIA_TYPE, Details
from discovery.http.responses import encoded

RETRY_SECONDS = 1
"""A full queue is worked off in about half that time."""

Headers = tuple[tuple[str, str], ...]

FILES_AT_ONCE = 2
"""Answers that take seconds, made in one process at a time, whoever asks."""


def overloaded() -> Details:
    """The problem told to who finds the queue full."""
    return Details("overloaded", {"wait": RETRY_SECONDS}, headers=(("Retry-After", str(RETRY_SECONDS)),))


def refusal(start: bytes, details: Details) -> bytes:
    """The whole answer to a request that starts so: a problem, or a page where a browser asks for one."""
    line, _, headers = start.partition(b"\r\n")
    lang = "en" if b"lang=en" in line else "fr"
    page = b"text/html" in headers and not policy_of_start(start)[1].data
    head, body = _refusal(details.name, details.refused, tuple(details.args.items()), details.headers, lang, page)
    return head if line.startswith(b"HEAD ") else head + body


@lru_cache(64)
def _refusal(
    name: str, refused: int, args: tuple[tuple[str, Any], ...], more: Headers, lang: str, page: bool
) -> tuple[bytes, bytes]:
    details = Details(name, dict(args), refused=refused)
    body = plain_page(details.title(lang), details.detail(lang), lang).encode() if page else encoded(details.body(lang))
    status = HTTPStatus(details.status)
    head = {
        "Content-Type": "text/html; charset=utf-8" if page else MEDIA_TYPE,
        "Content-Language": lang,
        "Content-Length": str(len(body)),
        "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "no-store",
        # The widget, on another site's page, is to read it too.
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
        "X-Content-Type-Options": "nosniff",
        "Connection": "close",
    } | dict(more)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return "\r\n".join(lines).encode(), body
