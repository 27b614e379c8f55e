"""Celery tasks: thin, each a name for a function that works without Celery too."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from celery import shared_task
from celery.utils.log import get_task_logger

from indexer.context import Context
from indexer.store import ledger
from indexer.worker import TROUBLE, summary

_log = get_task_logger(__name__)


@cache
def context() -> Context:
    """One per worker process."""
    return Context()


@shared_task(name="indexer.sync")  # type: ignore[untyped-decorator]
def sync() -> str:
    """Index what the ledger holds. Any number may run at once: each claims its own.

    Trouble with the store or the index is a line of the log, not a traceback: the next tick tries again.
    """
    here = context()
    try:
        here.require_store()
        ledger.expire(here.store, datetime.now(UTC))
        return summary(here.synchroniser().drain())
    except TROUBLE as error:
        here.forget_writer()
        reason = str(error).splitlines()[0]
        _log.warning("waiting: %s", reason)
        return f"waiting: {reason}"
