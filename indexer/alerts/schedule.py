"""When digests are due. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from discovery.alerts.signing import Every

HOUR = 5
"""UTC: before offices open in France, summer and winter."""


def next_due(every: Every, now: datetime) -> datetime:
    """When the next digest is due: the next morning (`HOUR`, UTC) after `now`, of a Monday for a weekly one. A
    missed one is made up for by the next."""
    morning = now.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if morning <= now:
        morning += timedelta(days=1)
    return morning if every is Every.DAY else morning + timedelta(days=-morning.weekday() % 7)
