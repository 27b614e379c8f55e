"""The scheduler of ticks: it never lets them pile up, and keeps quiet about what goes well."""

from __future__ import annotations

import logging
import os
from typing import Any

from billiard.process import current_process
from celery.beat import ScheduleEntry, Scheduler

from indexer.troubles import Troubles

_log = logging.getLogger(__name__)

MAX_WAITING = 8
"""Messages in the queue from which no more are sent: one tick does as much as any number."""


class BoundedScheduler(Scheduler):  # type: ignore[misc]
    """Beat's own, without its file: a tick missed is no loss, and the check goes by the clock on the wall."""

    def __init__(self, *args: Any, **words: Any) -> None:
        # Through `tell`, so that a test hears it.
        self._troubles = Troubles(
            lambda line: self.tell(line), lambda line: self.tell(line), over="ticks are taken again"
        )
        super().__init__(*args, **words)

    def setup_schedule(self) -> None:
        self.merge_inplace(self.app.conf.beat_schedule)

    def tick(self, *args: Any, **words: Any) -> Any:
        """Send what is due, as Celery's. Ends with the worker beside which it runs: whoever takes its place has a
        beat too."""
        if _orphaned():
            raise SystemExit(1)
        return super().tick(*args, **words)

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send a tick, unless enough messages wait or the broker is away: then the next second tries again."""
        try:
            waiting = self._waiting()
            if waiting >= MAX_WAITING:
                self._troubles.say(f"{waiting} messages wait and nobody takes them: is a worker running?")
                return
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:
            self._troubles.say(f"the broker can't be reached: {error}")
            return
        self._troubles.works()

    def _waiting(self) -> int:
        # Not on the connection that publishes: Celery's own keeps its channels for itself.
        with self.connection.channel() as channel:
            queue = self.app.amqp.queues[self.app.conf.task_default_queue].bind(channel)
            return int(queue.queue_declare(passive=False).message_count)

    def tell(self, line: str) -> None:
        _log.warning("%s", line)


def _orphaned() -> bool:
    """Whether the process that started this one as a part of itself is gone. (`indexer beat` is nobody's part.)"""
    parent = current_process()._parent_pid  # None of a program's first process
    return parent is not None and os.getppid() != parent
