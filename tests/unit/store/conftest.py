"""A migrated, empty store of each kind; copied for each test, not migrated anew."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from indexer.store.engine import migrate, open_store
from tests.memo import empty_store

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[tuple[Engine, str]]:
    """(administrator's engine, name of the template database)."""
    address = f"{postgresql_server}/postgres".replace("postgresql:", "postgresql+psycopg:")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    name = f"template_{os.urandom(4).hex()}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_store(f"{postgresql_server}/{name}")
    migrate(engine)
    engine.dispose()
    yield admin, name
    admin.dispose()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{shutil.copy(empty_store(), tmp_path / 'store.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_store(postgresql_server: str, postgresql_template: tuple[Engine, str]) -> Iterator[Engine]:
    admin, template = postgresql_template
    name = f"store_{os.urandom(6).hex()}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine = open_store(f"{postgresql_server}/{name}")
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest) -> Engine:
    """The same test on both databases."""
    engine: Engine = request.getfixturevalue(f"{request.param}_store")
    return engine
