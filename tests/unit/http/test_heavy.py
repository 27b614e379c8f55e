"""Long answers: one at a time for an address, whichever worker it asks, and few at a time in a process."""

from __future__ import annotations

import multiprocessing
from contextlib import ExitStack

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
