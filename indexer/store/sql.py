"""SQL that differs between the two databases, once: conditions, times, and many rows written at
once.

Times in the ledger were written by clocks, which may be wrong: none is believed further ahead than
it could be.

PostgreSQL takes COPY, or one array a column and unnests them: one statement, so that its
statement-level triggers fire once, and a few dozen parameters where a long VALUES would have a
hundred thousand. SQLite journals each statement that fires a trigger, so many rows a statement
there too: long VALUES of 128 rows, 64, 32…, so that batches of any size have the same few texts,
compiled once. (A text for each size would be kept too, a megabyte each.)
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from indexer.store.engine import reading


def keyset(
    connection: sa.Connection, ids: sa.Select[Any], batch: int, after: str = ""
) -> Iterator[list[str]]:
    """The ids of a query in code-point order, those above `after`, at most `batch` at a time.

    Each batch is a query of its own, so the walk may last as long as it likes and the rows may
    change meanwhile.
    """
    (column,) = ids.selected_columns
    query = ids.order_by(column).limit(batch)
    while found := list(connection.execute(query.where(column > after)).scalars()):
        yield found
        after = found[-1]


def keyset_apart(engine: sa.Engine, ids: sa.Select[Any], batch: int) -> Iterator[list[str]]:
    """As `keyset`, each batch in a transaction of its own: none is open while the caller works."""
    after = ""
    while True:
        with reading(engine) as connection:
            found = next(keyset(connection, ids, batch, after), [])
        if not found:
            return
        yield found
        after = found[-1]


def ids_in(
    connection: sa.Connection, column: sa.ColumnElement[str], ids: Sequence[str]
) -> sa.ColumnElement[bool]:
    """`column IN (ids)` as one parameter: one statement, parsed once, however many the ids."""
    if connection.dialect.name == "sqlite":
        given = sa.func.json_each(sa.bindparam(None, json.dumps(list(ids)), sa.Text)).table_valued(
            "value"
        )
        return column.in_(sa.select(given.c.value))
    return column == sa.func.any(sa.bindparam(None, list(ids), sa.ARRAY(sa.Text)))


def taking(table: sa.Table, ids: sa.Select[Any]) -> sa.Update:
    """Update the rows of a table that a query of their ids picks, but for those that others hold."""
    (column,) = ids.selected_columns
    # A materialised CTE: as a plain subquery PostgreSQL may run it again for each row, and lock
    # more than its limit.
    free = (
        ids.with_for_update(skip_locked=True)
        .cte("free")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return sa.update(table).where(column.in_(sa.select(*free.c)))


LEASE_SECONDS = 90.0
"""Longer than the longest bulk is waited for, so that a slow engine does not make others write the
same again.
"""

BACKOFF_LONGEST_SECONDS = 3600.0
"""Between two tries of a supplier."""

LATE_SECONDS = 900.0
"""A change that waits for longer is told: it should take seconds, and minutes while an engine is
away.
"""


def ahead(
    column: sa.ColumnElement[datetime], now: datetime, longest: float
) -> sa.ColumnElement[bool]:
    """SQL condition: a time is still to come, as one can that was set at most `longest` seconds
    ahead. Twice that is believed, since the clocks of two machines differ; what lies beyond was
    written by a clock that was wrong.
    """
    return sa.and_(column > now, column <= now + timedelta(seconds=2 * longest))


def past(
    column: sa.ColumnElement[datetime], now: datetime, longest: float
) -> sa.ColumnElement[bool]:
    """SQL condition: there is no time to wait for (NULL), or it is not `ahead`."""
    return sa.or_(column.is_(None), column <= now, column > now + timedelta(seconds=2 * longest))


SQLITE_ROWS = 128
"""Rows of the longest statement. (SQLite takes 32,766 parameters, unless compiled with more.)"""

Row = dict[str, Any]
T = TypeVar("T")


def batched(values: Sequence[T], size: int) -> Iterator[list[T]]:
    """The values in their order, at most `size` at a time."""
    return (list(values[at : at + size]) for at in range(0, len(values), size))


def insert_rows(
    connection: sa.Connection, into: sa.Table, rows: Sequence[Row], skip_taken: bool = False
) -> list[Any]:
    """Insert rows that have the same keys.

    `skip_taken`: leave out those whose primary key is there already, or is being inserted by
    another transaction that then commits, and return the keys inserted; otherwise they raise
    IntegrityError.
    """
    if not rows:
        return []
    (key,) = into.primary_key
    columns = list(rows[0])
    end = f" ON CONFLICT ({key.name}) DO NOTHING RETURNING {key.name}" if skip_taken else ""
    if connection.dialect.name == "sqlite":
        rows_given = [*zip(*_arrays(connection.dialect, into, rows).values(), strict=True)]
        head, of_one = (
            f"INSERT INTO {into.name} ({', '.join(columns)}) VALUES",
            f"({', '.join('?' * len(columns))})",
        )
        inserted: list[Any] = []
        while rows_given:
            size = min(SQLITE_ROWS, 1 << len(rows_given).bit_length() - 1)
            part, rows_given = rows_given[:size], rows_given[size:]
            query = f"{head} {', '.join([of_one] * len(part))}{end}"
            done = connection.exec_driver_sql(query, tuple(chain.from_iterable(part)))
            inserted += done.scalars() if skip_taken else ()
        return inserted
    if not skip_taken:
        _copy(connection, into, rows)
        return []
    given = _unnest(connection.dialect, into, columns)
    query = f"INSERT INTO {into.name} ({', '.join(columns)}) SELECT * FROM {given}{end}"
    return list(
        connection.execute(sa.text(query), _arrays(connection.dialect, into, rows)).scalars()
    )


def _copy(connection: sa.Connection, into: sa.Table, rows: Sequence[Row]) -> None:
    """By PostgreSQL's COPY, which the driver gives and SQLAlchemy does not: a third of the time of
    an INSERT here.
    """
    query = f"COPY {into.name} ({', '.join(rows[0])}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        try:
            with cursor.copy(query) as copy:
                for row in zip(*_arrays(connection.dialect, into, rows).values(), strict=True):
                    copy.write_row(row)
        except connection.dialect.loaded_dbapi.IntegrityError as error:
            raise IntegrityError(query, None, error) from error


def update_rows(connection: sa.Connection, into: sa.Table, rows: Sequence[Row]) -> None:
    """Update rows that have the same keys, the primary key among them. Keys that no row has are
    passed over.
    """
    if not rows:
        return
    (key,) = into.primary_key
    columns = [name for name in rows[0] if name != key.name]
    if connection.dialect.name == "sqlite":
        statement = sa.update(into).where(key == sa.bindparam("_key"))
        given = [{"_key": row[key.name], **{name: row[name] for name in columns}} for row in rows]
        connection.execute(statement.values({name: sa.bindparam(name) for name in columns}), given)
        return
    names = [key.name, *columns]
    query = (
        f"UPDATE {into.name} SET {', '.join(f'{name} = new_values.{name}' for name in columns)} "
        f"FROM {_unnest(connection.dialect, into, names)} AS new_values ({', '.join(names)}) "
        f"WHERE {into.name}.{key.name} = new_values.{key.name}"
    )
    connection.execute(sa.text(query), _arrays(connection.dialect, into, rows))


def _unnest(dialect: sa.Dialect, into: sa.Table, columns: Sequence[str]) -> str:
    def of(name: str) -> str:
        kind = into.c[name].type.dialect_impl(dialect)
        # A collation is the column's, not the parameter's.
        return "TEXT" if isinstance(kind, sa.String) else kind.compile(dialect)

    return f"unnest({', '.join(f'CAST(:{name} AS {of(name)}[])' for name in columns)})"


def _arrays(dialect: sa.Dialect, into: sa.Table, rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Each column's values, as the driver takes them."""
    arrays: dict[str, list[Any]] = {}
    for name in rows[0]:
        process = into.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        values = [row[name] for row in rows]
        arrays[name] = [process(value) for value in values] if process else values
    return arrays
