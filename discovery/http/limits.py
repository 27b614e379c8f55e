"""Limits: requests of an address and a key, time of an address, bytes of bodies being read; refused with 429 or 503.

Headers are those of draft-ietf-httpapi-ratelimit-headers-06: RateLimit-Limit, -Remaining, -Reset (seconds), -Policy.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import cast

import structlog
from flask import Flask, Response, g, request
from limits import RateLimitItem, RateLimitItemPerMinute, parse
from prometheus_client import Gauge

from discovery import trace
from discovery.http import keys
from discovery.http.addresses import client, counted_as, held, networks, passed_on, site_of
from discovery.http.counters import Count, Counters
from discovery.http.keys import KeyRing
from discovery.http.long_work import busy
from discovery.http.policy import MAX_BODY, policy_of
from discovery.http.problems import Details, Refused
from discovery.mappings import Settings

OFF = "off"
APART = ("suggest", "export", "needs", "programme", "alerts")
"""Kinds of requests that have a setting of their own."""
MILLIS = 1_000
FILES_OF_A_PAGE = 20
"""Scripts, styles and tiles that a page may load, each time without a cache: the limit of files, in those of pages."""
SITE_SHARES = 8
"""What the households of one IPv6 site may do together, in limits of one: a site may be a town hall or a dormitory."""


class Limits:
    """The limits of one application. `counters` are shared by whoever shares their storage."""

    def __init__(self, settings: Settings, counters: Counters) -> None:
        self._counters = counters
        self._warned = False
        self._trusted = networks(settings.trusted_proxies)
        self._exempt = networks(settings.rate_limit_exempt)
        pages = limit_of(settings.rate_limit_pages)
        self._by_class = {
            "api": limit_of(settings.rate_limit),
            **{name: limit_of(getattr(settings, f"rate_limit_{name}")) for name in APART},
            "page": pages,
            "file": times(pages, FILES_OF_A_PAGE),
        }
        self._of_a_key = limit_of(settings.rate_limit_key)
        self._time = time_limit(settings)

    def by_address(self) -> None:
        """Count the request for the address that makes it. Refused when there were too many, or they took too long."""
        name = policy_of(request.path).rate
        if not name or request.method == "OPTIONS":
            return
        address = client(request.remote_addr or "", request.headers.getlist("X-Forwarded-For"), self._trusted)
        g.visitor = counted_as(address) if address else ""
        unknown = passed_on(request.remote_addr or "", address, request.headers)
        if unknown:
            self._warn(request.remote_addr or "")
        if address is None or (held(address, self._exempt) and not unknown):
            return
        g.limited_as, g.site = g.visitor, site_of(address)
        g.clock = time.thread_time()
        for limit, who in _each(self._time):
            found = self._counters.unspent(limit, "time", who)
            if found is not None and not found.allowed:
                raise out_of_time(found)
        self.count(name)

    def count(self, name: str) -> None:
        """Count the request for another limit, too: of what it turned out to ask. Refused when there were too many."""
        if "limited_as" in g:
            for limit, who in _each(self._by_class[name]):
                self._count(limit, name, who)

    def _warn(self, peer: str) -> None:
        """Once a process: all who come by this proxy are counted as one."""
        if not self._warned:
            self._warned = True
            structlog.get_logger().warning(
                "a proxy that is not trusted passes requests on, and all its visitors are counted as one: name its "
                "network in DISCOVERY_TRUSTED_PROXIES, and have it send X-Forwarded-For",
                proxy=peer,
            )

    def by_key(self) -> None:
        """Count the request for the site whose key it bears, all visitors together."""
        key = keys.current_key()
        if key is not None:
            own = RateLimitItemPerMinute(key.per_minute) if key.per_minute else self._of_a_key
            if own is not None:
                self._count(own, "key", key.hash)

    def spent(self, response: Response) -> Response:
        """Count the processor time that the request took."""
        if "clock" in g:
            cost = int((time.thread_time() - g.clock + trace.elsewhere()) * MILLIS)
            for limit, who in _each(self._time):
                self._counters.spend(limit, cost, "time", who)
        return response

    def _count(self, limit: RateLimitItem, *who: str) -> None:
        found = self._counters.count(limit, *who)
        if found is None:
            return
        tightest: Count | None = g.get("count")
        if tightest is None or found.remaining < tightest.remaining or not found.allowed:
            g.count = found
        if not found.allowed:
            raise refused("too_many", found)


def _each(limit: RateLimitItem | None) -> Iterator[tuple[RateLimitItem, str]]:
    """The limit of who asks, and of its IPv6 site."""
    if limit is not None:
        yield limit, g.limited_as
        if g.site:
            yield cast(RateLimitItem, times(limit, SITE_SHARES)), g.site


def out_of_time(found: Count) -> Refused:
    """The refusal of an address that used up its time. `found` counts milliseconds; people are told seconds."""
    return refused("too_heavy", replace(found, limit=found.limit // MILLIS))


def refused(name: str, found: Count) -> Refused:
    """The refusal (429) of who asks too much, with `Retry-After`. `name`: of the problem."""
    args = {"limit": found.limit, "seconds": found.seconds, "wait": found.reset}
    return Refused(Details(name, args, headers=(("Retry-After", str(found.reset)),)))


def install(app: Flask, ring: KeyRing, limits: Limits) -> None:
    """Count requests: addresses first, so that trying keys is counted too; a key once it is known."""
    app.before_request(limits.by_address)
    keys.install(app, ring)
    app.before_request(limits.by_key)
    app.after_request(_headers)
    app.after_request(limits.spent)


def visitor() -> str:
    """Who asks, as counted: an address or an IPv6 household; "" when there is no telling."""
    return str(g.get("visitor", ""))


def limit_of(text: str) -> RateLimitItem | None:
    """Parse a limit as a setting says it ("60/minute"); None when it is off. Raises ValueError for another text."""
    return None if text == OFF else parse(text)


def times(limit: RateLimitItem | None, factor: int) -> RateLimitItem | None:
    """So many times a limit; None when it is off."""
    return type(limit)(limit.amount * factor, limit.multiples) if limit else None


def time_limit(settings: Settings) -> RateLimitItem | None:
    """The limit of the processor's time that an address may use, in milliseconds; None when it is off."""
    return times(limit_of(settings.rate_limit_time), MILLIS)


def _headers(response: Response) -> Response:
    found: Count | None = g.get("count")
    if found is not None and (policy_of(request.path).rate != "file" or not found.allowed):
        response.headers["RateLimit-Limit"] = str(found.limit)
        response.headers["RateLimit-Remaining"] = str(found.remaining)
        response.headers["RateLimit-Reset"] = str(found.reset)
        response.headers["RateLimit-Policy"] = f"{found.limit};w={found.seconds}"
    return response


MOST_BYTES = 24_000_000
"""Bytes of one process."""
MOST_BYTES_OF_ONE = 12_000_000
"""Bytes of one address."""


class Bodies:
    """Bytes of the bodies that a process reads, by address ("" is anybody: this machine's own)."""

    def __init__(self, most: int = MOST_BYTES, most_of_one: int = MOST_BYTES_OF_ONE) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._lock = Lock()
        self._bytes: Counter[str] = Counter()

    def take(self, who: str, size: int) -> str:
        """Count a body that begins. "" when there is room for it, else the problem's name."""
        with self._lock:
            if who and self._bytes[who] + size > self._most_of_one:
                return "one_at_a_time"
            if self._bytes.total() + size > self._most:
                return "overloaded"
            self._bytes[who] += size
        return ""

    def give_back(self, who: str, size: int) -> None:
        """A body that was counted is no longer held."""
        with self._lock:
            self._bytes[who] -= size
            if not self._bytes[who]:
                del self._bytes[who]


def install_bodies(app: Flask, held: Gauge) -> None:
    """Refuse bodies for which there is no room, once limits and keys let the request in. Small ones are not counted.
    `held`: the metric."""
    bodies = Bodies()

    def admit() -> None:
        announced = request.content_length
        if announced is None and "Transfer-Encoding" in request.headers:
            announced = policy_of(request.path).max_body
        size = announced or 0
        if size > MAX_BODY:
            who = str(g.get("limited_as", ""))
            if problem := bodies.take(who, size):
                raise Refused(busy(problem))
            g.body = who, size
            held.inc(size)

    def let_go(_: BaseException | None) -> None:
        if "body" in g:
            who, size = g.pop("body")
            bodies.give_back(who, size)
            held.dec(size)

    app.before_request(admit)
    app.teardown_request(let_go)
