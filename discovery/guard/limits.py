"""How many requests an address and a key may make; told in headers, refused with 429.

Headers are those of draft-ietf-httpapi-ratelimit-headers-06: RateLimit-Limit, -Remaining, -Reset (seconds), -Policy.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from limits import RateLimitItem, RateLimitItemPerMinute, parse

from discovery.config import Settings
from discovery.guard import admission
from discovery.guard.addresses import client, counted_as, held, networks
from discovery.guard.counters import Count, Counters
from discovery.guard.key_file import KeyRing
from discovery.guard.problems import Details, Refused

OFF = "off"

_FREE = ("/static/", "/api/static/", "/widget/", "/healthz", "/readyz", "/metrics", "/api/docs", "/api/openapi.json")
"""Never counted: files that caches keep, and what watches the service."""


class Limits:
    """The limits of one application. `counters` are shared by whoever shares their storage."""

    def __init__(self, settings: Settings, counters: Counters) -> None:
        self._counters = counters
        self._trusted = networks(settings.trusted_proxies)
        self._exempt = networks(settings.rate_limit_exempt)
        self._by_class = {
            "api": _limit(settings.rate_limit),
            "suggest": _limit(settings.rate_limit_suggest),
            "export": _limit(settings.rate_limit_export),
            "page": _limit(settings.rate_limit_pages),
        }
        self._of_a_key = _limit(settings.rate_limit_key)

    def by_address(self) -> None:
        """Count the request for the address that makes it. Refused when there were too many."""
        name = class_of(request.path)
        if not name or request.method == "OPTIONS":
            return
        address = client(request.remote_addr or "", request.headers.getlist("X-Forwarded-For"), self._trusted)
        g.visitor = counted_as(address) if address else ""
        if address is not None and not held(address, self._exempt):
            self._count(self._by_class[name], name, counted_as(address))

    def by_key(self) -> None:
        """Count the request for the site whose key it bears, all visitors together."""
        key = admission.current_key()
        if key is not None:
            own = RateLimitItemPerMinute(key.per_minute) if key.per_minute else self._of_a_key
            self._count(own, "key", key.hash)

    def _count(self, limit: RateLimitItem | None, *who: str) -> None:
        found = self._counters.count(limit, *who) if limit else None
        if found is None:
            return
        tightest: Count | None = g.get("count")
        if tightest is None or found.remaining < tightest.remaining or not found.allowed:
            g.count = found
        if not found.allowed:
            args = {"limit": found.limit, "seconds": found.seconds, "wait": found.reset}
            raise Refused(Details("too_many", args, headers=(("Retry-After", str(found.reset)),)))


def install(app: Flask, ring: KeyRing, limits: Limits) -> None:
    """Addresses first, so that trying keys is counted too; a key once it is known."""
    app.before_request(limits.by_address)
    admission.install(app, ring)
    app.before_request(limits.by_key)
    app.after_request(_headers)


def visitor() -> str:
    """Who asks, as counted: an address or an IPv6 household; "" when there is no telling."""
    return str(g.get("visitor", ""))


def class_of(path: str) -> str:
    """Which limit a path falls under; "" = none."""
    if path.startswith(_FREE):
        return ""
    if path.startswith("/api/v1/suggest"):
        return "suggest"
    if path.startswith("/api/v1/export"):
        return "export"
    return "api" if path.startswith("/api/") else "page"


def _limit(text: str) -> RateLimitItem | None:
    return None if text == OFF else parse(text)


def _headers(response: Response) -> Response:
    found: Count | None = g.get("count")
    if found is not None:
        response.headers["RateLimit-Limit"] = str(found.limit)
        response.headers["RateLimit-Remaining"] = str(found.remaining)
        response.headers["RateLimit-Reset"] = str(found.reset)
        response.headers["RateLimit-Policy"] = f"{found.limit};w={found.seconds}"
    return response
