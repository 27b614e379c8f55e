"""The ledger hears of every real change, whoever makes it: plain SQL, on both databases."""

import pytest
from sqlalchemy import Engine, inspect, text

from indexer.store import triggers
from tests.unit.store.support import add, entries, queued, rows, run

# One row of each child, with plain SQL, for the supplier :id.
CHILDREN = {
    "activity": "INSERT INTO activity (supplier_id, sector) VALUES (:id, 'traiteur')",
    "offer": "INSERT INTO offer (supplier_id, name) VALUES (:id, 'Vitres')",
    "certification": "INSERT INTO certification (supplier_id, code) VALUES (:id, 'rge')",
    "provenance": "INSERT INTO provenance (supplier_id, source) VALUES (:id, 'finess')",
    "network": "INSERT INTO network (supplier_id, code) VALUES (:id, 'coorace')",
    "client_reference": "INSERT INTO client_reference (supplier_id, name) VALUES (:id, 'SNCF')",
    "job": "INSERT INTO job (supplier_id, rome) VALUES (:id, 'A1203')",
    "site_trade": "INSERT INTO site_trade (supplier_id, sector) VALUES (:id, 'traiteur')",
    "contract": "INSERT INTO contract (supplier_id, object) VALUES (:id, 'Tonte')",
    "supplier_slug": "INSERT INTO supplier_slug (slug, supplier_id, current) VALUES ('a-' || :id, :id, true)",
}
# A column of each child that is not its key, and another value for it.
CHANGES = {
    "activity": "zone_scope = 'country'", "offer": "description = 'Sols'", "certification": "code = 'iso-9001'",
    "provenance": "fields = 'name'", "network": "code = 'unea'", "client_reference": "name = 'EDF'",
    "job": "title = 'Jardinier'", "site_trade": "words = 'traiteur'", "contract": "amount = 42000",
    "supplier_slug": "current = false",
}  # fmt: skip


def test_every_child_table_is_watched(store: Engine) -> None:
    """A table that refers to the supplier and is not watched would change in silence."""
    inspector = inspect(store)
    referring = {
        table
        for table in inspector.get_table_names()
        if any(key["referred_table"] == "supplier" for key in inspector.get_foreign_keys(table))
    }
    assert referring == {each.table for each in triggers.CHILDREN} == set(CHILDREN) == set(CHANGES)


def test_each_column_of_the_supplier_counts(store: Engine) -> None:
    """Both directions of NULL, where the column allows it."""
    add(store, "a")
    other = {
        "lat": "45, lon = 4", "lon": "5, lat = 46", "location_source": "'given'", "status": "'delisted'",
        "updated_at": "'2026-01-01'", "first_listed_at": "'2026-01-01'",
    }  # fmt: skip
    by_type = {bool: "NOT coalesce({}, true)", int: "0"}
    for column in inspect(store).get_columns("supplier"):
        name = column["name"]
        if name == "id":
            continue
        value = other.get(name) or by_type.get(column["type"].python_type, "'other'").format(name)
        with queued(store) as change:
            run(store, f"UPDATE supplier SET {name} = {value} WHERE id = 'a'")
        assert change.ids == {"a"}, name
        if column["nullable"] and name not in ("lat", "lon"):
            with queued(store) as change:
                run(store, f"UPDATE supplier SET {name} = NULL WHERE id = 'a'")
            assert change.ids == {"a"}, name


def test_equal_values_queue_nothing(store: Engine) -> None:
    add(store, "a")
    run(store, *CHILDREN.values(), id="a")
    with queued(store) as change:
        columns = [column["name"] for column in inspect(store).get_columns("supplier")]
        run(store, f"UPDATE supplier SET {', '.join(f'{name} = {name}' for name in columns)}")
        run(store, "UPDATE supplier SET lat = NULL, qpv = NULL, name = 'Atelier'")
        for child in CHILDREN:
            run(store, f"UPDATE {child} SET supplier_id = supplier_id")
        run(
            store,
            "UPDATE supplier SET name = 'x' WHERE id = 'nobody'",
            "DELETE FROM offer WHERE name = 'none'",
        )
    assert change.ids == set()


@pytest.mark.parametrize("child", CHILDREN)
def test_a_child_queues_its_supplier_and_the_one_it_moves_to(store: Engine, child: str) -> None:
    add(store, "a", "b", "c")
    with queued(store) as change:
        run(store, CHILDREN[child], id="a")
    assert change.deleted == {"a": False}
    with queued(store) as change:
        run(store, f"UPDATE {child} SET {CHANGES[child]}")
    assert change.deleted == {"a": False}
    with queued(store) as change:
        run(store, f"UPDATE {child} SET {CHANGES[child]}")
    assert change.ids == set()
    with queued(store) as change:
        run(store, f"UPDATE {child} SET supplier_id = 'b'")
    assert change.deleted == {"a": False, "b": False}
    with queued(store) as change:
        run(store, f"DELETE FROM {child}")
    assert change.deleted == {"b": False}


def test_children_that_change_places_queue_both(store: Engine) -> None:
    """Two children swap their suppliers in one statement: the rows before and after are the same
    set.
    """
    add(store, "a", "b")
    run(store, CHILDREN["offer"], id="a")
    run(store, CHILDREN["offer"], id="b")
    with queued(store) as change:
        run(store, "UPDATE offer SET supplier_id = CASE supplier_id WHEN 'a' THEN 'b' ELSE 'a' END")
    assert change.ids == {"a", "b"}


def test_an_id_change_queues_both_ids(store: Engine) -> None:
    add(store, "a")
    run(store, *CHILDREN.values(), id="a")
    with queued(store) as change:
        run(store, "UPDATE supplier SET id = 'z' WHERE id = 'a'")
    assert change.deleted == {"a": True, "z": False}
    for child in CHILDREN:
        assert rows(store, f"SELECT supplier_id FROM {child}") == [("z",)]


def test_the_counter_does_not_follow_the_rows(store: Engine) -> None:
    """Even with the ledger emptied by hand, revisions go on."""
    add(store, "a", "b", "c")
    highest = max(entry.revision for entry in entries(store).values())
    run(store, "DELETE FROM supplier", "DELETE FROM change_ledger")
    add(store, "a")
    assert entries(store)["a"].revision > highest


def test_a_savepoint_rolled_back_queues_nothing(store: Engine) -> None:
    add(store, "a", "b")
    with queued(store) as change, store.begin() as connection:
        connection.execute(text("UPDATE supplier SET name = 'x' WHERE id = 'a'"))
        inner = connection.begin_nested()
        connection.execute(text("UPDATE supplier SET name = 'x' WHERE id = 'b'"))
        inner.rollback()
    assert change.ids == {"a"}


def test_a_change_wakes_a_dead_row_and_keeps_the_lease(store: Engine) -> None:
    add(store, "a")
    run(
        store,
        "UPDATE change_ledger SET dead = true, attempts = 7, error = 'refused', not_before = '2099-01-01', "
        "lease_token = 'worker', lease_until = '2099-01-01', settled_revision = 0",
    )
    run(store, "UPDATE supplier SET name = 'x'")
    found = rows(store, "SELECT dead, attempts, error, not_before, lease_token FROM change_ledger")
    assert found == [(False, 0, None, None, "worker")]


def test_pending_since_the_first_unsettled_change(store: Engine) -> None:
    """`queued_at` stays while the row is pending, and starts again once it was settled."""
    add(store, "a")
    run(store, "UPDATE change_ledger SET queued_at = '2020-01-01 00:00:00+00'")
    query = "SELECT queued_at < '2021-01-01' FROM change_ledger"
    run(store, "UPDATE supplier SET name = 'x'")
    assert rows(store, query) == [(True,)]
    run(store, "UPDATE change_ledger SET settled_revision = revision")
    run(store, "UPDATE supplier SET name = 'y'")
    assert rows(store, query) == [(False,)]


def test_a_lost_trigger_is_seen(store: Engine) -> None:
    name = "ledger_offer_update"
    with store.begin() as connection:
        assert triggers.missing(connection) == set()
        assert triggers.present(connection) == triggers.expected(connection)
        on_table = " ON offer" if store.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{on_table}"))
        assert triggers.missing(connection) == {name}
        triggers.install(connection)
        assert triggers.missing(connection) == set()


def test_installing_again_keeps_the_counter(store: Engine) -> None:
    add(store, "a", "b")
    with store.begin() as connection:
        triggers.install(connection)
        triggers.install(connection)
    with queued(store) as change:
        add(store, "c")
    assert change.ids == {"c"}


def test_a_lost_counter_starts_above_the_ledger(store: Engine) -> None:
    add(store, "a", "b")
    before = entries(store)
    with store.begin() as connection:
        triggers.remove(connection)
        sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "DROP TABLE change_counter" if sqlite else "DROP SEQUENCE change_revision"
        )
        triggers.install(connection)
    assert entries(store) == before
    with queued(store) as change:
        add(store, "c")
    assert change.ids == {"c"}
