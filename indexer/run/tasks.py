"""Celery tasks: thin, each a name for a function that works without Celery too."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, wraps
from typing import Any

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
"""A long queue is worked off tick by tick: in between, the process takes notice of a stop, and old
ticks go.
"""

_log = get_task_logger(__name__)


class Process:
    """What a worker process keeps from task to task."""

    def __init__(self) -> None:
        self.context = Context()
        self.troubles = Troubles(_log.warning, _log.info)


@cache
def process() -> Process:
    return Process()


def task(work: Callable[..., str]) -> Any:
    """A task `indexer.NAME` that is given the process's context. Trouble is a line of the log, no
    traceback: the next tick, or pull, tries again.
    """

    @shared_task(name=f"indexer.{work.__name__}")  # type: ignore[untyped-decorator]
    @wraps(work)
    def tried(*args: str) -> str:
        here = process()
        try:
            here.context.require_store()
            return work(here.context, *args)
        except PASSING as error:
            here.context.forget_writer()
            return here.troubles.waits(error)
        except DiscoveryError as error:
            _log.warning("%s: %s", " ".join((work.__name__, *args)), error)
            return str(error)

    return tried


@task
def sync(here: Context) -> str:
    """Index what the ledger holds. Any number may run at once: each claims its own."""
    ledger.expire(here.store, datetime.now(UTC))
    end = time.monotonic() + DRAIN_SECONDS
    report = here.synchroniser().drain(enough=lambda: time.monotonic() > end)
    process().troubles.works()
    if report.claimed:
        _log.info("%s", summary(report))
    return summary(report)


@task
def alerts(here: Context) -> str:
    """A pass over the searches that are followed by e-mail; what is not done in time is left to the
    next.
    """
    said = one_pass(Alerts(here.store, here.settings))
    if said:
        _log.info("alerts: %s", said)
    return said


@task
def check(here: Context) -> str:
    """Compare store and index, and note what differs for the gauge. Nothing is queued: that is for
    a person.
    """
    report = checked(here)
    said = report.line()
    (_log.warning if report.differences or report.late else _log.info)("%s", said)
    return said


@task
def pull(here: Context, name: str) -> str:
    """Fetch a source and import it; the ticks index what changed. An alarm is told by the gauges."""
    source = enabled.read(here.settings.home)[name]
    if not source.enabled:
        return f"{name} is not enabled any more"
    done = run(Room(here.store, here.settings.home, here.mappings, here.gazetteer), source)
    said = " ".join(
        filter(None, (f"{name}:", done.alarm, done.note, *list(done.report.lines())[-1:]))
    )
    (_log.warning if done.alarm else _log.info)("%s", said)
    return said
