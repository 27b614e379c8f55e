"""Dead letters, new revisions, the counter."""

import threading

import pytest
from sqlalchemy import Engine, text

from discovery.engine.port import WriteStatus
from indexer.store import ledger
from indexer.store.ledger import ChangeOutcome, DeadLetter
from tests.unit.store.support import NOW, add, entries, queued, rows, run


def settle_all(store: Engine, result: WriteStatus = WriteStatus.INDEXED, error: str = "") -> None:
    claims = ledger.claim(store, 10_000, 60, NOW)
    ledger.record_outcomes(store, [ChangeOutcome(each, result, error) for each in claims])


def claimable(store: Engine) -> list[str]:
    return [each.supplier_id for each in ledger.claim(store, 100, 60, NOW)]


def test_dead_letters_are_listed(store: Engine) -> None:
    add(store, "b", "a")
    run(store, "DELETE FROM supplier WHERE id = 'b'")
    settle_all(store, WriteStatus.DEAD, "field too long")
    add(store, "c")
    known = entries(store)
    assert ledger.dead_letters(store) == [
        DeadLetter("a", known["a"].revision, False, 1, "field too long"),
        DeadLetter("b", known["b"].revision, True, 1, "field too long"),
    ]


def test_replay(store: Engine) -> None:
    add(store, "a", "b", "c")
    settle_all(store, WriteStatus.DEAD)
    before = entries(store)
    assert ledger.replay(store, ["b", "nobody"]) == 1
    assert claimable(store) == ["b"]
    assert ledger.replay(store) == 2
    assert claimable(store) == ["a", "c"]
    assert ledger.replay(store) == 0
    assert entries(store) == before, "a replay is no change"


def test_drop(store: Engine) -> None:
    add(store, "a", "b", "c")
    settle_all(store, WriteStatus.DEAD)
    assert ledger.drop(store, ["b", "nobody"]) == 1
    assert [each.supplier_id for each in ledger.dead_letters(store)] == ["a", "c"]
    assert ledger.drop(store) == 2
    assert ledger.dead_letters(store) == []
    assert ledger.pending_count(store) == 0
    run(store, "UPDATE supplier SET name = 'x' WHERE id = 'a'")
    assert claimable(store) == ["a"], "dropped until the supplier changes"


def test_only_the_dead_are_replayed_or_dropped(store: Engine) -> None:
    add(store, "a", "b")
    settle_all(store)
    run(store, "UPDATE supplier SET name = 'x' WHERE id = 'a'")
    assert ledger.replay(store) == ledger.drop(store, ["a", "b"]) == 0
    assert claimable(store) == ["a"]


def test_requeue_takes_a_new_revision(store: Engine) -> None:
    add(store, "a", "b", "c")
    run(store, "DELETE FROM supplier WHERE id = 'c'")
    settle_all(store)
    with queued(store) as change:
        ledger.requeue(store, ["c", "a", "ghost", "a"])
    assert change.deleted == {"a": False, "c": True, "ghost": True}
    assert claimable(store) == ["a", "c", "ghost"]
    revisions = [entry.revision for entry in entries(store).values()]
    assert len(set(revisions)) == len(revisions)
    assert max(revisions) <= ledger.raise_counter(store, 0)


def test_requeue_wakes_the_dead_and_keeps_the_lease(store: Engine) -> None:
    add(store, "a")
    (held,) = ledger.claim(store, 1, 60, NOW)
    ledger.requeue(store, ["a"])
    assert claimable(store) == []
    ledger.record_outcomes(store, [ChangeOutcome(held, WriteStatus.DEAD)])
    settle_all(store, WriteStatus.DEAD)
    assert ledger.dead_letters(store) != []
    ledger.requeue(store, ["a"])
    assert ledger.dead_letters(store) == []
    assert claimable(store) == ["a"]


def test_requeue_all_in_batches(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BATCH", 3)
    ids = [f"s{number}" for number in range(7)]
    add(store, *ids, "gone")
    run(store, "DELETE FROM supplier WHERE id = 'gone'")
    settle_all(store)
    with queued(store) as change:
        assert ledger.requeue_all(store) == 7
    assert change.ids == set(ids)


def test_the_counter_is_raised_and_never_lowered(store: Engine) -> None:
    """Met with the engine's version 1,000, the next revision must be above it."""
    add(store, "a")
    assert ledger.raise_counter(store, 1000) == 1000
    assert ledger.raise_counter(store, 10) == 1000
    assert ledger.raise_counter(store, 1000) == 1000
    with queued(store) as change:
        ledger.requeue(store, ["a"])
    assert change.ids == {"a"}
    assert entries(store)["a"].revision > 1000
    add(store, "b")
    assert entries(store)["b"].revision > entries(store)["a"].revision


def test_versions_fit_what_an_engine_takes(store: Engine) -> None:
    """64-bit signed, as Elasticsearch's external versions."""
    ledger.raise_counter(store, 2**62)
    add(store, "a")
    assert entries(store)["a"].revision == 2**62 + 1


@pytest.mark.postgresql
def test_raising_the_counter_while_others_draw(postgresql_store: Engine) -> None:
    """Between reading the sequence and setting it no one may draw: a setval could otherwise go
    back.
    """
    store = postgresql_store
    add(store, "a", "b")
    stop = threading.Event()
    seen: list[int] = []

    def write() -> None:
        while not stop.is_set():
            run(store, "UPDATE supplier SET turnover = coalesce(turnover, 0) + 1 WHERE id = 'a'")
            seen.append(entries(store)["a"].revision)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(50):
            above = ledger.raise_counter(store, 0) + 1
            assert ledger.raise_counter(store, above) >= above
    finally:
        stop.set()
        writer.join(30)
    assert seen == sorted(set(seen))


@pytest.mark.postgresql
def test_requeue_and_writers_do_not_deadlock(postgresql_store: Engine) -> None:
    """Both lock the ledger in the order of the ids."""
    store = postgresql_store
    ids = [f"s{number:02}" for number in range(30)]
    add(store, *ids)
    errors: list[BaseException] = []

    def attempt(action: str) -> None:
        try:
            for _ in range(20):
                if action == "requeue":
                    ledger.requeue(store, ids[::-1])
                else:
                    run(
                        store,
                        "INSERT INTO offer (supplier_id, name) SELECT id, 'x' FROM supplier ORDER BY id DESC",
                    )
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=attempt, args=(action,))
        for action in ("requeue", "write", "requeue")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert rows(store, "SELECT count(*) FROM offer") == [(600,)]


def test_a_repair_of_a_row_being_changed_waits_its_turn(sqlite_store: Engine) -> None:
    """SQLite has one writer: the repair follows the change, with the higher revision."""
    store = sqlite_store
    add(store, "a")
    with store.connect() as connection:
        connection.execute(text("UPDATE supplier SET name = 'x'"))
        thread = threading.Thread(target=ledger.requeue, args=(store, ["a"]))
        thread.start()
        connection.commit()
    thread.join(30)
    assert entries(store)["a"].revision == 3
