"""Bringing a store's tables and triggers to the current revision, from code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from discovery.config.secrets import private_file, private_folder, shut
from indexer.store import triggers
from indexer.store.engine import StoreError, sqlite_file

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 4_720_031  # any number, as long as all who migrate a PostgreSQL store take the same


if TYPE_CHECKING:
    from alembic.config import Config  # imported where it migrates: every command asks for the revision


def head() -> str:
    """The newest revision that this program knows ("0006"): its file's name begins with it. Raises StoreError when
    the migrations are missing."""
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
    """Raise StoreError, saying what to run, unless the store is there and of this program's revision. Makes nothing."""
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        raise StoreError(f"There is no store at {file} yet. Run `indexer migrate` first.")
    reached, needed = current(engine), head()
    if reached is None:
        raise StoreError("The store has no tables yet. Run `indexer migrate` first.")
    if reached != needed:
        raise StoreError(f"The store is at revision {reached}, this program needs {needed}. Run `indexer migrate`.")


def migrate(engine: Engine, revision: str = "head", versions: Sequence[Path] = ()) -> str:
    """Upgrade to `revision` in one transaction; makes the SQLite file and its folder, readable by their owner only.
    Returns the revision reached.

    `versions`: further folders of migrations. Lost triggers are restored, even if there is nothing to upgrade.
    Raises StoreError for a store, or a revision, that this program does not know.
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
        try:
            command.upgrade(_config(connection, versions), revision)
        except CommandError as error:
            raise StoreError(f"{error}. The store may be of a newer version of this program: update it.") from error
        if triggers.missing(connection):
            triggers.install(connection)
        return _reached(connection) or ""


def downgrade(engine: Engine, revision: str, versions: Sequence[Path] = ()) -> None:
    """Go back to an older revision, or to `base`: no tables at all. The data of what goes is lost."""
    from alembic import command

    with _transaction(engine) as connection:
        command.downgrade(_config(connection, versions), revision)


def _config(connection: Connection | None = None, versions: Sequence[Path] = ()) -> Config:
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
            # Batch mode drops the old table, and with foreign keys on that would delete the children of all its rows.
            # The pragma has no effect inside a transaction, hence the bare driver here and in `finally`.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            # And it renames the new table into place while other tables' triggers still speak of the old one.
            raw.execute("PRAGMA legacy_alter_table = ON")
            try:
                with connection.begin():
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise StoreError(f"The migration would leave {broken[0]!r} rows without their supplier.")
            finally:
                raw.execute("PRAGMA foreign_keys = ON")
                raw.execute("PRAGMA legacy_alter_table = OFF")
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield connection
