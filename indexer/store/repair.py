"""Setting the ledger right by hand: dead letters, new revisions, the counter."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select, text, update

from indexer.store import triggers
from indexer.store.sql import LEDGER, batched, ids_in, stream_ids

BATCH = 1000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A change that the engine refused for good, until the supplier changes or someone replays it."""

    supplier_id: str
    revision: int
    deleted: bool
    attempts: int
    error: str


def dead_letters(engine: Engine, limit: int | None = None) -> list[DeadLetter]:
    """The dead rows, by supplier id."""
    query = (
        select(LEDGER.c.supplier_id, LEDGER.c.revision, LEDGER.c.deleted, LEDGER.c.attempts, LEDGER.c.error)
        .where(text("dead"))
        .order_by(LEDGER.c.supplier_id)
        .limit(limit)
    )
    with engine.connect() as connection:
        return [DeadLetter(*row[:4], error=row[4] or "") for row in connection.execute(query)]


def replay(engine: Engine, ids: Sequence[str] | None = None) -> int:
    """Make dead rows (these, or all) claimable again at the same revision. Returns how many."""
    return _revive(engine, ids, drop=False)


def drop(engine: Engine, ids: Sequence[str] | None = None) -> int:
    """Give dead rows up (these, or all): nothing is pending for them until the supplier changes. Returns how many."""
    return _revive(engine, ids, drop=True)


def _revive(engine: Engine, ids: Sequence[str] | None, *, drop: bool) -> int:
    with engine.begin() as connection:
        statement = update(LEDGER).where(text("dead")).values(dead=False, attempts=0, not_before=None, error=None)
        if drop:
            statement = statement.values(settled_revision=LEDGER.c.revision)
        if ids is not None:
            statement = statement.where(ids_in(connection, LEDGER.c.supplier_id, ids))
        return connection.execute(statement).rowcount


def requeue(engine: Engine, ids: Sequence[str]) -> None:
    """Give each of these ids a NEW revision, as if it had changed, whether or not there is such a supplier.

    So is a repair told from what the engine holds: it can only be newer.
    """
    for batch in batched(sorted(set(ids)), BATCH):
        with engine.begin() as connection:
            _queue(connection, batch)


def requeue_all(engine: Engine, batch: int = BATCH, progress: Callable[[int], None] | None = None) -> int:
    """Requeue every supplier, `batch` ids a transaction, so that writers are never held up for long.

    `progress` is told the size of each batch. Returns how many suppliers were queued.
    """
    total = 0
    last = ""
    while True:
        with engine.begin() as connection:
            ids = next(stream_ids(connection, batch, after=last), [])
            _queue(connection, ids)
        if not ids:
            return total
        total += len(ids)
        last = ids[-1]
        if progress is not None:
            progress(len(ids))


def counter(engine: Engine) -> int:
    """The last revision given to any change."""
    with engine.connect() as connection:
        return _counter(connection)


def raise_counter(engine: Engine, above: int) -> int:
    """See that every revision given from now on is above `above`; never lowers. Returns the counter.

    For when the engine is met with a version from the store's future, as after a restored backup.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(
                text(f"UPDATE {triggers.COUNTER_TABLE} SET value = max(value, :above)"), {"above": above}
            )
        else:
            # setval is not atomic with the reading of the last value: no one may draw a revision in between.
            connection.exec_driver_sql("LOCK TABLE change_ledger IN SHARE ROW EXCLUSIVE MODE")
            if above > _counter(connection):
                connection.execute(text(f"SELECT setval('{triggers.COUNTER_SEQUENCE}', :above)"), {"above": above})
        return _counter(connection)


def _counter(connection: Connection) -> int:
    query = (
        f"SELECT value FROM {triggers.COUNTER_TABLE}"
        if connection.dialect.name == "sqlite"
        else f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {triggers.COUNTER_SEQUENCE}"
    )
    return int(connection.execute(text(query)).scalar_one())


def _queue(connection: Connection, ids: list[str]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT {triggers.PREFIX}queue(:ids)"), {"ids": ids})
        return
    for statement in triggers.sqlite_requeue():
        connection.execute(text(statement), {"ids": json.dumps(ids)})
