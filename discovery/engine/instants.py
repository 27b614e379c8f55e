"""Instants as documents hold them: UTC, to the second, "2026-03-01T09:30:00Z"; and days,
"2026-03-01".
"""

from datetime import UTC, date, datetime

EPOCH = date(1970, 1, 1).toordinal()
"""Days are counted from there."""


def written(moment: datetime) -> str:
    """An aware datetime as an instant; fractions of a second are cut off."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def seconds(instant: str) -> int:
    """Seconds from 1970 to an instant. Raises ValueError when it is none, or is written otherwise
    than here.
    """
    moment = datetime.fromisoformat(instant)
    if moment.tzinfo is None or written(moment) != instant:
        raise ValueError(f"{instant!r} is not an instant such as 2026-03-01T09:30:00Z")
    return int(moment.timestamp())


def after_epoch(seconds: float) -> str:
    """The instant that many seconds after the beginning of 1970."""
    return written(datetime.fromtimestamp(seconds, UTC))


def day(days: int) -> str:
    """The ISO date that many days after 1970-01-01."""
    return date.fromordinal(days + EPOCH).isoformat()


def days(text: str) -> int:
    """Days from 1970-01-01 to an ISO date. Raises ValueError when it is none."""
    return date.fromisoformat(text).toordinal() - EPOCH
