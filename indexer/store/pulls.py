"""What the last pull of each source found, for the next one to be compared with, and for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from indexer.store.models import PullRow
from indexer.store.sql import table

PULL = table(PullRow)


@dataclass(frozen=True, slots=True)
class Pull:
    """Of the last pull that was imported whole: its `records` and when (`at`; None = never). `alarm`: why a later one
    was not taken for right or failed, "" = none was."""

    source: str
    records: int = 0
    at: datetime | None = None
    alarm: str = ""


def note(engine: Engine, pull: Pull) -> None:
    """Keep what a pull found, in the place of the source's last one."""
    with engine.begin() as connection:
        connection.execute(delete(PULL).where(PULL.c.source == pull.source))
        row = {"source": pull.source, "records": pull.records, "pulled_at": pull.at, "alarm": pull.alarm}
        connection.execute(insert(PULL), row)


def last(engine: Engine) -> dict[str, Pull]:
    """The last pull of each source, by source."""
    with engine.connect() as connection:
        rows = connection.execute(select(PULL).order_by(PULL.c.source)).all()
    return {row.source: Pull(row.source, row.records, row.pulled_at, row.alarm) for row in rows}
