"""Writing many rows at once, the way each database does it best; the meaning is the same.

PostgreSQL takes one array a column and unnests them: one statement, so that its statement-level triggers fire once,
and a few dozen parameters where a long VALUES would have a hundred thousand. SQLite journals each statement that fires
a trigger, so many rows a statement there too: SQLAlchemy does that, but only for a statement with a RETURNING.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, String, Table, bindparam, text, update
from sqlalchemy.dialects import sqlite

Row = dict[str, Any]


def insert_rows(connection: Connection, into: Table, rows: Sequence[Row], skip_taken: bool = False) -> list[Any]:
    """Insert rows that have the same keys; returns the primary keys inserted.

    `skip_taken`: leave out those whose primary key is there already, or is being inserted by another transaction that
    then commits; otherwise they raise IntegrityError.
    """
    if not rows:
        return []
    (key,) = into.primary_key
    if connection.dialect.name == "sqlite":
        statement = sqlite.insert(into)
        if skip_taken:
            statement = statement.on_conflict_do_nothing(index_elements=[key])
        return list(connection.execute(statement.returning(key), rows).scalars())
    columns = list(rows[0])
    conflict = f"ON CONFLICT ({key.name}) DO NOTHING" if skip_taken else ""
    query = (
        f"INSERT INTO {into.name} ({', '.join(columns)}) SELECT * FROM {_unnest(connection.dialect, into, columns)} "
        f"{conflict} RETURNING {key.name}"
    )
    return list(connection.execute(text(query), _arrays(connection.dialect, into, rows)).scalars())


def update_rows(connection: Connection, into: Table, rows: Sequence[Row]) -> None:
    """Update rows that have the same keys, the primary key among them."""
    if not rows:
        return
    (key,) = into.primary_key
    columns = [name for name in rows[0] if name != key.name]
    if connection.dialect.name == "sqlite":
        statement = update(into).where(key == bindparam("_key"))
        given = [{"_key": row[key.name], **{name: row[name] for name in columns}} for row in rows]
        connection.execute(statement.values({name: bindparam(name) for name in columns}), given)
        return
    names = [key.name, *columns]
    query = (
        f"UPDATE {into.name} SET {', '.join(f'{name} = new_values.{name}' for name in columns)} "
        f"FROM {_unnest(connection.dialect, into, names)} AS new_values ({', '.join(names)}) "
        f"WHERE {into.name}.{key.name} = new_values.{key.name}"
    )
    connection.execute(text(query), _arrays(connection.dialect, into, rows))


def _unnest(dialect: Dialect, into: Table, columns: Sequence[str]) -> str:
    def of(name: str) -> str:
        kind = into.c[name].type.dialect_impl(dialect)
        # A collation is the column's, not the parameter's.
        return "TEXT" if isinstance(kind, String) else kind.compile(dialect)

    return f"unnest({', '.join(f'CAST(:{name} AS {of(name)}[])' for name in columns)})"


def _arrays(dialect: Dialect, into: Table, rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Each column's values, as the driver takes them."""
    arrays: dict[str, list[Any]] = {}
    for name in rows[0]:
        process = into.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        values = [row[name] for row in rows]
        arrays[name] = [process(value) for value in values] if process else values
    return arrays
