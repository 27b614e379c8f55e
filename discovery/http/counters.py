"""Requests counted over a moving window, in Redis for all workers or in memory for one. Never in a request's way.

What is asked counts while there is room; what was spent counts whole, and only from one window to the next: whoever
overdrew waits for the next one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

import structlog
from limits import RateLimitItem, WindowStats
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from discovery.engine.breaker import Breaker
from discovery.mappings import SettingsError
from discovery.mappings.settings_help import absent

MAX_ADDRESSES = 50_000
"""Counts that are kept, some 200 bytes each; the one touched longest ago goes first."""

_Held = tuple[int, int, int]
"""Number of the window it was touched in; counted in it, and in the one before."""


class RedisWindow(SlidingWindowCounterRateLimiter):
    """Raises StorageError when Redis is away."""

    storage: RedisStorage

    def spend(self, limit: RateLimitItem, cost: int, *who: str) -> None:
        """Count `cost` against a limit of whoever (`who`: parts of a key)."""
        self.storage.incr(limit.key_for(*who), limit.get_expiry(), amount=cost)

    def unspent(self, limit: RateLimitItem, *who: str) -> WindowStats:
        """What is left of a limit, and when it starts anew."""
        key = limit.key_for(*who)
        return WindowStats(self.storage.get_expiry(key), max(0, limit.amount - self.storage.get(key)))


class MemoryWindow:
    """The sliding window counter that `limits` keeps in Redis, under the same names: what was counted in the window
    before weighs as much of it as the moving window still covers. A count costs the same however many there are."""

    def __init__(self, most: int = MAX_ADDRESSES, clock: Callable[[], float] = time.time) -> None:
        self._most, self._clock = most, clock
        self._lock = Lock()
        self._held: dict[int, _Held] = {}

    def __len__(self) -> int:
        return len(self._held)

    def hit(self, limit: RateLimitItem, *who: str) -> bool:
        """Whether there was room for one more; counted if so."""
        key = hash(limit.key_for(*who))
        with self._lock:
            window, current, before = self._now(limit, key)
            allowed = self._weighed(limit, current, before) + 1 <= limit.amount
            self._keep(key, (window, current + allowed, before))
        return allowed

    def spend(self, limit: RateLimitItem, cost: int, *who: str) -> None:
        """Count `cost` requests of somebody against a limit."""
        key = hash(limit.key_for(*who))
        with self._lock:
            window, current, before = self._now(limit, key)
            self._keep(key, (window, current + cost, before))

    def unspent(self, limit: RateLimitItem, *who: str) -> WindowStats:
        """When the next window begins, and what is left of this one."""
        _, current, _ = self._now(limit, hash(limit.key_for(*who)))
        return WindowStats(self._clock() + self._left(limit), max(0, limit.amount - current))

    def _keep(self, key: int, held: _Held) -> None:
        self._held.pop(key, None)
        self._held[key] = held  # last again
        if len(self._held) > self._most:
            del self._held[next(iter(self._held))]

    def get_window_stats(self, limit: RateLimitItem, *who: str) -> WindowStats:
        """When more is free again, and how much is now."""
        _, current, before = self._now(limit, hash(limit.key_for(*who)))
        remaining = max(0, limit.amount - math.floor(self._weighed(limit, current, before)))
        left = self._left(limit)
        waits = [left % (limit.get_expiry() / before)] if before else []
        waits += [left] if current else []
        return WindowStats(self._clock() + min(waits, default=0.0), remaining)

    def _now(self, limit: RateLimitItem, key: int) -> _Held:
        window = int(self._clock() // limit.get_expiry())
        touched, current, before = self._held.get(key, (window, 0, 0))
        if touched == window:
            return window, current, before
        return window, 0, current if touched == window - 1 else 0

    def _left(self, limit: RateLimitItem) -> float:
        """Seconds until the next window begins."""
        return limit.get_expiry() - self._clock() % limit.get_expiry()

    def _weighed(self, limit: RateLimitItem, current: int, before: int) -> float:
        return before * self._left(limit) / limit.get_expiry() + current


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
    """Fails open: what can't be counted is allowed. One log line when that begins, one when it ends.

    `redis_url` "" counts in memory, each process for itself.
    """

    def __init__(
        self, redis_url: str = "", *, breaker: Breaker | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._window = RedisWindow(_storage(redis_url)) if redis_url else MemoryWindow(clock=clock)
        self.breaker = breaker or Breaker(failures=1, seconds=AWAY_SECONDS)
        self._clock = clock
        self._away = False

    def count(self, limit: RateLimitItem, *who: str) -> Count | None:
        """Count one more request of `who` against a limit, when it has room for it; what is left then. None: it
        could not be counted, hence is allowed."""

        def counted() -> Count:
            allowed = self._window.hit(limit, *who)
            return self._count(limit, allowed, self._window.get_window_stats(limit, *who))

        return self._asked(counted)

    def unspent(self, limit: RateLimitItem, *who: str) -> Count | None:
        """What `spend` left of a limit; allowed while it left something. None: it could not be read."""

        def seen() -> Count:
            window = self._window.unspent(limit, *who)
            return self._count(limit, window.remaining > 0, window)

        return self._asked(seen)

    def spend(self, limit: RateLimitItem, cost: int, *who: str) -> None:
        """Count what was spent, even beyond the limit."""
        if cost > 0:
            self._asked(lambda: self._window.spend(limit, cost, *who))

    def _count(self, limit: RateLimitItem, allowed: bool, window: WindowStats) -> Count:
        reset = max(1, math.ceil(window.reset_time - self._clock()))
        return Count(allowed, limit.amount, limit.get_expiry(), max(0, window.remaining), reset)

    def _asked(self, what: Callable[[], T]) -> T | None:
        """None when the counters are away."""
        if not self.breaker.allows():
            return None
        try:
            found = what()
        except StorageError as error:
            self.breaker.failed()
            self._tell(away=True, reason=str(error.storage_error))
            return None
        self.breaker.succeeded()
        self._tell(away=False)
        return found

    def _tell(self, *, away: bool, **facts: Any) -> None:
        if away == self._away:
            return
        self._away = away
        if away:
            structlog.get_logger().warning("rate limits not counted", **facts)
        else:
            structlog.get_logger().info("rate limits counted again")


def _storage(redis_url: str) -> RedisStorage:
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
        return RedisStorage(redis_url, wrap_exceptions=True, key_prefix="discovery:limits", **options)
    except ValueError as error:
        raise SettingsError(f"DISCOVERY_REDIS_URL: {error}") from None
