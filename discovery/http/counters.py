"""Requests counted over a moving window, in Redis for all workers or in memory for one. Never in a request's way."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from limits import RateLimitItem, WindowStats
from limits.errors import StorageError
from limits.storage import RedisStorage

from discovery.engine.breaker import Breaker
from discovery.http.window import MemoryWindow, RedisWindow
from discovery.mappings import SettingsError
from discovery.mappings.settings_help import absent

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
