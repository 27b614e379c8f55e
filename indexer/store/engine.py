"""Opening the store: SQLite by default, PostgreSQL at scale."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from discovery.errors import DiscoveryError

BUSY_TIMEOUT_MS = 30_000
_READ_ONLY = "store_read_only"


class StoreError(DiscoveryError):
    """The store cannot be used as asked; the message is for people."""


def open_store(url: str | URL) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://user@host/name`. Connects lazily; makes no file or folder.

    On SQLite a transaction takes the write lock when it begins (`BEGIN IMMEDIATE`), because one that starts by reading
    and then writes fails at once, whatever the busy timeout, if another has written meanwhile. Read with `reading`.
    Raises StoreError for an address that is no such thing, or a driver that is not installed. The message repeats
    nothing of the address: any part of a bad one may be its password.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number, as of a password with "/"
        raise StoreError(
            "What is given is not a database address. Give sqlite:///file.db or postgresql://user@host:5432/name; in "
            "a password, write / as %2F, @ as %40, : as %3A."
        ) from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(address)
    if backend == "postgresql":
        if find_spec("psycopg") is None:
            raise StoreError("PostgreSQL needs its driver: pip install 'inclusive-discovery[postgresql]'.")
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise StoreError(f"The store is kept in SQLite or PostgreSQL, not in {backend!r}.")


def _open_sqlite(address: URL) -> Engine:
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: the store needs 3.35 or newer.")
    engine = create_engine(address)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are SQLAlchemy's to begin, DDL included
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _enter_wal(connection)
        for pragma in (
            "synchronous = NORMAL",
            "cache_size = -65536",  # KiB: the indices of a large store; the default of 2 MB thrashes on import
            "foreign_keys = ON",
            "recursive_triggers = ON",  # so that OR REPLACE fires the delete triggers
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Readers and one writer side by side. The file remembers; only when it is new does this change anything.

    The change needs the file to itself and does not heed the busy timeout, so two programs that open a new store at
    once would fail: try again for a while.
    """
    for patience in range(100, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if not patience:
                raise
            sleep(0.02)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: one snapshot for all its queries, and it holds no writer up."""
    options: dict[str, Any] = (
        {_READ_ONLY: True}
        if engine.dialect.name == "sqlite"
        else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def sqlite_file(engine: Engine) -> Path | None:
    """The file of a SQLite store; None in memory or on PostgreSQL."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)
