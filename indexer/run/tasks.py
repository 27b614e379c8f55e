"""Celery tasks: thin, each a name for a function that works without Celery too."""

import time
from datetime import UTC, datetime
from functools import cache

from celery import shared_task
from celery.utils.log import get_task_logger

from discovery.errors import DiscoveryError
from indexer.alerts.run import Alerts, one_pass
from indexer.context import Context
from indexer.indices.drift import checked
from indexer.run.worker import summary
from indexer.sources import enabled
from indexer.sources.run import Room, run
from indexer.store import ledger
from indexer.troubles import PASSING, Troubles

DRAIN_SECONDS = 5.0
"""A long queue is worked off tick by tick: in between, the process takes notice of a stop, and old ticks go."""

_log = get_task_logger(__name__)


class Process:
    """What a worker process keeps from task to task."""

    def __init__(self) -> None:
        self.context = Context()
        self._ready = False
        self._troubles = Troubles(_log.warning, _log.info)

    def look(self) -> Context:
        """The context, its store looked at since the last trouble. Raises StoreError when it is not ready."""
        if not self._ready:
            self.context.require_store()
            self._ready = True
        return self.context

    def waits(self, error: Exception) -> str:
        """Says a trouble once, and opens everything anew the next time."""
        self._ready = False
        self.context.forget_writer()
        return self._troubles.waits(error)

    def works(self) -> None:
        """Note that a task went well."""
        self._troubles.works()


@cache
def process() -> Process:
    """The state that this worker process keeps between tasks."""
    return Process()


@shared_task(name="indexer.sync")  # type: ignore[untyped-decorator]
def sync() -> str:
    """Index what the ledger holds. Any number may run at once: each claims its own.

    Trouble with the store or the index is a line of the log, not a traceback: the next tick tries again.
    """
    try:
        here = process().look()
        ledger.expire(here.store, datetime.now(UTC))
        synchroniser = here.synchroniser()
        end = time.monotonic() + DRAIN_SECONDS
        report = synchroniser.drain(enough=lambda: time.monotonic() > end)
    except PASSING as error:
        return process().waits(error)
    process().works()
    if report.claimed:
        _log.info("%s", summary(report))
    return summary(report)


@shared_task(name="indexer.alerts")  # type: ignore[untyped-decorator]
def alerts() -> str:
    """A pass over the searches that are followed by e-mail; what is not done in time is left to the next."""
    try:
        here = process().look()
        said = one_pass(Alerts(here.store, here.settings))
    except PASSING as error:
        return process().waits(error)
    except DiscoveryError as error:
        _log.warning("alerts: %s", error)
        return str(error)
    if said:
        _log.info("alerts: %s", said)
    return said


@shared_task(name="indexer.check")  # type: ignore[untyped-decorator]
def check() -> str:
    """Compare store and index, and note what differs for the gauge. Nothing is queued: that is for a person."""
    try:
        report = checked(process().look())
    except PASSING as error:
        return process().waits(error)
    said = report.line()
    (_log.warning if report.differences or report.late else _log.info)("%s", said)
    return said


@shared_task(name="indexer.pull")  # type: ignore[untyped-decorator]
def pull(name: str) -> str:
    """Fetch a source and import it; the ticks index what changed. Trouble is a line of the log and an alarm that the
    gauges tell: the next pull goes on."""
    try:
        here = process().look()
        source = enabled.read(here.settings.home)[name]
        if not source.enabled:
            return f"{name} is not enabled any more"
        done = run(Room(here.store, here.settings.home, here.mappings, here.gazetteer), source)
    except PASSING as error:
        return process().waits(error)
    except DiscoveryError as error:
        _log.warning("%s: %s", name, error)
        return str(error)
    said = " ".join(filter(None, (f"{name}:", done.alarm, done.note, *list(done.report.lines())[-1:])))
    (_log.warning if done.alarm else _log.info)("%s", said)
    return said
