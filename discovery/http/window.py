"""Counting over a moving window: in Redis, or in the memory of one process, bounded however many ask.

What is asked counts while there is room; what was spent counts whole, and only from one window to the next: whoever
overdrew waits for the next one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from threading import Lock

from limits import RateLimitItem, WindowStats
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

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
