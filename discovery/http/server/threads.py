"""The threads that answer: a queue of whole requests before them, with a length and an end to waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

from discovery.http.server.connection import Connection

WAITING = 64
"""Requests that wait for a thread of one worker: about half a second of searches on one core."""
WAIT_SECONDS = 1.0
"""To wait for a thread, when searches take longer than that."""

Work = Callable[[Connection], None]


class Threads:
    """Those who find the queue full, or have waited too long, are the caller's to refuse."""

    def __init__(self, answer: Work, done: Work, threads: int, waiting: int, name: str) -> None:
        """`answer` and `done` are called in the threads, one after the other."""
        self._answer, self._done = answer, done
        self._queue: SimpleQueue[Connection] = SimpleQueue()
        self._waiting: dict[Connection, None] = {}
        self.threads, self._most = threads, threads + waiting
        self.in_hand = 0
        """Requests that wait for a thread or have one; counted by the loop alone."""
        for number in range(threads):
            Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether every thread is at work."""
        return self.in_hand >= self.threads

    @property
    def crowded(self) -> bool:
        """Whether more wait than the threads take at once: who has waited long is refused for their sake."""
        return self.in_hand > 2 * self.threads

    def take(self, connection: Connection, hold: Work) -> bool:
        """Queue a request for a thread; False when the queue is full, else `hold` is called before a thread has it."""
        if self.in_hand >= self._most:
            return False
        hold(connection)
        self.in_hand += 1
        connection.queued = time.monotonic()
        self._waiting[connection] = None
        self._queue.put(connection)
        return True

    def overdue(self, now: float) -> list[Connection]:
        """Take out the connections that had waited too long by `now` (`time.monotonic`, seconds): no thread takes
        them any more."""
        late = [each for each in list(self._waiting) if waited_too_long(each, now)]
        # Whoever takes one out of the dictionary has it: a thread may have been quicker.
        return [each for each in late if self._waiting.pop(each, self) is None]

    def _work(self) -> None:
        while True:
            connection = self._queue.get()
            if self._waiting.pop(connection, self) is None:
                self._answer(connection)
                self._done(connection)


def waited_too_long(connection: Connection, now: float) -> bool:
    """Whether a connection waits for a thread for more than `WAIT_SECONDS`."""
    return now - connection.queued > WAIT_SECONDS
