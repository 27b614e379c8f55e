"""The store's database: opened, read, its tables and triggers brought to the current revision."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from discovery.errors import DiscoveryError
from discovery.mappings.secrets import private_file, private_folder, shut
from indexer.store import triggers
from indexer.store.models import METADATA

BUSY_TIMEOUT_MS = 30_000
_READ_ONLY = "store_read_only"


class StoreError(DiscoveryError):
    """The store cannot be used as asked; the message is for people."""


def open_store(url: str | URL) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://user@host/name`. Connects lazily; makes no
    file or folder.

    On SQLite a transaction takes the write lock when it begins (`BEGIN IMMEDIATE`), because one
    that starts by reading and then writes fails at once, whatever the busy timeout, if another has
    written meanwhile. Read with `reading`. Raises StoreError for an address that is no such thing,
    or a driver that is not installed. The message repeats nothing of the address: any part of a bad
    one may be its password.
    """
    try:
        address = make_url(url)
    except (
        ArgumentError,
        ValueError,
    ):  # ValueError: a port that is no number, as of a password with "/"
        raise StoreError(
            "What is given is not a database address. Give sqlite:///file.db or postgresql://user@host:5432/name; in "
            "a password, write / as %2F, @ as %40, : as %3A."
        ) from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(address)
    if backend == "postgresql":
        if find_spec("psycopg") is None:
            raise StoreError(
                "PostgreSQL needs its driver: pip install 'inclusive-discovery[postgresql]'."
            )
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise StoreError(f"The store is kept in SQLite or PostgreSQL, not in {backend!r}.")


def _open_sqlite(address: URL) -> Engine:
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old: the store needs 3.35 or newer."
        )
    engine = create_engine(address)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are SQLAlchemy's to begin, DDL included
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _enter_wal(connection)
        for pragma in (
            "synchronous = NORMAL",
            # KiB: the indices of a large store; the default of 2 MB thrashes on import
            "cache_size = -65536",
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
    """Readers and one writer side by side. The file remembers; only when it is new does this change
    anything.

    The change needs the file to itself and does not heed the busy timeout, so two programs that
    open a new store at once would fail: try again for a while.
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


SCRIPTS = Path(__file__).parent / "migrations"
FIRST = "0011"
"""The oldest revision that is upgraded."""
_LOCK = 4_720_031  # any number, as long as all who migrate a PostgreSQL store take the same


if TYPE_CHECKING:
    from alembic.config import (
        Config,
    )  # imported where it migrates: every command asks for the revision


def head() -> str:
    """The newest revision that this program knows ("0011"): its file's name begins with it. Raises
    StoreError when the migrations are missing.
    """
    revisions = [file.name.partition("_")[0] for file in (SCRIPTS / "versions").glob("[0-9]*.py")]
    if not revisions:
        raise StoreError("The migrations are missing from this installation; reinstall it.")
    return max(revisions)


def current(engine: Engine) -> str | None:
    """The revision that the store's tables are at; None before the first migration."""
    with engine.connect() as connection:
        return _reached(connection)


def _reached(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def missing(engine: Engine) -> bool:
    """Whether nobody made the store yet: no file, or no tables. Makes nothing."""
    file = sqlite_file(engine)
    return (file is not None and not file.exists()) or current(engine) is None


def require(engine: Engine) -> None:
    """Raise StoreError, saying what to run, unless the store is there and of this program's
    revision. Makes nothing.
    """
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        raise StoreError(f"There is no store at {file} yet. Run `indexer migrate` first.")
    reached, needed = current(engine), head()
    if reached is None:
        raise StoreError("The store has no tables yet. Run `indexer migrate` first.")
    if reached > needed:
        raise StoreError(
            f"The store is at revision {reached}, made by a newer version; this program knows revisions to {needed}. "
            "Install that version, or restore the store from before its upgrade."
        )
    if reached != needed:
        raise StoreError(
            f"The store is at revision {reached}, this program needs {needed}. Run `indexer migrate`."
        )


def migrate(engine: Engine, versions: Sequence[Path] = ()) -> str:
    """Upgrade to the newest revision in one transaction; returns it. Makes the SQLite file and its
    folder, readable by their owner only.

    A new store is made as the models say. `versions`: further folders of migrations. Lost triggers
    are restored, even if there is nothing to upgrade. Raises StoreError for a revision that this
    program does not know.
    """
    from alembic import command
    from alembic.util import CommandError

    file = sqlite_file(engine)
    if file is not None:
        private_folder(file.parent)
        private_file(file)  # SQLite gives its companions the same rights
        for one in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))):
            if one.exists():
                shut(one)
    with _transaction(engine) as connection:
        reached = _reached(connection)
        if reached and reached < FIRST:
            raise StoreError(
                f"The store is at revision {reached}, and this program upgrades from {FIRST} on: run `indexer migrate` "
                "of a version in between first, or import into a new store."
            )
        if reached is None:
            METADATA.create_all(connection)
            command.stamp(_config(connection, ()), head())
        try:
            command.upgrade(_config(connection, versions), "head")
        except CommandError as error:
            raise StoreError(
                f"{error}. The store may be of a newer version of this program: update it."
            ) from error
        if triggers.missing(connection):
            triggers.install(connection)
        return _reached(connection) or ""


def _config(connection: Connection, versions: Sequence[Path]) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    folders = [SCRIPTS / "versions", *versions]
    config.set_main_option("version_locations", "\n".join(map(str, folders)).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Batch mode drops the old table, and with foreign keys on that would delete the
            # children of all its rows. The pragma has no effect inside a transaction, hence the
            # bare driver here and in `finally`.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            # And it renames the new table into place while other tables' triggers still speak of
            # the old one.
            raw.execute("PRAGMA legacy_alter_table = ON")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise StoreError(
                            f"The migration would leave {broken[0]!r} rows without their supplier."
                        )
            finally:
                raw.execute("PRAGMA foreign_keys = ON")
                raw.execute("PRAGMA legacy_alter_table = OFF")
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield connection
