"""SQLite's own traps, met from another program's connection: none of our pragmas, the driver's
defaults.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Engine

from indexer.store.engine import sqlite_file
from tests.tables import cases
from tests.unit.store.support import add, entries, queued, rows, run

OR_REPLACE = "INSERT OR REPLACE INTO supplier (id, name, kind) VALUES ('{}', '{}', 'EI')"


@pytest.fixture
def foreign(sqlite_store: Engine) -> Iterator[sqlite3.Connection]:
    """Another program: foreign keys and recursive triggers off, as SQLite has them unless asked."""
    with closing(
        sqlite3.connect(str(sqlite_file(sqlite_store)), isolation_level=None)
    ) as connection:
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (0,)
        yield connection


def test_our_connections_have_the_pragmas(sqlite_store: Engine) -> None:
    with sqlite_store.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "recursive_triggers", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }


def test_or_replace_of_a_supplier(sqlite_store: Engine, foreign: sqlite3.Connection) -> None:
    add(sqlite_store, "a", "b")
    with queued(sqlite_store) as change:
        foreign.execute(OR_REPLACE.format("a", "new"))
    assert change.deleted == {"a": False}
    with queued(sqlite_store) as change:
        run(sqlite_store, OR_REPLACE.format("a", "newer"))
    assert change.deleted == {"a": False}


@pytest.mark.parametrize("ours", [True, False])
def test_or_replace_keeps_the_ledger_row(
    sqlite_store: Engine, foreign: sqlite3.Connection, ours: bool
) -> None:
    """Inside a trigger the outer statement's REPLACE takes over: an upsert there would erase lease
    and settlement.
    """
    add(sqlite_store, "a")
    run(
        sqlite_store, "UPDATE change_ledger SET settled_revision = revision, lease_token = 'worker'"
    )
    statement = OR_REPLACE.format("a", "new")
    if ours:
        run(sqlite_store, statement)
    else:
        foreign.execute(statement)
    assert rows(sqlite_store, "SELECT settled_revision, lease_token FROM change_ledger") == [
        (1, "worker")
    ]
    assert entries(sqlite_store)["a"].revision > 1


@pytest.mark.parametrize("policy", ["IGNORE", "REPLACE", "ABORT", "FAIL", "ROLLBACK"])
def test_every_conflict_policy_is_heard(
    sqlite_store: Engine, foreign: sqlite3.Connection, policy: str
) -> None:
    """OR IGNORE, carried into the trigger, must not swallow the ledger's own row."""
    add(sqlite_store, "a", "b")
    with queued(sqlite_store) as change:
        foreign.execute(
            f"INSERT OR {policy} INTO supplier (id, name, kind) VALUES ('new', 'n', 'EI')"
        )
        foreign.execute(f"UPDATE OR {policy} supplier SET name = 'n' WHERE id = 'a'")
        foreign.execute(f"INSERT OR {policy} INTO offer (supplier_id, name) VALUES ('b', 'n')")
    assert change.deleted == {"new": False, "a": False, "b": False}


def test_or_ignore_of_what_is_there_queues_nothing(
    sqlite_store: Engine, foreign: sqlite3.Connection
) -> None:
    add(sqlite_store, "a")
    run(sqlite_store, "INSERT INTO offer (id, supplier_id, name) VALUES (1, 'a', 'x')")
    with queued(sqlite_store) as change:
        foreign.execute(
            "INSERT OR IGNORE INTO supplier (id, name, kind) VALUES ('a', 'other', 'EA')"
        )
        foreign.execute("INSERT OR IGNORE INTO offer (id, supplier_id, name) VALUES (1, 'a', 'y')")
    assert change.ids == set()


@pytest.mark.parametrize(
    ("table", "columns", "key"), cases(__file__, "or_replace_takes_a_child_from_its_supplier")
)
def test_or_replace_takes_a_child_from_its_supplier(
    sqlite_store: Engine, foreign: sqlite3.Connection, table: str, columns: str, key: str
) -> None:
    """The row in the way vanishes without its delete trigger; its supplier has changed all the
    same.
    """
    add(sqlite_store, "a", "b")
    run(sqlite_store, f"INSERT INTO {table} (supplier_id, {columns}) VALUES ('a', {key})")
    with queued(sqlite_store) as change:
        foreign.execute(
            f"INSERT OR REPLACE INTO {table} (supplier_id, {columns}) VALUES ('b', {key})"
        )
    assert change.deleted == {"a": False, "b": False}


def test_update_or_replace_takes_a_child_from_its_supplier(
    sqlite_store: Engine, foreign: sqlite3.Connection
) -> None:
    add(sqlite_store, "a", "b", "c")
    for number, owner in enumerate("abc"):
        run(
            sqlite_store,
            f"INSERT INTO offer (id, supplier_id, name) VALUES ({number}, '{owner}', 'x')",
        )
    with queued(sqlite_store) as change:
        foreign.execute("UPDATE OR REPLACE offer SET id = 0 WHERE id = 1")
    assert change.ids == {"a", "b"}


def test_update_or_replace_of_a_supplier_over_another(
    sqlite_store: Engine, foreign: sqlite3.Connection
) -> None:
    add(sqlite_store, "a", "b", "c")
    with queued(sqlite_store) as change:
        foreign.execute("UPDATE OR REPLACE supplier SET id = 'b' WHERE id = 'a'")
    assert change.deleted == {"a": True, "b": False}


def test_children_left_behind_without_foreign_keys(
    sqlite_store: Engine, foreign: sqlite3.Connection
) -> None:
    """Another program deletes the supplier only: its orphans change nothing in `deleted`."""
    add(sqlite_store, "a")
    run(sqlite_store, "INSERT INTO offer (supplier_id, name) VALUES ('a', 'x')")
    foreign.execute("DELETE FROM supplier")
    with queued(sqlite_store) as change:
        foreign.execute("DELETE FROM offer")
    assert change.deleted == {"a": True}


def test_replace_of_a_supplier_with_children_on_our_connection(sqlite_store: Engine) -> None:
    """With foreign keys on, replacing the row deletes its children; it is not deleted itself."""
    add(sqlite_store, "a")
    run(sqlite_store, "INSERT INTO offer (supplier_id, name) VALUES ('a', 'x')")
    with queued(sqlite_store) as change:
        run(sqlite_store, OR_REPLACE.format("a", "new"))
    assert change.deleted == {"a": False}
    assert rows(sqlite_store, "SELECT count(*) FROM offer") == [(0,)]


def test_delete_without_where(sqlite_store: Engine, foreign: sqlite3.Connection) -> None:
    """SQLite truncates the table when nothing watches it."""
    add(sqlite_store, "a", "b")
    with queued(sqlite_store) as change:
        foreign.execute("DELETE FROM supplier")
    assert change.deleted == {"a": True, "b": True}
