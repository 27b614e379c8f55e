"""A circuit breaker: while an engine is away, callers are told at once instead of each waiting for
the timeout.
"""

import time
from collections.abc import Callable
from threading import Lock


class Breaker:
    """Closed until `failures` calls in a row have failed; then open for `seconds`, after which one
    caller may try.

    Its success closes the breaker, its failure opens it again. Shared by threads.
    """

    def __init__(
        self, failures: int = 3, seconds: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = failures, seconds, clock
        self._lock = Lock()
        self._failures = 0
        self._until = 0.0

    def allows(self) -> bool:
        """Whether to call. When the time is over, the one caller that is let through holds up the
        others again.
        """
        with self._lock:
            if self._failures < self._most:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._seconds
            return True

    @property
    def open(self) -> bool:
        """Whether calls are held up now."""
        with self._lock:
            return self._failures >= self._most and self._clock() < self._until

    def succeeded(self) -> bool:
        """Note that a call was answered: the breaker closes. Whether the one before had failed."""
        with self._lock:
            before, self._failures = self._failures, 0
            return before > 0

    def failed(self) -> bool:
        """Note that a call failed: after enough of them in a row calls are refused for a while.
        Whether it is the first of them.
        """
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._seconds
            return self._failures == 1
