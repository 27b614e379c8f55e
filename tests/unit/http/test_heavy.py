"""Long answers: one at a time for an address, whichever worker it asks; few in a process; behind all others."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread

import pytest

from discovery.http.heavy import Heavy
from discovery.http.problems import Refused


def refused(heavy: Heavy, who: str) -> str:
    """The problem, "" when there was none."""
    try:
        with heavy.alone(who):
            return ""
    except Refused as error:
        return error.details.name if dict(error.details.headers)["Retry-After"] else "no word of when to come back"


def test_an_address_has_one_at_a_time() -> None:
    heavy = Heavy()
    with heavy.alone("192.0.2.1"):
        assert refused(heavy, "192.0.2.1") == "one_at_a_time"
        assert refused(heavy, "192.0.2.2") == ""
        assert refused(heavy, "192.0.2.1") == "one_at_a_time"
    assert refused(heavy, "192.0.2.1") == ""


def test_a_process_has_few_at_a_time_whoever_asks() -> None:
    heavy = Heavy(2)
    with ExitStack() as stack:
        for who in ("192.0.2.1", ""):
            stack.enter_context(heavy.alone(who))
        assert refused(heavy, "192.0.2.2") == refused(heavy, "") == "overloaded"
    assert refused(heavy, "192.0.2.2") == refused(heavy, "") == "", "who was refused holds nothing"


def test_one_that_failed_lets_go() -> None:
    heavy = Heavy()
    with pytest.raises(LookupError), heavy.alone("192.0.2.1"):
        raise LookupError
    assert refused(heavy, "192.0.2.1") == ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_another_worker_knows_of_it_and_takes_over_when_its_process_ends() -> None:
    heavy, context = Heavy(), multiprocessing.get_context("fork")
    began, told = context.Event(), context.Queue()

    def hold() -> None:
        with heavy.alone("192.0.2.1"):
            began.set()
            context.Event().wait(60)

    holder = context.Process(target=hold)
    holder.start()
    assert began.wait(30)
    assert (refused(heavy, "192.0.2.1"), refused(heavy, "192.0.2.2")) == ("one_at_a_time", "")
    holder.kill()
    holder.join(30)
    other = context.Process(target=lambda: told.put(refused(heavy, "192.0.2.1")))
    other.start()
    assert told.get(timeout=30) == ""
    other.join(30)


def busy(parts: int, seconds: float = 0.01) -> Iterator[int]:
    """Each takes the processor for a while."""
    for number in range(parts):
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass
        yield number


class TestCourtesy:
    """Parts of a long answer are made while nobody else is being answered, or slowly."""

    def test_those_who_are_answered_at_once_go_first(self) -> None:
        heavy, made = Heavy(), list[int]()
        heavy.comes()
        with heavy.alone("192.0.2.1"):
            parts = heavy.courteous(busy(3, 0.5))
            made.append(next(parts))
            heavy.comes()
            taker = Thread(target=lambda: made.extend(parts))
            taker.start()
            taker.join(0.2)
            assert made == [0]
            heavy.leaves()
            taker.join(30)
        assert made == list(range(3))

    def test_it_goes_on_however_many_come(self) -> None:
        heavy = Heavy()
        heavy.comes()
        with heavy.alone("192.0.2.1"):
            heavy.comes()
            assert list(heavy.courteous(busy(3))) == [0, 1, 2]

    def test_long_answers_are_none_that_others_wait_for(self) -> None:
        heavy = Heavy()
        for _ in range(2):
            heavy.comes()
        with heavy.alone("192.0.2.1"):
            assert not heavy.calm
            with heavy.alone("192.0.2.2"):
                assert heavy.calm
            assert not heavy.calm
