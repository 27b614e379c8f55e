"""Celery tasks: thin, each a name for a function that works without Celery too."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from celery import shared_task

from indexer.context import Context
from indexer.store import ledger
from indexer.worker import summary


@cache
def context() -> Context:
    """One per worker process."""
    return Context()


@shared_task(name="indexer.sync")  # type: ignore[untyped-decorator]
def sync() -> str:
    """Index what the ledger holds. Any number may run at once: each claims its own."""
    here = context()
    ledger.expire(here.store, datetime.now(UTC))
    return summary(here.synchroniser().drain())
