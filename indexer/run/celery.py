"""The Celery application and its scheduler. `indexer worker` and `indexer beat` run them when a
broker is set.
"""

import logging
import os
from typing import Any

from billiard.process import current_process
from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab

from discovery.mappings import Settings
from indexer.alerts.run import ALERTS_SECONDS
from indexer.sources import enabled
from indexer.sources.enabled import Source
from indexer.troubles import Troubles

_log = logging.getLogger(__name__)

MAX_WAITING = 8
"""Messages in the queue from which no more are sent: one tick does as much as any number."""


class BoundedScheduler(Scheduler):  # type: ignore[misc]
    """Beat's own, without its file: a tick missed is no loss, and the check goes by the clock on
    the wall.
    """

    def __init__(self, *args: Any, **words: Any) -> None:
        # Through `tell`, so that a test hears it.
        self._troubles = Troubles(
            lambda line: self.tell(line), lambda line: self.tell(line), over="ticks are taken again"
        )
        super().__init__(*args, **words)

    def setup_schedule(self) -> None:
        self.merge_inplace(self.app.conf.beat_schedule)

    def tick(self, *args: Any, **words: Any) -> Any:
        """Send what is due, as Celery's. Ends with the worker beside which it runs: whoever takes
        its place has a beat too.
        """
        if _orphaned():
            raise SystemExit(1)
        return super().tick(*args, **words)

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send a tick, unless enough messages wait or the broker is away: then the next second
        tries again.
        """
        try:
            waiting = self._waiting()
            if waiting >= MAX_WAITING:
                self._troubles.say(
                    f"{waiting} messages wait and nobody takes them: is a worker running?"
                )
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
    """Whether the process that started this one as a part of itself is gone. (`indexer beat` is
    nobody's part.)
    """
    parent = current_process()._parent_pid  # None of a program's first process
    return parent is not None and os.getppid() != parent


TICK_SECONDS = 1.0

TICK_LIVES_SECONDS = 60.0
"""Far more than a tick waits; the clocks of beat's machine and of a worker's may differ by some of
it.
"""

CHECK_MINUTE = 17
"""Of every hour: the drift check. By the clock on the wall, so that a restart does not put it off.
"""

PULL_LIVES_SECONDS = 3600.0
"""A pull that no worker took for an hour waits for its next time."""

PROCESSES = 2
"""Of a worker: one may walk the index for the check, or pull a source, while the other indexes. For
more, start more workers.
"""

_EVERY_TICK = (
    "celery.worker.strategy",
    "celery.worker.request",
    "celery.app.trace",
    "alembic",
    "elastic_transport",
)
"""Loggers that tell of each message that comes and goes, of each look at the store and each call of
the engine.
"""


def make(settings: Settings) -> Celery:
    """Make the Celery application. Messages carry ids at most, never documents; results are the
    ledger's business, not the broker's.
    """
    made = Celery("indexer", broker=settings.broker_url or None, include=["indexer.run.tasks"])
    made.conf.update(
        task_default_queue="indexer",
        task_ignore_result=True,
        # A tick is worth nothing, the ledger holds the work: a message goes when it is taken. Late,
        # its end could meet a broker that had gone away meanwhile, which kombu answers by ending
        # the worker.
        task_acks_late=False,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_concurrency=PROCESSES,
        # what a tick does needs no broker
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a broker may be away for as long as it likes
        broker_transport_options={"socket_connect_timeout": 5.0, "socket_keepalive": True},
        timezone="UTC",
        beat_scheduler="indexer.run.celery:BoundedScheduler",
        beat_max_loop_interval=TICK_SECONDS,
        beat_schedule={
            "sync": _entry("sync", TICK_SECONDS, TICK_LIVES_SECONDS),
            "check": _entry("check", crontab(minute=CHECK_MINUTE), 1800.0),
        }
        | ({"alerts": _entry("alerts", ALERTS_SECONDS, ALERTS_SECONDS)} if settings.alerts else {})
        | {
            f"pull {one.name}": _pull(one)
            for one in enabled.read(settings.home).values()
            if one.enabled and one.at
        },
    )
    return made


def _entry(task: str, schedule: float | crontab, expires: float, *args: str) -> dict[str, Any]:
    return {
        "task": f"indexer.{task}",
        "schedule": schedule,
        "options": {"expires": expires},
        "args": args,
    }


def _pull(source: Source) -> dict[str, Any]:
    """A source's entry of the schedule: the message names the source, nothing more."""
    hour, minute = source.at.split(":")
    at = crontab(hour=hour, minute=minute, day_of_week=source.weekday or "*")
    return _entry("pull", at, PULL_LIVES_SECONDS, source.name)


def work(app: Celery, beat: bool) -> int:
    """Run a worker, and beat beside it, until told to stop. Returns the exit code: 1 after a fault
    of its own.
    """
    for name in _EVERY_TICK:
        logging.getLogger(name).setLevel(logging.WARNING)
    worker = app.Worker(beat=beat, loglevel="INFO", quiet=True)
    worker.start()
    return int(worker.exitcode or 0)


def tick(app: Celery) -> None:
    """Run beat until told to stop: one for all workers."""
    logging.getLogger("celery.beat").setLevel(logging.WARNING)
    app.Beat(loglevel="INFO", quiet=True).run()


app = make(Settings.from_env())
