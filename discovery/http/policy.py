"""What holds for an address before anything is made of it: limits, size, threads, who may read it. Pure.

A row for each kind of address, told by how its path begins: the loop must know it from a request's first bytes, before
the application has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

MAX_BODY = 16_384
"""Bytes: an event of the search page takes some 300, and some clients send a body with GET."""
_TEXT, _SHEET = 1_000_000, 6_000_000
"""Bytes that people send: what they need, or their suppliers; a spreadsheet, whose rows the page sends back."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`rate`: the limit that a request counts for (`discovery/http/limits.py`); "" is none, of `watched` alone.

    `max_body`: bytes. `long`: the method whose answers may take seconds, as those to large bodies do; a process of its
    own makes them. `data`: errors are never pages. `keyed`: `key=` is heeded. `shared`: pages of other sites may read
    it; `posted`: and send it something, which is answered and not kept. `watched`: by which others watch us; never
    refused.
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
    _api(("/api/v1/matches",), "api", long="GET"),
    _api(("/api/v1/needs",), "needs", max_body=_TEXT, long="POST", posted=True),
    _api(("/api/v1/suppliers/check",), "needs", max_body=_TEXT, long="POST"),
    _api(("/api/v1/programme",), "programme", max_body=_SHEET, long="POST", posted=True),
    _api(("/api/v1/alerts",), "alerts"),
    _api(("/api/v1/",), "api"),
    Policy(("/api/static/",), "file", data=True, shared=True),
    Policy(("/api/",), "api", data=True, shared=True),
    Policy(("/feed.",), "page", shared=True),
    Policy(("/sitemap/",), "page", long="GET"),
    Policy(("/besoin", "/verifier"), "needs", max_body=_TEXT, long="POST"),
    Policy(("/programme",), "programme", max_body=_SHEET, long="POST"),
    Policy(("/suivre",), "alerts"),
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
