"""SQL that differs between the two databases, once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import cast

from sqlalchemy import ARRAY, ColumnElement, Connection, Table, Text, bindparam, func, select, text
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
