"""A pass over the alerts, as `indexer beat` makes it."""

from datetime import datetime

import indexer.alerts.outbox
from discovery.mappings import Settings
from indexer import faults
from indexer.alerts.run import Alerts
from indexer.context import Context


def once(settings: Settings, now: datetime, kill_at: str) -> None:
    """In a process of its own, which is killed at the point that is named."""
    faults._armed = kill_at
    indexer.alerts.outbox.LEASE_SECONDS = 0.0  # who dies with a mail leaves it at once
    Alerts(Context(settings).store, settings, lambda: now).run()
