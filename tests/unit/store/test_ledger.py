"""Claims and settlements, with the clock in the test's hands."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from discovery.engine.port import WriteStatus
from indexer.store import ledger
from indexer.store.engine import reading
from indexer.store.ledger import ChangeOutcome, Claim
from indexer.store.observations import figures
from tests.unit.store.support import LATER, NOW, add, entries, rows, run, wait_for_a_lock

LEASE = 60.0
AFTER = NOW + timedelta(seconds=LEASE)


def claim(store: Engine, limit: int = 10, now: datetime = NOW) -> list[Claim]:
    return ledger.claim(store, limit, LEASE, now)


def one(store: Engine, now: datetime = NOW) -> Claim:
    (found,) = claim(store, now=now)
    return found


def settle(store: Engine, *outcomes: ChangeOutcome) -> Counter[str]:
    return ledger.record_outcomes(store, outcomes)


def change(store: Engine, supplier_id: str = "a") -> None:
    run(
        store,
        "UPDATE supplier SET turnover = coalesce(turnover, 0) + 1 WHERE id = :id",
        id=supplier_id,
    )


def test_nothing_to_claim(store: Engine) -> None:
    assert claim(store) == []
    assert ledger.pending_count(store) == 0
    assert figures(store, NOW).oldest is None
    assert ledger.record_outcomes(store, []) == Counter()
    assert ledger.expire(store, NOW) == 0


def test_a_claim_says_what_and_at_which_revision(store: Engine) -> None:
    add(store, "a", "b")
    run(store, "DELETE FROM supplier WHERE id = 'b'")
    found = claim(store)
    known = entries(store)
    assert [(each.supplier_id, each.revision, each.deleted, each.attempts) for each in found] == [
        ("a", known["a"].revision, False, 1),
        ("b", known["b"].revision, True, 1),
    ]
    assert len({each.token for each in found}) == 1


def test_the_longest_unchanged_first_and_no_more_than_asked(store: Engine) -> None:
    add(store, "a", "b", "c", "d")
    change(store, "a")
    assert [each.supplier_id for each in claim(store, 2)] == ["b", "c"]
    assert [each.supplier_id for each in claim(store, 2)] == ["d", "a"]
    assert claim(store) == []


def test_a_leased_row_is_claimed_again_only_when_its_time_is_over(store: Engine) -> None:
    add(store, "a")
    first = one(store)
    assert claim(store, now=AFTER - timedelta(microseconds=1)) == []
    second = one(store, now=AFTER)
    assert second.attempts == 2
    assert second.token != first.token
    assert second.revision == first.revision


@pytest.mark.parametrize("result", [WriteStatus.INDEXED, WriteStatus.DELETED, WriteStatus.STALE])
def test_settled_for_good(store: Engine, result: WriteStatus) -> None:
    add(store, "a")
    found = one(store)
    assert settle(store, ChangeOutcome(found, result)) == Counter(**{result.value: 1})
    assert ledger.pending_count(store) == 0
    assert claim(store, now=LATER) == []
    assert rows(
        store,
        "SELECT settled_revision = revision, lease_token, lease_until, attempts FROM change_ledger",
    ) == [(True, None, None, 0)]


@pytest.mark.parametrize("result", WriteStatus)
def test_a_change_while_claimed_is_claimable_once_settled(
    store: Engine, result: WriteStatus
) -> None:
    """Whatever became of the older content: it says nothing of the newer."""
    add(store, "a")
    found = one(store)
    change(store)
    assert claim(store) == [], "two workers never hold one supplier"
    outcome = ChangeOutcome(found, result, error="too slow", not_before=LATER)
    assert settle(store, outcome) == Counter(**{result.value: 1})
    again = one(store)
    assert again.revision == entries(store)["a"].revision > found.revision
    assert again.attempts == 1


def test_retry_waits_for_its_time_and_remembers(store: Engine) -> None:
    add(store, "a")
    outcome = ChangeOutcome(
        one(store), WriteStatus.RETRY, error="503: the engine is busy", not_before=LATER
    )
    assert settle(store, outcome) == Counter(retry=1)
    assert ledger.pending_count(store) == 1
    assert claim(store, now=LATER - timedelta(microseconds=1)) == []
    assert rows(store, "SELECT error FROM change_ledger") == [("503: the engine is busy",)]
    again = one(store, now=LATER)
    assert again.attempts == 2
    settle(store, ChangeOutcome(again, WriteStatus.INDEXED))
    assert rows(store, "SELECT error, not_before, attempts FROM change_ledger") == [(None, None, 0)]


def test_a_change_does_not_wait_for_the_retry(store: Engine) -> None:
    add(store, "a")
    settle(store, ChangeOutcome(one(store), WriteStatus.RETRY, error="x", not_before=LATER))
    change(store)
    assert one(store).attempts == 1


def test_dead_is_not_pending_until_the_supplier_changes(store: Engine) -> None:
    add(store, "a")
    found = one(store)
    assert settle(store, ChangeOutcome(found, WriteStatus.DEAD, error="field too long")) == Counter(
        dead=1
    )
    assert ledger.pending_count(store) == 0
    assert claim(store, now=LATER) == []
    change(store)
    assert ledger.pending_count(store) == 1
    assert one(store).attempts == 1


def test_a_worker_that_lost_its_lease_settles_nothing(store: Engine) -> None:
    add(store, "a")
    late = one(store)
    holder = one(store, now=AFTER)
    for result in WriteStatus:
        assert settle(store, ChangeOutcome(late, result)) == Counter(lost=1)
    assert ledger.pending_count(store) == 1
    assert settle(store, ChangeOutcome(holder, WriteStatus.INDEXED)) == Counter(indexed=1)
    assert settle(store, ChangeOutcome(holder, WriteStatus.INDEXED)) == Counter(lost=1), (
        "a lease is used once"
    )


def test_an_unknown_supplier_is_lost(store: Engine) -> None:
    stranger = Claim("nobody", 1, False, 1, "token")
    assert settle(store, ChangeOutcome(stranger, WriteStatus.INDEXED)) == Counter(lost=1)


def test_two_outcomes_for_one_supplier_are_a_mistake(store: Engine) -> None:
    add(store, "a")
    found = one(store)
    with pytest.raises(ValueError, match="two outcomes for a"):
        settle(
            store,
            ChangeOutcome(found, WriteStatus.INDEXED),
            ChangeOutcome(found, WriteStatus.STALE),
        )


def test_expire_frees_what_the_dead_held(store: Engine) -> None:
    add(store, "a", "b")
    (held,) = claim(store, 1)
    assert ledger.expire(store, AFTER - timedelta(microseconds=1)) == 0
    assert ledger.expire(store, AFTER) == 1
    assert ledger.expire(store, AFTER) == 0
    assert settle(store, ChangeOutcome(held, WriteStatus.INDEXED)) == Counter(lost=1)
    assert {each.supplier_id for each in claim(store)} == {"a", "b"}


def test_oldest_pending(store: Engine) -> None:
    add(store, "a", "b")
    run(
        store,
        "UPDATE change_ledger SET queued_at = '2026-02-01 10:00:00+00' WHERE supplier_id = 'a'",
    )
    found = figures(store, NOW).oldest
    assert found is not None
    assert found.isoformat() == "2026-02-01T10:00:00+00:00"
    oldest = next(each for each in claim(store) if each.supplier_id == "a")
    settle(store, ChangeOutcome(oldest, WriteStatus.INDEXED))
    rest = figures(store, NOW).oldest
    assert rest is not None
    assert rest > found


def test_revisions_of_the_living_and_the_dead(store: Engine) -> None:
    add(store, "a", "b")
    run(store, "DELETE FROM supplier WHERE id = 'a'")
    known = entries(store)
    with reading(store) as connection:
        found = ledger.revisions(connection, ["a", "b", "nobody"])
    assert found == {"a": known["a"].revision, "b": known["b"].revision}


def test_a_pending_row_is_found_by_its_index(sqlite_store: Engine) -> None:
    """Among millions of settled rows a claim must not look at each: the partial index is really
    used.
    """
    seen: list[str] = []
    with sqlite_store.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.set_trace_callback(seen.append)
    claim(sqlite_store)
    ledger.pending_count(sqlite_store)
    assert raw is not None
    raw.set_trace_callback(None)
    statements = [each for each in seen if "change_ledger" in each]
    assert len(statements) == 2
    for statement in statements:
        with sqlite_store.connect() as connection:
            plan = connection.execute(
                text("EXPLAIN QUERY PLAN " + statement.replace(":", "\\:"))
            ).all()
        assert any("ix_change_ledger_pending" in str(step) for step in plan), plan


@pytest.mark.postgresql
def test_a_settlement_does_not_wait_behind_a_writer(
    postgresql_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of a supplier that an open transaction is changing is left; the others are settled
    meanwhile.
    """
    monkeypatch.setattr(ledger, "LOCK_PATIENCE_MS", 100)
    store = postgresql_store
    add(store, "a", "b")
    found = claim(store)
    with store.connect() as writer:
        writer.execute(text("UPDATE supplier SET name = 'x' WHERE id = 'a'"))
        counts = ledger.record_outcomes(
            store, [ChangeOutcome(each, WriteStatus.INDEXED) for each in found]
        )
        assert counts == Counter(indexed=1, lost=1)
        assert claim(store) == [], "nor does a claim wait, or take the row"
        writer.commit()
    assert one(store, now=AFTER).supplier_id == "a"


def test_backoff_by_hand() -> None:
    assert [ledger.backoff(attempts, 0.0) for attempts in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, 8.0]
    assert [ledger.backoff(attempts, 0.5) for attempts in (1, 2, 3)] == [1.5, 3.0, 6.0]
    assert ledger.backoff(50, 0.0) == 1800.0


@pytest.mark.parametrize("attempts", [0, -1])
def test_backoff_counts_from_one(attempts: int) -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        ledger.backoff(attempts, 0.5)


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(seconds=3 * LEASE)])
def test_a_lease_of_a_clock_that_was_wrong_is_over(store: Engine, ahead: timedelta) -> None:
    add(store, "a", "b")
    taken = claim(store, now=NOW + ahead)
    assert len(taken) == 2
    assert figures(store, NOW).leased == 0
    assert ledger.expire(store, NOW) == 2
    again = claim(store)
    assert {one.supplier_id for one in again} == {"a", "b"}
    # Who held them then, in the future, has lost them: what it did is put right by who holds them
    # now.
    settled = ledger.record_outcomes(
        store, [ChangeOutcome(one, WriteStatus.INDEXED) for one in taken]
    )
    assert settled["lost"] == 2


def test_a_clock_that_is_a_little_ahead_keeps_its_lease(store: Engine) -> None:
    """Of machines whose clocks differ by less than a lease, none takes another's work."""
    add(store, "a")
    assert claim(store, now=NOW + timedelta(seconds=LEASE / 2))
    assert claim(store) == []
    assert ledger.expire(store, NOW) == 0


def test_what_waits_too_long(store: Engine) -> None:
    add(store, "a", "b")
    run(
        store,
        "UPDATE change_ledger SET queued_at = :at",
        at=(NOW - timedelta(minutes=16)).replace(tzinfo=None),
    )
    assert figures(store, NOW).late == 2
    assert figures(store, NOW - timedelta(minutes=2)).late == 0
    for one in claim(store):
        ledger.record_outcomes(store, [ChangeOutcome(one, WriteStatus.INDEXED)])
    assert figures(store, NOW).late == 0


@pytest.mark.postgresql
def test_a_settlement_waits_for_a_writer_that_soon_ends(
    postgresql_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LOCK_PATIENCE_MS", 60_000)
    store = postgresql_store
    add(store, "a")
    outcome = ChangeOutcome(one(store), WriteStatus.INDEXED)
    with store.connect() as writer, ThreadPoolExecutor(1) as pool:
        writer.execute(text("UPDATE supplier SET name = 'x' WHERE id = 'a'"))
        settling = pool.submit(settle, store, outcome)
        wait_for_a_lock(store, or_else=settling.done)
        writer.commit()
        assert settling.result(timeout=60) == Counter(indexed=1)
