"""A migrated, empty store of each kind: the SQLite file is copied for each test, the PostgreSQL
database emptied.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, delete, text

from indexer.store.engine import migrate, open_store
from indexer.store.models import METADATA
from tests.memo import empty_store
from tests.servers import database

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

CATALOGUES = ("pg_class", "pg_attribute", "pg_proc", "pg_trigger", "pg_constraint", "pg_namespace")
SHAPE = text(
    "SELECT (SELECT max(version_num) FROM alembic_version), "
    + ", ".join(
        f"(SELECT (count(*), max(xmin::text::bigint)) FROM {each})::text" for each in CATALOGUES
    )
)
"""Differs as soon as a table, function, trigger, right or revision is made, changed or gone."""
REWIND = text("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{shutil.copy(empty_store(), tmp_path / 'store.db')}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def emptied(postgresql_server: str) -> Iterator[Callable[[], Engine]]:
    """One database for all, copied anew after a test that changed more than rows or left a
    connection open.
    """
    held: list[tuple[Engine, Row[Any]]] = []
    migrated: list[str] = []

    def empty() -> Engine:
        for engine, shape in held:
            if engine.pool.checkedout():  # type: ignore[attr-defined]
                continue
            with engine.begin() as connection:
                connection.execute(
                    text("SET LOCAL session_replication_role = replica")
                )  # no trigger hears of it
                if connection.execute(SHAPE).one() == shape:
                    for table in METADATA.tables.values():
                        connection.execute(delete(table))
                    connection.execute(REWIND)
                    return engine
        ends.close()
        if not migrated:
            first = open_store(whole.enter_context(database(postgresql_server)))
            migrate(first)
            first.dispose()
            migrated.append(str(first.url.database))
        engine = open_store(ends.enter_context(database(postgresql_server, *migrated)))
        ends.callback(engine.dispose)
        with engine.connect() as connection:
            held[:] = [(engine, connection.execute(SHAPE).one())]
        return engine

    with ExitStack() as whole, ExitStack() as ends:
        yield empty


@pytest.fixture
def postgresql_store(emptied: Callable[[], Engine]) -> Engine:
    return emptied()


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest) -> Engine:
    """The same test on both databases."""
    engine: Engine = request.getfixturevalue(f"{request.param}_store")
    return engine
