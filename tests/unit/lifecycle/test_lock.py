"""One at a time makes indices; of one that died the lock is taken once it ran out. The tests own
the clock.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest

from discovery.engine.catalog import Note, Slot
from discovery.engine.port import EngineUnavailable
from indexer.context import Context
from indexer.lock import LockHeldError, LockLostError, acquire, holder_of, locked

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slot(context: Context) -> Slot:
    return context.catalog.lock


# The note that processes share


def test_a_note_is_changed_only_by_one_who_has_seen_it(slot: Slot) -> None:
    nothing, empty = slot.read()
    assert nothing is None
    assert slot.write({"n": 1}, empty)
    assert not slot.write({"n": 2}, empty), "somebody was quicker"
    note, first = slot.read()
    assert note == {"n": 1}
    assert slot.write({"n": 3}, first)
    assert not slot.write(None, first)
    note, third = slot.read()
    assert note == {"n": 3}
    assert slot.write(None, third)
    assert slot.read()[0] is None
    assert not slot.write({"n": 4}, third), "what is gone can't be replaced"


def test_the_journal_keeps_the_order_of_time(context: Context) -> None:
    journal = context.catalog.journal
    for second in (3, 1, 2):
        journal.append({"at": (START + timedelta(seconds=second)).isoformat(), "n": second})
    assert [note["n"] for note in journal.last(10)] == [1, 2, 3]
    assert [note["n"] for note in journal.last(2)] == [2, 3]


# The lock


def test_one_holds_it_and_the_other_is_told_who_and_since_when(slot: Slot, clock: Clock) -> None:
    lock = acquire(slot, "rebuild", clock=clock, seconds=60)
    clock.forward(59)
    with pytest.raises(LockHeldError) as told:
        acquire(slot, "rollback", clock=clock)
    assert (
        f"rebuild by process {lock.holder.pid} on {lock.holder.host} since 2026-01-02 03:04:05 UTC"
        in str(told.value)
    )
    lock.release()
    assert slot.read()[0] is None
    acquire(slot, "rollback", clock=clock)


def test_it_is_taken_from_the_dead_once_it_ran_out(slot: Slot, clock: Clock) -> None:
    dead = acquire(slot, "rebuild", clock=clock, seconds=60)
    clock.forward(60)
    thief = acquire(slot, "rebuild", clock=clock)
    with pytest.raises(LockLostError):
        dead.renew()
    dead.release()
    assert holder_of(slot.read()[0]) == thief.holder, "what is another's is not given back"


def test_a_lock_of_a_clock_that_was_wrong_is_taken(slot: Slot, clock: Clock) -> None:
    """It would hold until next year; and who held it is told, should it still be at work."""
    clock.forward(365 * 86400)
    wrong = acquire(slot, "rebuild", clock=clock, seconds=60)
    clock.forward(-365 * 86400)
    acquire(slot, "rebuild", clock=clock)
    with pytest.raises(LockLostError):
        wrong.renew()


def test_renewed_it_holds_on(slot: Slot, clock: Clock) -> None:
    lock = acquire(slot, "rebuild", clock=clock, seconds=60)
    for _ in range(5):
        clock.forward(50)
        lock.renew()
    with pytest.raises(LockHeldError, match=START.strftime("%H:%M:%S")):
        acquire(slot, "rebuild", clock=clock)


def test_it_is_renewed_when_it_ran_out_and_nobody_took_it(slot: Slot, clock: Clock) -> None:
    lock = acquire(slot, "rebuild", clock=clock, seconds=60)
    clock.forward(600)
    lock.renew()
    with pytest.raises(LockHeldError):
        acquire(slot, "rebuild", clock=clock)


def test_of_many_thieves_one_gets_it(slot: Slot, clock: Clock) -> None:
    acquire(slot, "rebuild", clock=clock, seconds=60)
    clock.forward(61)
    together = Barrier(6, timeout=60)

    def steal(_: int) -> bool:
        together.wait()
        try:
            acquire(slot, "rebuild", clock=clock)
        except LockHeldError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(steal, range(6))).count(True) == 1


class Failing:
    """A slot whose engine is away for a while."""

    def __init__(self, slot: Slot, tell: Callable[[], None]) -> None:
        self._slot = slot
        self._tell = tell
        self.away = False

    def read(self) -> tuple[Note | None, object]:
        if self.away:
            self.away = False
            raise EngineUnavailable("away")
        return self._slot.read()

    def write(self, note: Note | None, mark: object) -> bool:
        done = self._slot.write(note, mark)
        self._tell()
        return done


def test_it_is_renewed_in_the_background_even_after_a_failure(slot: Slot, clock: Clock) -> None:
    renewed = Event()
    failing = Failing(slot, renewed.set)
    with locked(failing, "rebuild", clock=clock, seconds=0.03) as lock:
        failing.away = True
        clock.forward(0.02)
        for _ in range(2):  # the first may have looked at the clock before
            renewed.clear()
            assert renewed.wait(60)
        holder = holder_of(slot.read()[0])
        assert holder is not None
        assert (holder.token, holder.until) == (
            lock.holder.token,
            clock() + timedelta(seconds=0.03),
        )
