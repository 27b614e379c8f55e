"""The Celery application: `celery -A indexer.celery worker --beat`, or `indexer worker` when a broker is set."""

from __future__ import annotations

from celery import Celery

from discovery.config import Settings

TICK_SECONDS = 1.0


def make(settings: Settings) -> Celery:
    """Messages carry ids at most, never documents; results are the ledger's business, not the broker's."""
    made = Celery("indexer", broker=settings.broker_url or None, include=["indexer.tasks"])
    made.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        timezone="UTC",
        beat_schedule={
            # A tick that nobody took within its second is worthless: the next one does the same.
            "sync": {"task": "indexer.sync", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
        },
    )
    return made


app = make(Settings.from_env())
