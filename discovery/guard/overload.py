"""What is said to a request that finds the queue full: at once, without a thread, from the bytes that came. Pure."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from discovery.guard.errors import plain_page
from discovery.guard.problems import MEDIA_TYPE, Details
from discovery.guard.responses import encoded

RETRY_SECONDS = 1
"""A full queue is worked off in about half that time."""

_WATCHERS = tuple(f"GET {path}".encode() for path in ("/healthz", "/readyz", "/metrics"))


def of_a_watcher(start: bytes) -> bool:
    """Whether it is one by which others watch us: a busy service is not to be taken for a dead one."""
    return start.startswith(_WATCHERS)


def refusal(start: bytes) -> bytes:
    """The whole answer to a request that starts so: a problem, or a page where a browser asks for one."""
    line, _, headers = start.partition(b"\r\n")
    lang = "en" if b"lang=en" in line else "fr"
    return _refusal(lang, page=b"text/html" in headers and b" /api/" not in line)


@cache
def _refusal(lang: str, *, page: bool) -> bytes:
    details = Details("overloaded", {"wait": RETRY_SECONDS})
    body = plain_page(details.title(lang), details.detail(lang), lang).encode() if page else encoded(details.body(lang))
    status = HTTPStatus(details.status)
    head = {
        "Content-Type": "text/html; charset=utf-8" if page else MEDIA_TYPE,
        "Content-Language": lang,
        "Content-Length": str(len(body)),
        "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "no-store",
        "Retry-After": str(RETRY_SECONDS),
        # The widget, on another site's page, is to read it too.
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
        "X-Content-Type-Options": "nosniff",
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return "\r\n".join(lines).encode() + body
