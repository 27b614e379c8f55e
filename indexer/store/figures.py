"""The ledger in figures, for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, case, func, select, text

from indexer.store.sql import BACKOFF_LONGEST_SECONDS, LEASE_SECONDS, LEDGER, PENDING, ahead, late


@dataclass(frozen=True, slots=True)
class Figures:
    """How many suppliers wait for a worker (`due`), for their time (`delayed`), are being indexed (`leased`), were
    given up (`dead`); and since when the one that has waited longest has. The first three are what is pending; `late`
    are those of them that wait for longer than any should."""

    due: int
    delayed: int
    leased: int
    dead: int
    late: int
    oldest: datetime | None


def figures(engine: Engine, now: datetime) -> Figures:
    """Count the ledger's rows by state, in one pass over partial indices: cheap however many suppliers there are."""
    leased = ahead(LEDGER.c.lease_until, now, LEASE_SECONDS)
    delayed = ahead(LEDGER.c.not_before, now, BACKOFF_LONGEST_SECONDS)
    state = case((leased, "leased"), (delayed, "delayed"), else_="due").label("state")
    overdue = func.sum(case((late(LEDGER.c.queued_at, now), 1), else_=0))
    pending = select(state, func.count(), func.min(LEDGER.c.queued_at), overdue).where(PENDING).group_by(state)
    with engine.connect() as connection:
        rows = connection.execute(pending).all()
        dead = connection.execute(select(func.count()).select_from(LEDGER).where(text("dead"))).scalar_one()
    found = {row[0]: row[1] for row in rows}
    return Figures(
        **{name: found.get(name, 0) for name in ("due", "delayed", "leased")},
        dead=dead,
        late=sum(int(row[3]) for row in rows),
        oldest=min((row[2] for row in rows), default=None),
    )
