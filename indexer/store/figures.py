"""The ledger in figures, for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, case, func, select, text

from indexer.store.sql import LEDGER, PENDING


@dataclass(frozen=True, slots=True)
class Figures:
    """How many suppliers wait for a worker (`due`), for their time (`delayed`), are being indexed (`leased`), were
    given up (`dead`); and since when the one that has waited longest has. The first three are what is pending."""

    due: int
    delayed: int
    leased: int
    dead: int
    oldest: datetime | None


def figures(engine: Engine, now: datetime) -> Figures:
    """One pass over the partial indices: cheap however many suppliers there are."""
    leased = LEDGER.c.lease_until > now
    state = case((leased, "leased"), (LEDGER.c.not_before > now, "delayed"), else_="due").label("state")
    pending = select(state, func.count(), func.min(LEDGER.c.queued_at)).where(PENDING).group_by(state)
    with engine.connect() as connection:
        found = {row[0]: (row[1], row[2]) for row in connection.execute(pending)}
        dead = connection.execute(select(func.count()).select_from(LEDGER).where(text("dead"))).scalar_one()
    counts = {name: found.get(name, (0, None))[0] for name in ("due", "delayed", "leased")}
    return Figures(**counts, dead=dead, oldest=min((oldest for _, oldest in found.values()), default=None))
