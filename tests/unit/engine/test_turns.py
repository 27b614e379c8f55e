"""Whose turn it is: one at a time, answers before what has time, and nobody for ever last."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from discovery.engine import turns
from discovery.engine.turns import Turns


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def waiting(pool: ThreadPoolExecutor, of: Turns, told: list[str], name: str, *, patient: bool) -> Future[None]:
    """Somebody who waits for a turn, and tells when it came."""
    began = Event()

    def take() -> None:
        began.set()
        with of.taken(patient=patient):
            told.append(name)

    future = pool.submit(take)
    assert began.wait(30)
    return future


def test_one_at_a_time(pool: ThreadPoolExecutor) -> None:
    of, at_work, most = Turns(), 0, 0

    def work(number: int) -> None:
        nonlocal at_work, most
        with of.taken(patient=number % 2 == 0):
            at_work += 1
            most = max(most, at_work)
            at_work -= 1

    list(pool.map(work, range(400)))
    assert (most, at_work) == (1, 0)


def test_who_answers_goes_before_who_has_time(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 30.0)
    of, told = Turns(), list[str]()
    with of.taken():
        others = [waiting(pool, of, told, "export", patient=True), waiting(pool, of, told, "search", patient=False)]
        while of._waiting < 1:
            Event().wait(0.01)
    for one in others:
        one.result(30)
    assert told == ["search", "export"]


def test_who_has_time_goes_on_however_many_answer(pool: ThreadPoolExecutor) -> None:
    of, told, stop = Turns(), list[str](), Event()

    def answer() -> None:
        while not stop.is_set():
            with of.taken():
                pass

    answering = [pool.submit(answer) for _ in range(4)]
    waiting(pool, of, told, "export", patient=True).result(30)
    stop.set()
    for one in answering:
        one.result(30)
    assert told == ["export"]


def test_a_turn_ends_with_an_error(pool: ThreadPoolExecutor) -> None:
    of = Turns()
    with pytest.raises(LookupError), of.taken():
        raise LookupError
    with of.taken():
        pass


@pytest.mark.parametrize("patient", [True, False])
def test_whoever_has_a_turn_has_it_within(pool: ThreadPoolExecutor, patient: bool) -> None:
    of, told = Turns(), list[str]()
    with of.taken():
        with of.taken(patient=patient):
            other = waiting(pool, of, told, "other", patient=False)
        assert told == [], "until the first one's end"
    other.result(30)
    assert told == ["other"]
