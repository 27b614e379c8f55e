"""Requests counted in windows that begin with the first of them: in Redis for all workers, or in memory for one.

What is asked and what was spent count alike. Never in a request's way.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

import structlog
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import RedisStorage

from discovery.engine.breaker import Breaker
from discovery.mappings import SettingsError
from discovery.mappings.settings_help import absent

MAX_ADDRESSES = 20_000
"""Counts that are kept, some 300 bytes each; the one touched longest ago goes first."""


class MemoryStorage:
    """What `limits` keeps in Redis, in memory: its own memory storage walks through all that it holds, this one costs
    the same however many ask."""

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
        """When the window ends."""
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
    """Fails open: what can't be counted is allowed. One log line when that begins, one when it ends.

    `redis_url` "" counts in memory, each process for itself.
    """

    def __init__(
        self, redis_url: str = "", *, breaker: Breaker | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = _redis(redis_url) if redis_url else MemoryStorage(clock=clock)
        self.breaker = breaker or Breaker(failures=1, seconds=AWAY_SECONDS)
        self._clock = clock
        self._away = False

    def count(self, limit: RateLimitItem, *who: str) -> Count | None:
        """Count one more request of `who` (parts of a key) against a limit; what is left then. None: it could not be
        counted, hence is allowed."""
        return self._asked(lambda: self._left(limit, who, self._added(limit, 1, who)))

    def unspent(self, limit: RateLimitItem, *who: str) -> Count | None:
        """What `spend` left of a limit; allowed while it left something. None: it could not be read."""
        return self._asked(lambda: self._left(limit, who, self._storage.get(limit.key_for(*who)) + 1))

    def spend(self, limit: RateLimitItem, cost: int, *who: str) -> None:
        """Count what was spent, even beyond the limit."""
        if cost > 0:
            self._asked(lambda: self._added(limit, cost, who))

    def _added(self, limit: RateLimitItem, amount: int, who: tuple[str, ...]) -> int:
        return self._storage.incr(limit.key_for(*who), limit.get_expiry(), amount=amount)

    def _left(self, limit: RateLimitItem, who: tuple[str, ...], count: int) -> Count:
        reset = max(1, math.ceil(self._storage.get_expiry(limit.key_for(*who)) - self._clock()))
        return Count(count <= limit.amount, limit.amount, limit.get_expiry(), max(0, limit.amount - count), reset)

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
        return RedisStorage(redis_url, wrap_exceptions=True, key_prefix="discovery:limits", **options)
    except ValueError as error:
        raise SettingsError(f"DISCOVERY_REDIS_URL: {error}") from None
