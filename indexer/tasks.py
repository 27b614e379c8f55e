"""Celery tasks: thin, each a name for a function that works without Celery too."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache

from celery import shared_task
from celery.utils.log import get_task_logger

from indexer.context import Context
from indexer.drift.run import checked
from indexer.store import ledger
from indexer.worker import TROUBLE, summary

DRAIN_SECONDS = 5.0
"""A long queue is worked off tick by tick: in between, the process takes notice of a stop, and old ticks go."""

_log = get_task_logger(__name__)


@cache
def context() -> Context:
    """One per worker process."""
    return Context()


class _Trouble:
    """What was said last, so that it is said once."""

    said = ""


@shared_task(name="indexer.sync")  # type: ignore[untyped-decorator]
def sync() -> str:
    """Index what the ledger holds. Any number may run at once: each claims its own.

    Trouble with the store or the index is a line of the log, not a traceback: the next tick tries again.
    """
    here = context()
    end = time.monotonic() + DRAIN_SECONDS
    try:
        here.require_store()
        ledger.expire(here.store, datetime.now(UTC))
        report = here.synchroniser().drain(enough=lambda: time.monotonic() > end)
    except TROUBLE as error:
        here.forget_writer()
        return _waiting(error)
    if report.claimed:
        _log.info("%s", summary(report))
    if _Trouble.said:
        _Trouble.said = ""
        _log.info("working again")
    return summary(report)


@shared_task(name="indexer.check")  # type: ignore[untyped-decorator]
def check() -> str:
    """Compare store and index, and note what differs for the gauge. Nothing is queued: that is for a person."""
    here = context()
    try:
        here.require_store()
        report = checked(here)
    except TROUBLE as error:
        return _waiting(error)
    said = report.line()
    (_log.warning if report.differences else _log.info)("%s", said)
    return said


def _waiting(error: Exception) -> str:
    reason = str(error).splitlines()[0]
    if reason != _Trouble.said:
        _Trouble.said = reason
        _log.warning("waiting: %s", reason)
    return f"waiting: {reason}"
