"""What the store keeps, or counts, for whoever watches: the ledger's figures, the last check, the
last pulls.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, case, delete, func, insert, or_, select, text

from discovery.model import dataclass
from indexer.store.models import CHECK, LEDGER, PENDING, PULL
from indexer.store.sql import BACKOFF_LONGEST_SECONDS, LATE_SECONDS, LEASE_SECONDS, ahead


@dataclass(frozen=True, slots=True)
class Figures:
    """How many suppliers wait for a worker (`due`), for their time (`delayed`), are being indexed
    (`leased`), were given up (`dead`); and since when the one that has waited longest has. The
    first three are what is pending; `late` are those of them that wait for longer than any should.
    """

    due: int
    delayed: int
    leased: int
    dead: int
    late: int
    oldest: datetime | None


def figures(engine: Engine, now: datetime) -> Figures:
    """Count the ledger's rows by state, in one pass over partial indices: cheap however many
    suppliers there are.
    """
    leased = ahead(LEDGER.c.lease_until, now, LEASE_SECONDS)
    delayed = ahead(LEDGER.c.not_before, now, BACKOFF_LONGEST_SECONDS)
    state = case((leased, "leased"), (delayed, "delayed"), else_="due").label("state")
    apart = timedelta(seconds=LATE_SECONDS)  # a clock that was wrong may have queued it
    late = or_(LEDGER.c.queued_at < now - apart, LEDGER.c.queued_at > now + apart)
    overdue = func.sum(case((late, 1), else_=0))
    pending = (
        select(state, func.count(), func.min(LEDGER.c.queued_at), overdue)
        .where(PENDING)
        .group_by(state)
    )
    with engine.connect() as connection:
        rows = connection.execute(pending).all()
        dead = connection.execute(
            select(func.count()).select_from(LEDGER).where(text("dead"))
        ).scalar_one()
    found = {row[0]: row[1] for row in rows}
    return Figures(
        **{name: found.get(name, 0) for name in ("due", "delayed", "leased")},
        dead=dead,
        late=sum(int(row[3]) for row in rows),
        oldest=min((row[2] for row in rows), default=None),
    )


@dataclass(frozen=True, slots=True)
class Check:
    """`differences`: how many of each kind, zeros included."""

    at: datetime
    checked: int
    differences: Mapping[str, int]


def note_check(engine: Engine, check: Check) -> None:
    """Keep what a check found, in the place of the one before."""
    with engine.begin() as connection:
        connection.execute(delete(CHECK))
        rows = [
            {"kind": kind, "differences": number, "checked": check.checked, "checked_at": check.at}
            for kind, number in check.differences.items()
        ]
        connection.execute(insert(CHECK), rows)


def last_check(engine: Engine) -> Check | None:
    """What the last comparison of store and index found; None before the first."""
    with engine.connect() as connection:
        rows = connection.execute(select(CHECK)).all()
    if not rows:
        return None
    return Check(rows[0].checked_at, rows[0].checked, {row.kind: row.differences for row in rows})


@dataclass(frozen=True, slots=True)
class Pull:
    """Of the last pull that was imported whole: its `records` and when (`at`; None = never).
    `alarm`: why a later one was not taken for right or failed, "" = none was.
    """

    source: str
    records: int = 0
    at: datetime | None = None
    alarm: str = ""


def note_pull(engine: Engine, pull: Pull) -> None:
    """Keep what a pull found, in the place of the source's last one."""
    with engine.begin() as connection:
        connection.execute(delete(PULL).where(PULL.c.source == pull.source))
        row = {
            "source": pull.source,
            "records": pull.records,
            "pulled_at": pull.at,
            "alarm": pull.alarm,
        }
        connection.execute(insert(PULL), row)


def last_pulls(engine: Engine) -> dict[str, Pull]:
    with engine.connect() as connection:
        rows = connection.execute(select(PULL).order_by(PULL.c.source)).all()
    return {row.source: Pull(row.source, row.records, row.pulled_at, row.alarm) for row in rows}
