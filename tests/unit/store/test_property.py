"""Any history of plain SQL, claims and settlements: the ledger holds what changed, and converges to
nothing pending.

A model in plain Python is told of each change; the database is told in plain SQL. The worker's side
keeps an index of its own, filled only from claims: at the end it must equal the suppliers.
"""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text

from discovery.engine.port import WriteStatus
from indexer.store import ledger
from indexer.store.ledger import ChangeOutcome, Claim
from tests.examples import some
from tests.unit.store.support import NOW, Entry, entries

IDS = st.sampled_from(["a", "b", "c", "é"])
CHILDREN = ("activity", "offer", "certification")
COLUMN = {"activity": "sector", "offer": "name", "certification": "code"}
TABLES = st.sampled_from(CHILDREN)
VALUES = st.sampled_from(["x", "y"])
LEASE = 10.0

Content = tuple[Any, ...]


class History(RuleBasedStateMachine):
    """`suppliers`: id to name. `children`: (table, row id) to (supplier, value). `index`: what the
    worker wrote.
    """

    store: Engine

    def __init__(self) -> None:
        super().__init__()
        with self.store.begin() as connection:
            for table in (*CHILDREN, "supplier", "change_ledger"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("DELETE FROM change_ledger"))
        self.suppliers: dict[str, str] = {}
        self.children: dict[tuple[str, int], tuple[str, str]] = {}
        self.known: dict[str, Entry] = {}
        self.highest = ledger.raise_counter(self.store, 0)
        self.claims: list[Claim] = []
        self.late: list[Claim] = []
        self.index: dict[str, tuple[int, Content | None]] = {}
        self.now = NOW

    # --- writers
    #   -----------------------------------------------------------------------------------------------

    def change(self, touched: set[str], *statements: str, keep: bool = True, **values: Any) -> None:
        """Run the statements; the ids touched, and no others, must take new revisions, above all
        before.
        """
        before = entries(self.store)
        with self.store.connect() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
            if keep:
                connection.commit()
            else:
                connection.rollback()
        after = entries(self.store)
        expected = touched if keep else set()
        assert {key for key in after if after[key] != before.get(key)} == expected
        for key in expected:
            assert after[key].revision > self.highest
            assert after[key].deleted is (key not in self.suppliers)
        self.highest = max([self.highest, *(entry.revision for entry in after.values())])
        self.known = after

    def owned(self, supplier_id: str) -> list[tuple[str, int]]:
        return [key for key, (owner, _) in self.children.items() if owner == supplier_id]

    @rule(supplier_id=IDS, name=VALUES)
    def write_supplier(self, supplier_id: str, name: str) -> None:
        """An upsert, as most programs write."""
        touched = set() if self.suppliers.get(supplier_id) == name else {supplier_id}
        self.suppliers[supplier_id] = name
        self.change(
            touched,
            "INSERT INTO supplier (id, name, kind) VALUES (:id, :name, 'EI') "
            "ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            id=supplier_id,
            name=name,
        )

    @rule(supplier_id=IDS)
    def delete_supplier(self, supplier_id: str) -> None:
        touched = {supplier_id} & self.suppliers.keys()
        self.suppliers.pop(supplier_id, None)
        for key in self.owned(supplier_id):
            del self.children[key]
        self.change(touched, "DELETE FROM supplier WHERE id = :id", id=supplier_id)

    @rule(old=IDS, new=IDS)
    def rename_supplier(self, old: str, new: str) -> None:
        if old not in self.suppliers or (new in self.suppliers and new != old):
            return
        touched = {old, new} if old != new else set()
        self.suppliers[new] = self.suppliers.pop(old)
        for key in self.owned(old):
            self.children[key] = (new, self.children[key][1])
        self.change(touched, "UPDATE supplier SET id = :new WHERE id = :old", old=old, new=new)

    @rule(name=VALUES)
    def write_all_suppliers(self, name: str) -> None:
        touched = {key for key, value in self.suppliers.items() if value != name}
        self.suppliers = dict.fromkeys(self.suppliers, name)
        self.change(touched, "UPDATE supplier SET name = :name", name=name)

    @rule(table=TABLES, row=st.integers(1, 3), owner=IDS, value=VALUES)
    def write_child(self, table: str, row: int, owner: str, value: str) -> None:
        """An upsert by the child's own id: inserted, changed, moved, or nothing."""
        if owner not in self.suppliers:
            return
        before = self.children.get((table, row))
        touched = (
            set() if before == (owner, value) else {owner} | ({before[0]} if before else set())
        )
        self.children[table, row] = (owner, value)
        column = COLUMN[table]
        if before is None:
            statement = (
                f"INSERT INTO {table} (id, supplier_id, {column}) VALUES (:row, :owner, :value)"
            )
        else:
            statement = (
                f"UPDATE {table} SET supplier_id = :owner, {column} = :value WHERE id = :row"
            )
        self.change(touched, statement, row=row, owner=owner, value=value)

    @rule(table=TABLES, value=VALUES)
    def delete_children(self, table: str, value: str) -> None:
        gone = [
            key for key, (_, each) in self.children.items() if key[0] == table and each == value
        ]
        touched = {self.children.pop(key)[0] for key in gone}
        self.change(touched, f"DELETE FROM {table} WHERE {COLUMN[table]} = :value", value=value)

    @rule(supplier_id=IDS)
    def write_and_roll_back(self, supplier_id: str) -> None:
        self.change(
            set(),
            "DELETE FROM supplier WHERE id = :id",
            "INSERT INTO supplier (id, name, kind) VALUES (:id, 'rolled back', 'EI')",
            "UPDATE supplier SET name = 'rolled back too'",
            keep=False,
            id=supplier_id,
        )

    # --- workers
    #   -----------------------------------------------------------------------------------------------

    def content(self, supplier_id: str) -> Content | None:
        """What the worker reads: from the database, not from the model."""
        with self.store.connect() as connection:
            name = connection.execute(
                text("SELECT name FROM supplier WHERE id = :id"), {"id": supplier_id}
            ).scalar_one_or_none()
            if name is None:
                return None
            return name, *(
                sorted(
                    connection.execute(
                        text(f"SELECT {COLUMN[table]} FROM {table} WHERE supplier_id = :id"),
                        {"id": supplier_id},
                    ).scalars()
                )
                for table in CHILDREN
            )

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        running = {each.supplier_id for each in self.claims}
        found = ledger.claim(self.store, limit, LEASE, self.now)
        assert len(found) <= limit
        for each in found:
            assert each.revision == self.known[each.supplier_id].revision
            assert each.supplier_id not in running, "a lease that runs is nobody else's"
        self.claims += found

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), result=st.sampled_from(WriteStatus))
    def settle(self, data: st.DataObject, result: WriteStatus) -> None:
        """Settle some of the open claims, in any order; the engine keeps the highest version it was
        given.
        """
        chosen = data.draw(st.lists(st.sampled_from(self.claims), unique=True, min_size=1))
        outcomes = []
        for each in chosen:
            if result not in (WriteStatus.RETRY, WriteStatus.DEAD):
                self.write_index(each)
            later = self.now + timedelta(seconds=ledger.backoff(each.attempts, 0.5))
            outcomes.append(ChangeOutcome(each, result, "", later))
            self.claims.remove(each)
        counts = ledger.record_outcomes(self.store, outcomes)
        assert counts[result.value] == len(chosen)
        assert counts["lost"] == 0

    def write_index(self, claim: Claim) -> None:
        version, _ = self.index.get(claim.supplier_id, (0, None))
        if claim.revision >= version:
            self.index[claim.supplier_id] = (claim.revision, self.content(claim.supplier_id))

    @precondition(lambda self: self.claims)
    @rule()
    def worker_stalls(self) -> None:
        """The time of its claims runs out; it may wake later, or never."""
        self.late += self.claims
        self.claims = []
        self.now += timedelta(seconds=LEASE)

    @precondition(lambda self: self.late)
    @rule(result=st.sampled_from(WriteStatus), expired=st.booleans())
    def worker_wakes(self, result: WriteStatus, expired: bool) -> None:
        """It settles what no one took from it, and nothing else."""
        claim = self.late.pop()
        if expired:
            ledger.expire(self.store, self.now)
        with self.store.connect() as connection:
            query = text("SELECT lease_token FROM change_ledger WHERE supplier_id = :id")
            token = connection.execute(query, {"id": claim.supplier_id}).scalar_one()
        if result not in (WriteStatus.RETRY, WriteStatus.DEAD):
            self.write_index(claim)
        counts = ledger.record_outcomes(self.store, [ChangeOutcome(claim, result)])
        assert counts["lost"] == (token != claim.token)
        after = entries(self.store)
        own = after[
            claim.supplier_id
        ]  # written without a lease, and changed since: it is queued anew
        assert after == self.known | {claim.supplier_id: own}
        assert own == self.known[claim.supplier_id] or (
            own.revision > self.highest and counts["lost"]
        )
        self.highest, self.known = max(self.highest, own.revision), after

    @rule()
    def replay_the_dead(self) -> None:
        ledger.replay(self.store)

    @rule(supplier_id=IDS)
    def requeue(self, supplier_id: str) -> None:
        ledger.requeue(self.store, [supplier_id])
        after = entries(self.store)
        assert after[supplier_id].revision > self.highest
        self.highest = after[supplier_id].revision
        self.known = after

    @rule(above=st.integers(0, 50))
    def raise_counter(self, above: int) -> None:
        assert ledger.raise_counter(self.store, above) >= above

    # --- what always holds
    #   -------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_knows_every_supplier(self) -> None:
        assert self.suppliers.keys() <= self.known.keys()
        for key in self.suppliers:
            assert not self.known[key].deleted
        revisions = [entry.revision for entry in self.known.values()]
        assert len(set(revisions)) == len(revisions)

    def teardown(self) -> None:
        """Left alone, the workers settle everything, and the index is the store."""
        ledger.replay(self.store)
        for _ in range(20):
            self.now += timedelta(hours=1)  # every lease and every delay is over
            found = ledger.claim(self.store, 2, LEASE, self.now)
            for each in found:
                self.write_index(each)
            ledger.record_outcomes(
                self.store, [ChangeOutcome(each, WriteStatus.INDEXED) for each in found]
            )
            if not found:
                break
        assert ledger.pending_count(self.store) == 0
        indexed = {key: content for key, (_, content) in self.index.items() if content is not None}
        assert indexed == {key: self.content(key) for key in self.suppliers}
        super().teardown()


def test_any_history_converges(store: Engine) -> None:
    machine = type("HistoryHere", (History,), {"store": store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=some(50),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
