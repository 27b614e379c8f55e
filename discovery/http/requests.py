"""Each request: its limits, its identity, where its time went, the one line that is logged of it.

What holds for an address (limits, size, threads, who may read it) is a row for each kind, told by
how its path begins: the loop must know it from a request's first bytes, before the application has
it.
"""

import re
import sys
import time
import uuid
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import structlog
from flask import Flask, Response, g
from flask.globals import app_ctx, request_ctx
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)

from discovery import trace
from discovery.model import dataclass

MAX_BODY = 16_384
"""Bytes: an event of the search page takes some 300, and some clients send a body with GET."""
_TEXT, _SHEET = 1_000_000, 6_000_000
"""Bytes that people send: what they need, or their suppliers; a spreadsheet, whose rows the page
sends back.
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """`rate`: the limit that a request counts for (`discovery/http/limits.py`); "" is none, of
    `watched` alone.

    `max_body`: bytes. `long`: the method whose answers may take seconds, as those to large bodies
    do; a process of its own makes them. `data`: errors are never pages. `keyed`: `key=` is heeded.
    `shared`: pages of other sites may read it; `posted`: and send it something, which is answered
    and not kept. `watched`: by which others watch us; never refused.
    """

    paths: tuple[str, ...]
    rate: str
    max_body: int = MAX_BODY
    long: str = ""
    data: bool = False
    keyed: bool = False
    shared: bool = False
    posted: bool = False
    watched: bool = False


_api = partial(Policy, data=True, keyed=True, shared=True)

POLICIES = (
    Policy(("/healthz", "/readyz", "/metrics"), "", data=True, watched=True),
    _api(("/api/v1/suggest",), "suggest"),
    _api(("/api/v1/export",), "export", long="GET"),
    _api(("/api/v1/matches", "/api/v1/notices"), "api", long="GET"),
    _api(("/api/v1/needs",), "needs", max_body=_TEXT, long="POST", posted=True),
    _api(("/api/v1/suppliers/check",), "needs", max_body=_TEXT, long="POST"),
    _api(("/api/v1/programme",), "programme", max_body=_SHEET, long="POST", posted=True),
    _api(("/api/v1/alerts",), "alerts"),
    _api(("/api/v1/",), "api"),
    Policy(("/api/static/",), "file", data=True, shared=True),
    Policy(("/api/",), "api", data=True, shared=True),
    Policy(("/feed.", "/marches."), "page", shared=True),
    Policy(("/sitemap/",), "page", long="GET"),
    Policy(("/besoin", "/verifier"), "needs", max_body=_TEXT, long="POST"),
    Policy(("/programme",), "programme", max_body=_SHEET, long="POST"),
    Policy(("/suivre", "/corriger"), "alerts"),
    Policy(("/mcp",), "api", max_body=_TEXT, data=True),
    Policy(("/widget/figures", "/widget/frame"), "page"),
    Policy(("/page/", "/widget/"), "file"),  # that caches keep
    Policy(("",), "page"),
)
"""The first that fits holds."""
LARGEST_BODY = max(row.max_body for row in POLICIES)


@lru_cache(maxsize=256)
def policy_of(path: str) -> Policy:
    """The row of a path (no query); asked some seven times a request."""
    return next(one for one in POLICIES if path.startswith(one.paths))


MAX_ADDRESS = 8_000
"""Characters of path and query: what servers and proxies commonly pass on."""
MAX_HEAD = 32_768
"""Characters of all headers."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class Application(Flask):
    """Flask, which otherwise asks of each function that a request passes whether it is a coroutine:
    none of ours is.
    """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def install(app: Flask) -> None:
    """Give each request its id, its times and its log line."""
    configure_logs()
    app.before_request(_begin)
    app.after_request(_end)


def configure_logs() -> None:
    """Log as JSON lines on standard error, UTC; left alone when the host program has its own."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(
            sys.stderr
        ),  # standard error as it is at each line
        cache_logger_on_first_use=False,
    )


def note(**facts: Any) -> None:
    """Add facts to the request's log line: never words, addresses or anything of a person."""
    g.facts.update(facts)


def request_id() -> str:
    """The id of the request in hand, as logged and answered; "" outside one."""
    return str(getattr(g, "request_id", ""))


def _begin() -> None:
    """The id first, so that refusals carry one."""
    request, own = (
        request_ctx.request,
        app_ctx.g,
    )  # Flask's own names look both up again at each use
    trace.running.set(trace.Trace())
    own.started, own.facts = time.perf_counter(), {}
    given = request.headers.get("X-Request-ID", "")
    own.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    if (
        sum(
            [
                len(name) + len(value)
                for name, value in request.environ.items()
                if name.startswith("HTTP_")
            ]
        )
        > MAX_HEAD
    ):
        raise RequestHeaderFieldsTooLarge()
    if len(request.path) + len(request.query_string) > MAX_ADDRESS:
        raise RequestURITooLarge()
    most = policy_of(request.path).max_body
    request.max_content_length = most + 1  # werkzeug looks for more behind the last byte
    request.max_form_memory_size = most
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge()


def _end(response: Response) -> Response:
    """`Server-Timing`: milliseconds by stage, `total` until now; no more than `took_ms` and a watch
    would say.
    """
    request, own = request_ctx.request, app_ctx.g
    response.headers.add("X-Request-ID", own.request_id)
    running = trace.running.get()
    if running is not None:
        told = ", ".join(
            [f"{name};dur={took * 1000:.2f}" for name, took in running.seconds().items()]
        )
        response.headers.add("Server-Timing", told)
    structlog.get_logger().info(
        "request",
        request_id=own.request_id,
        method=request.method,
        path=request.path[:200],
        status=response.status_code,
        took_ms=round((time.perf_counter() - own.started) * 1000, 2),
        **own.facts,
    )
    return response
