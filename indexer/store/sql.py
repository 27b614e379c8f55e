"""SQL that differs between the two databases, once; and conditions on moments of the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ARRAY, ColumnElement, Connection, Table, Text, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import DeclarativeBase

from indexer.store import models


def table(model: type[DeclarativeBase]) -> Table:
    """A model's table: the store reads and writes Core rows, an order of magnitude faster than ORM objects."""
    return cast(Table, model.__table__)


SUPPLIER = table(models.SupplierRow)
LEDGER = table(models.LedgerRow)
# Word for word the condition of the partial index, without which SQLite would not use it.
PENDING = text(models.PENDING)


def ids_in(connection: Connection, column: ColumnElement[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """`column IN (ids)` as one parameter: one statement, parsed once, however many the ids."""
    if connection.dialect.name == "sqlite":
        given = func.json_each(bindparam(None, json.dumps(list(ids)), Text)).table_valued("value")
        return column.in_(select(given.c.value))
    return column == func.any(bindparam(None, list(ids), ARRAY(Text)))


def stream_ids(connection: Connection, batch: int = 1000, after: str = "") -> Iterator[list[str]]:
    """Every supplier id above `after`, live or delisted, in code-point order, at most `batch` at a time.

    Each batch is a query of its own, so the walk may last as long as it likes and the rows may change meanwhile.
    """
    while True:
        query = select(SUPPLIER.c.id).where(SUPPLIER.c.id > after).order_by(SUPPLIER.c.id).limit(batch)
        ids = list(connection.execute(query).scalars())
        if not ids:
            return
        yield ids
        after = ids[-1]


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
