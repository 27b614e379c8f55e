"""Migrations on both databases: tables as the models say, and every trigger after every step."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from indexer.store import triggers
from indexer.store.engine import StoreError, current, head, migrate, open_store, require
from tests.unit.store.support import add, entries, queued, rows, run

# Rebuilds the supplier table on SQLite (batch mode), as a real migration would.
LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "later", "{head}"


def upgrade():
    with op.batch_alter_table("supplier", recreate="auto") as batch:
        batch.add_column(sa.Column("later", sa.Text()))
        batch.alter_column("city", type_=sa.String(200), existing_type=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("offer") as batch:
        batch.alter_column("name", type_=sa.String(200), existing_type=sa.Text(), existing_nullable=False)
"""


@pytest.fixture
def later(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "later.py").write_text(LATER.format(head=head()))
    return [folder]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "sqlite":
        return open_store(f"sqlite:///{tmp_path}/a/folder/that/is/not/there/store.db")
    return open_store(request.getfixturevalue("postgresql_url"))


def watched(engine: Engine) -> tuple[set[str], set[str]]:
    with engine.connect() as connection:
        return triggers.present(connection), triggers.missing(connection)


def test_an_empty_database_becomes_a_store(empty: Engine) -> None:
    assert migrate(empty) == head() == current(empty)
    add(empty, "a")
    assert entries(empty).keys() == {"a"}
    empty.dispose()


def test_every_trigger_after_a_step(empty: Engine, later: list[Path]) -> None:
    migrate(empty)
    migrate(empty, later)
    assert current(empty) == "later"
    present, missing = watched(empty)
    assert present
    assert not missing
    empty.dispose()


def test_a_store_from_before_the_first_migration_is_left_alone(store: Engine) -> None:
    add(store, "a")
    run(store, "UPDATE alembic_version SET version_num = '0007'")
    with pytest.raises(
        StoreError, match="at revision 0007, and this program upgrades from 0011 on"
    ):
        migrate(store)
    assert current(store) == "0007"
    assert rows(store, "SELECT id FROM supplier") == [("a",)]


def test_a_rebuilt_table_keeps_its_rows_its_children_and_its_voice(
    store: Engine, later: list[Path]
) -> None:
    """Batch mode drops the old table: with foreign keys on, that would delete every child."""
    add(store, "a", "b")
    run(store, "INSERT INTO offer (supplier_id, name) VALUES ('a', 'Vitres')")
    before = entries(store)
    migrate(store, versions=later)
    assert entries(store) == before, "a migration of the schema changes no supplier"
    assert rows(store, "SELECT supplier_id, name FROM offer") == [("a", "Vitres")]
    with queued(store) as change:
        run(store, "UPDATE supplier SET later = 'x' WHERE id = 'a'")
    assert change.ids == {"a"}, "a new column is watched"
    with queued(store) as change:
        run(store, "UPDATE offer SET name = 'Sols'")
    assert change.ids == {"a"}
    with queued(store) as change:
        run(store, "DELETE FROM supplier WHERE id = 'a'")
    assert change.deleted == {"a": True}
    assert rows(store, "SELECT * FROM offer") == [], "foreign keys are on again"


def test_migrating_again_restores_lost_triggers(store: Engine) -> None:
    with store.begin() as connection:
        triggers.remove(connection)
        assert triggers.present(connection) == set()
    assert migrate(store) == head()
    assert watched(store)[1] == set()


def test_a_migration_that_fails_leaves_the_store_as_it_was(store: Engine, tmp_path: Path) -> None:
    add(store, "a")
    (tmp_path / "bad.py").write_text(LATER.format(head=head()) + "    raise ZeroDivisionError\n")
    with pytest.raises(ZeroDivisionError):
        migrate(store, versions=[tmp_path])
    assert current(store) == head()
    assert "later" not in {column["name"] for column in inspect(store).get_columns("supplier")}
    assert watched(store)[1] == set()
    with queued(store) as change:
        run(store, "UPDATE supplier SET name = 'x'")
    assert change.ids == {"a"}


def test_a_migration_that_orphans_children_is_refused(sqlite_store: Engine, tmp_path: Path) -> None:
    add(sqlite_store, "a")
    run(sqlite_store, "INSERT INTO offer (supplier_id, name) VALUES ('a', 'Vitres')")
    body = LATER.format(head=head()).split("def upgrade")[0]
    (tmp_path / "bad.py").write_text(
        body + "def upgrade():\n    op.execute('DELETE FROM supplier')\n"
    )
    with pytest.raises(StoreError, match="'offer'"):
        migrate(sqlite_store, versions=[tmp_path])
    assert current(sqlite_store) == head()
    assert rows(sqlite_store, "SELECT id FROM supplier") == [("a",)]


def test_two_processes_migrate_at_once(empty: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    other = open_store(empty.url)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(migrate, [empty, other])) == [head(), head()]
    assert watched(empty)[1] == set()
    empty.dispose()
    other.dispose()


def test_a_store_newer_than_the_program_is_never_told_to_be_migrated(store: Engine) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="made by a newer version") as told:
        require(store)
    assert "indexer migrate" not in str(told.value)
