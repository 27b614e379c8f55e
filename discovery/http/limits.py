"""Limits: requests of an address and a key, time of an address, bytes of bodies being read; refused
with 429 or 503.

Headers are those of draft-ietf-httpapi-ratelimit-headers-06: RateLimit-Limit, -Remaining, -Reset
(seconds), -Policy. Requests and what was spent count alike, in windows that begin with the first of
them: in Redis for all workers, or in memory for one. Never in a request's way.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, TypeVar, cast

import structlog
from flask import Flask, Response, g, request
from flask.globals import app_ctx, request_ctx
from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.errors import StorageError
from limits.storage import RedisStorage
from prometheus_client import Gauge

from discovery import trace
from discovery.engine.breaker import Breaker
from discovery.http import keys
from discovery.http.addresses import client, counted_as, held, networks, passed_on, site_of
from discovery.http.keys import Key, KeyRing
from discovery.http.long_work import busy
from discovery.http.problems import Details, Refused
from discovery.http.requests import MAX_BODY, policy_of
from discovery.mappings import Settings, SettingsError
from discovery.mappings.settings import absent
from discovery.model import dataclass, replace

MAX_ADDRESSES = 10_000
"""Counts that are kept, some 200 bytes each: two an address, of as many as a worker can answer in
the minute that they hold. The one touched longest ago goes first.
"""


class MemoryStorage:
    """What `limits` keeps in Redis, in memory: its own memory storage walks through all that it
    holds, this one costs the same however many ask.
    """

    def __init__(self, most: int = MAX_ADDRESSES, clock: Callable[[], float] = time.time) -> None:
        self._most, self._clock = most, clock
        self._lock = Lock()
        self._held: dict[int, tuple[float, int]] = {}
        """By hash of a key: when its window ends, and its count."""

    def __len__(self) -> int:
        return len(self._held)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count so much more, in a window of `expiry` seconds; the count."""
        now = self._clock()
        with self._lock:
            end, count = self._held.pop(hash(key), (0.0, 0))
            end, count = (end, count + amount) if end > now else (now + expiry, amount)
            self._held[hash(key)] = end, count  # last again
            if len(self._held) > self._most:
                del self._held[next(iter(self._held))]
        return count

    def get(self, key: str) -> int:
        """The count of the window that has not ended."""
        end, count = self._held.get(hash(key), (0.0, 0))
        return count if end > self._clock() else 0

    def get_expiry(self, key: str) -> float:
        """When the window of a key ends, in seconds since 1970."""
        return max(self._held.get(hash(key), (0.0, 0))[0], self._clock())


T = TypeVar("T")

REDIS_SECONDS = 0.1
"""How long a request waits for Redis, at most; then it passes uncounted."""
AWAY_SECONDS = 5.0
"""Between two tries of a Redis that failed: one request waits, the others don't."""


@dataclass(frozen=True, slots=True)
class Count:
    """What is left of a limit.

    `remaining` requests of `limit` every `seconds`; `reset`: seconds until one is free again.
    """

    allowed: bool
    limit: int
    seconds: int
    remaining: int
    reset: int


class Counters:
    """Fails open: what can't be counted is allowed. One log line when that begins, one when it
    ends.

    `redis_url` "" counts in memory, each process for itself.
    """

    def __init__(
        self,
        redis_url: str = "",
        *,
        breaker: Breaker | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._storage = _redis(redis_url) if redis_url else MemoryStorage(clock=clock)
        self.breaker = breaker or Breaker(failures=1, seconds=AWAY_SECONDS)
        self._clock = clock

    def count(self, limit: RateLimitItem, *who: str) -> Count | None:
        """Count one more request of `who` (parts of a key) against a limit; what is left then.
        None: it could not be counted, hence is allowed.
        """
        return self._asked(lambda: self._left(limit, who, self._added(limit, 1, who)))

    def unspent(self, limit: RateLimitItem, *who: str) -> Count | None:
        """What `spend` left of a limit; allowed while it left something. None: it could not be
        read.
        """
        return self._asked(
            lambda: self._left(limit, who, self._storage.get(limit.key_for(*who)) + 1)
        )

    def spend(self, limit: RateLimitItem, cost: int, *who: str) -> None:
        """Count what was spent, even beyond the limit."""
        if cost > 0:
            self._asked(lambda: self._added(limit, cost, who))

    def _added(self, limit: RateLimitItem, amount: int, who: tuple[str, ...]) -> int:
        return self._storage.incr(limit.key_for(*who), limit.get_expiry(), amount=amount)

    def _left(self, limit: RateLimitItem, who: tuple[str, ...], count: int) -> Count:
        reset = max(1, math.ceil(self._storage.get_expiry(limit.key_for(*who)) - self._clock()))
        return Count(
            count <= limit.amount,
            limit.amount,
            limit.get_expiry(),
            max(0, limit.amount - count),
            reset,
        )

    def _asked(self, what: Callable[[], T]) -> T | None:
        """None when the counters are away."""
        if not self.breaker.allows():
            return None
        try:
            found = what()
        except StorageError as error:
            if self.breaker.failed():
                structlog.get_logger().warning(
                    "rate limits not counted", reason=str(error.storage_error)
                )
            return None
        if self.breaker.succeeded():
            structlog.get_logger().info("rate limits counted again")
        return found


def _redis(redis_url: str) -> RedisStorage:
    try:
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ModuleNotFoundError:
        raise SettingsError(absent("DISCOVERY_REDIS_URL", "Redis' client", "redis")) from None
    options: dict[str, Any] = {
        "socket_timeout": REDIS_SECONDS,
        "socket_connect_timeout": REDIS_SECONDS,
        "retry": Retry(NoBackoff(), 0),  # the client's own would try for seconds
    }
    try:
        return RedisStorage(
            redis_url, wrap_exceptions=True, key_prefix="discovery:limits", **options
        )
    except ValueError as error:
        raise SettingsError(f"DISCOVERY_REDIS_URL: {error}") from None


OFF = "off"
APART = ("suggest", "export", "needs", "programme", "alerts")
"""Kinds of requests that have a setting of their own."""
MILLIS = 1_000
FILES_OF_A_PAGE = 20
"""Scripts, styles and tiles that a page may load, each time without a cache: the limit of files, in
those of pages.
"""
SITE_SHARES = 8
"""What the households of one IPv6 site may do together, in limits of one: a site may be a town hall
or a dormitory.
"""


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
        self._time = times(limit_of(settings.rate_limit_time), MILLIS)  # of the processor's time

    def by_address(self) -> None:
        """Count the request for the address that makes it. Refused when there were too many, or
        they took too long.
        """
        request = request_ctx.request
        name = policy_of(request.path).rate
        if not name or request.method == "OPTIONS":
            return
        peer = request.remote_addr or ""
        address = client(peer, request.headers.getlist("X-Forwarded-For"), self._trusted)
        g.visitor = counted_as(address) if address else ""
        unknown = passed_on(peer, address, request.headers)
        if unknown:
            self._warn(peer)
        if address is None or (held(address, self._exempt) and not unknown):
            return
        g.limited_as, g.site = g.visitor, site_of(address)
        g.clock = time.thread_time()
        for limit, who in _each(self._time):
            found = self._counters.unspent(limit, "time", who)
            if found is not None and not found.allowed:
                # Counted in milliseconds; people are told seconds.
                raise refused("too_heavy", replace(found, limit=found.limit // MILLIS))
        self.count(name)

    def count(self, name: str) -> None:
        """Count the request for another limit, too: of what it turned out to ask. Refused when
        there were too many.
        """
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

    def by_key(self, key: Key | None) -> None:
        """Count the request for the site whose key it bears, all visitors together."""
        if key is not None:
            own = RateLimitItemPerMinute(key.per_minute) if key.per_minute else self._of_a_key
            if own is not None:
                self._count(own, "key", key.hash)

    def told(self, response: Response) -> Response:
        """Count the processor time that the request took, and tell what is left."""
        own = app_ctx.g
        if "clock" in own:
            cost = int((time.thread_time() - own.clock + trace.elsewhere()) * MILLIS)
            for limit, who in _each(self._time):
                self._counters.spend(limit, cost, "time", who)
        found: Count | None = own.get("count")
        if found is not None and (policy_of(request.path).rate != "file" or not found.allowed):
            response.headers.add("RateLimit-Limit", found.limit)
            response.headers.add("RateLimit-Remaining", found.remaining)
            response.headers.add("RateLimit-Reset", found.reset)
            response.headers.add("RateLimit-Policy", f"{found.limit};w={found.seconds}")
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


def refused(name: str, found: Count) -> Refused:
    """The refusal (429) of who asks too much, with `Retry-After`. `name`: of the problem."""
    args = {"limit": found.limit, "seconds": found.seconds, "wait": found.reset}
    return Refused(Details(name, args, headers=(("Retry-After", str(found.reset)),)))


def install(app: Flask, ring: KeyRing, limits: Limits) -> None:
    """Count requests: addresses first, so that trying keys is counted too; a key once it is known."""

    def admit() -> None:
        limits.by_address()
        g.key = keys.admitted(ring)
        limits.by_key(g.key)

    app.extensions["discovery-keys"] = ring
    app.before_request(admit)
    app.after_request(limits.told)


def limit_of(text: str) -> RateLimitItem | None:
    """Parse a limit as a setting says it ("60/minute"); None when it is off. Raises ValueError for
    another text.
    """
    return None if text == OFF else parse(text)


def times(limit: RateLimitItem | None, factor: int) -> RateLimitItem | None:
    """So many times a limit; None when it is off."""
    return type(limit)(limit.amount * factor, limit.multiples) if limit else None


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
        with self._lock:
            self._bytes[who] -= size
            if not self._bytes[who]:
                del self._bytes[who]


def install_bodies(app: Flask, held: Gauge) -> None:
    """Make an application refuse large bodies for which it has no memory, once limits and keys let
    the request in. `held`: the gauge that tells the bytes being read.
    """
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
