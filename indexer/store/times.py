"""Times in the ledger were written by clocks, which may be wrong: none is believed further ahead than it could be."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_

LEASE_SECONDS = 90.0
"""Longer than the longest bulk is waited for, so that a slow engine does not make others write the same again."""

BACKOFF_LONGEST_SECONDS = 3600.0
"""Between two tries of a supplier."""

LATE_SECONDS = 900.0
"""A change that waits for longer is told: it should take seconds, and minutes while an engine is away."""


def ahead(column: ColumnElement[datetime], now: datetime, longest: float) -> ColumnElement[bool]:
    """SQL condition: a time is still to come, as one can that was set at most `longest` seconds ahead. Twice that is
    believed, since the clocks of two machines differ; what lies beyond was written by a clock that was wrong."""
    return and_(column > now, column <= now + timedelta(seconds=2 * longest))


def past(column: ColumnElement[datetime], now: datetime, longest: float) -> ColumnElement[bool]:
    """SQL condition: there is no time to wait for (NULL), or it is not `ahead`."""
    return or_(column.is_(None), column <= now, column > now + timedelta(seconds=2 * longest))


def late(queued: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """SQL condition: what was queued then waits for longer than `LATE_SECONDS`, or was queued by a clock that was
    wrong."""
    apart = timedelta(seconds=LATE_SECONDS)
    return or_(queued < now - apart, queued > now + apart)
