"""PostgreSQL's own traps: TRUNCATE, COPY, roles, search paths, and transactions that overlap."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, text

from indexer.store import triggers
from tests.unit.indexer.processes import wait_for
from tests.unit.store.support import ADD, add, entries, queued, rows, run

pytestmark = pytest.mark.postgresql


@pytest.fixture
def store(postgresql_store: Engine) -> Engine:
    return postgresql_store


def offer(store: Engine, *ids: str) -> None:
    for each in ids:
        run(store, "INSERT INTO offer (supplier_id, name) VALUES (:id, 'x')", id=each)


def test_truncate_deletes_every_supplier(store: Engine) -> None:
    add(store, "a", "b")
    offer(store, "a")
    with queued(store) as change:
        run(store, "TRUNCATE supplier CASCADE")
    assert change.deleted == {"a": True, "b": True}


def test_truncate_of_a_child_queues_its_suppliers(store: Engine) -> None:
    add(store, "a", "b", "c")
    offer(store, "a", "b")
    with queued(store) as change:
        run(store, "TRUNCATE offer")
    assert change.deleted == {"a": False, "b": False}


def test_truncate_rolled_back_queues_nothing(store: Engine) -> None:
    add(store, "a")
    before = entries(store)
    with store.connect() as connection:
        connection.execute(text("TRUNCATE supplier CASCADE"))
        connection.rollback()
    assert entries(store) == before


def test_truncate_of_nothing(store: Engine) -> None:
    with queued(store) as change:
        run(store, "TRUNCATE supplier CASCADE", "TRUNCATE activity")
    assert change.ids == set()


def test_copy_and_merge_are_heard(store: Engine) -> None:
    add(store, "a", "b")
    with (
        queued(store) as change,
        store.begin() as connection,
        connection.connection.cursor().copy("COPY supplier (id, name, kind) FROM STDIN") as copy,  # type: ignore[attr-defined]
    ):
        copy.write_row(("c", "Atelier", "EI"))
        copy.write_row(("d", "Atelier", "EI"))
    assert change.ids == {"c", "d"}
    merge = """
    MERGE INTO supplier s USING (VALUES ('a', 'Atelier'), ('b', 'Other'), ('e', 'New')) v (id, name) ON s.id = v.id
    WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT (id, name, kind) VALUES (v.id, v.name, 'EI')
    """
    with queued(store) as change:
        run(store, merge)
    assert change.ids == {"b", "e"}


def test_a_swap_of_ids_in_one_statement(store: Engine) -> None:
    """The rows before and after hold the same ids; their contents changed places."""
    others = [each.table for each in triggers.CHILDREN if each.table != "offer"]
    add(store, "a", "b", "c")
    run(
        store,
        "ALTER TABLE offer DROP CONSTRAINT fk_offer_supplier_id",
        *(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_supplier_id" for table in others),
        "ALTER TABLE supplier DROP CONSTRAINT pk_supplier",
        "ALTER TABLE supplier ADD CONSTRAINT pk_supplier PRIMARY KEY (id) DEFERRABLE",
    )
    run(store, "UPDATE supplier SET name = 'the second' WHERE id = 'b'")
    with queued(store) as change:
        run(
            store,
            "UPDATE supplier SET id = CASE id WHEN 'a' THEN 'b' ELSE 'a' END WHERE id IN ('a', 'b')",
        )
    assert change.ids == {"a", "b"}


def test_one_firing_per_statement(store: Engine) -> None:
    """A statement over n rows of a supplier draws one revision for it, not n."""
    add(store, "a")
    before = entries(store)["a"].revision
    run(
        store,
        "INSERT INTO offer (supplier_id, name) SELECT 'a', n::text FROM generate_series(1, 50) n",
    )
    assert entries(store)["a"].revision <= before + 2  # drawn once to insert, once more to update
    assert rows(store, "SELECT count(*) FROM offer") == [(50,)]


def test_a_role_with_no_right_to_the_ledger(store: Engine) -> None:
    """Another program needs rights to the suppliers only, and its search path is its own affair."""
    add(store, "a")
    schema, role = "other", f"role_{store.url.database}"
    run(store, f"CREATE ROLE {role}", f"GRANT ALL ON supplier TO {role}", f"CREATE SCHEMA {schema}")
    try:
        with queued(store) as change, store.begin() as connection:
            connection.execute(text(f"SET LOCAL ROLE {role}"))
            connection.execute(text(f"SET LOCAL search_path = {schema}"))
            connection.execute(text("UPDATE public.supplier SET name = 'x'"))
            connection.execute(text(ADD.replace("supplier", "public.supplier")), {"id": "b"})
        assert change.ids == {"a", "b"}
    finally:
        run(store, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_temporary_table_cannot_stand_in_for_the_ledger(store: Engine) -> None:
    add(store, "a")
    with queued(store) as change, store.begin() as connection:
        connection.execute(
            text("CREATE TEMP TABLE change_ledger (LIKE public.change_ledger) ON COMMIT DROP")
        )
        connection.execute(text("CREATE TEMP TABLE supplier (LIKE public.supplier) ON COMMIT DROP"))
        connection.execute(text("UPDATE public.supplier SET name = 'x'"))
    assert change.deleted == {"a": False}


def test_a_new_column_in_a_session_already_open(store: Engine) -> None:
    """The trigger's plan was made before the column came; the next statement sees it."""
    add(store, "a")
    with store.connect() as session:
        session.execute(text("UPDATE supplier SET name = 'x'"))
        session.commit()
        run(store, "ALTER TABLE supplier ADD COLUMN later text")
        with queued(store) as change:
            session.execute(text("UPDATE supplier SET later = 'y'"))
            session.commit()
    assert change.ids == {"a"}


class Session:
    """A connection on a thread of its own: what it is told may wait for a lock while the test goes
    on.
    """

    def __init__(self, store: Engine) -> None:
        self.connection: Connection = store.connect()
        self.waiting: list[threading.Thread] = []
        self.errors: list[BaseException] = []

    def do(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(text(statement))

    def begin_to(self, *statements: str) -> None:
        def work() -> None:
            try:
                self.do(*statements)
            except BaseException as error:
                self.errors.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        self.waiting.append(thread)

    def finish(self) -> None:
        for thread in self.waiting:
            thread.join(timeout=30)
            assert not thread.is_alive()
        assert self.errors == []
        self.connection.commit()
        self.connection.close()


def wait_until_blocked(store: Engine, statement: str) -> None:
    """Until a session is seen to wait for a lock in this statement."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = :query "
        "AND datname = current_database()"
    )
    with store.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        wait_for(
            repr(statement), lambda: connection.execute(query, {"query": statement}).scalar_one()
        )


def test_two_transactions_on_the_children_of_one_supplier(store: Engine) -> None:
    """Neither waits for the other in the data, only in the ledger: the later must get the higher
    revision.

    The later drew its first number before the earlier committed; a worker may have settled that
    revision since.
    """
    add(store, "a")
    one, two = Session(store), Session(store)
    statement = "INSERT INTO offer (supplier_id, name) VALUES ('a', 'two')"
    one.do("INSERT INTO network (supplier_id, code) VALUES ('a', 'one')")
    two.begin_to(statement)
    wait_until_blocked(store, statement)
    one.do("INSERT INTO network (supplier_id, code) VALUES ('a', 'one again')")
    one.finish()
    two.waiting[0].join(timeout=30)
    seen = entries(store)["a"].revision  # what a worker claims between the two commits
    two.finish()
    assert entries(store)["a"].revision > seen


def opposite_orders(store: Engine, change: Callable[[str], str]) -> None:
    """Two sessions, each one statement over the same suppliers, written in opposite orders."""
    ids = [f"s{number}" for number in range(40)]
    add(store, *ids)
    for _ in range(5):
        one, two = Session(store), Session(store)
        gate = Session(store)
        gate.do(
            "SELECT * FROM change_ledger WHERE supplier_id = 's20' FOR UPDATE"
        )  # both meet in the middle
        first, second = (
            change(", ".join(f"('{i}')" for i in ids)),
            change(", ".join(f"('{i}')" for i in ids[::-1])),
        )
        one.begin_to(first)
        two.begin_to(second)
        wait_until_blocked(store, first)
        wait_until_blocked(store, second)
        gate.finish()
        for session in (one, two):
            # Whoever is first must commit for the other to go on.
            session.waiting[0].join(timeout=0.2)
        for session in sorted((one, two), key=lambda each: each.waiting[0].is_alive()):
            session.finish()


def test_statements_in_opposite_orders_do_not_deadlock(store: Engine) -> None:
    def change(values: str) -> str:
        return f"INSERT INTO offer (supplier_id, name) SELECT id, 'x' FROM (VALUES {values}) v (id)"

    opposite_orders(store, change)
    assert rows(store, "SELECT count(*) FROM offer") == [(400,)]


def test_many_writers_lose_no_revision(store: Engine) -> None:
    """After each commit the ledger holds a revision that this transaction, and no earlier reader,
    has seen.
    """
    ids = [f"s{number}" for number in range(4)]
    add(store, *ids)
    problems: list[BaseException] = []

    def write(worker: int) -> None:
        try:
            for turn in range(15):
                before = entries(store)
                with store.begin() as connection:
                    connection.execute(
                        text(
                            "INSERT INTO offer (supplier_id, name) SELECT id, :name FROM supplier"
                        ),
                        {"name": f"{worker}-{turn}"},
                    )
                after = entries(store)
                assert all(after[each].revision > before[each].revision for each in ids)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
    assert rows(store, "SELECT count(*) FROM offer") == [(4 * 4 * 15,)]


def test_a_writer_is_not_held_up_by_another_supplier_s_writer(store: Engine) -> None:
    """The counter is no bottleneck: two open transactions on two suppliers do not wait for each
    other.
    """
    add(store, "a", "b")
    with store.connect() as one, store.connect() as two:
        one.execute(text("UPDATE supplier SET name = 'x' WHERE id = 'a'"))
        two.execute(text("SET LOCAL lock_timeout = '5s'"))
        two.execute(text("UPDATE supplier SET name = 'x' WHERE id = 'b'"))
        two.commit()
        one.commit()
    assert entries(store)["a"].revision < entries(store)["b"].revision
