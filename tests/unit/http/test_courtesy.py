"""Parts of long work are made while nobody has something short to do, or slowly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Thread

import pytest

from discovery.http.courtesy import Courtesy


def busy(parts: int, seconds: float = 0.01) -> Iterator[int]:
    """Each takes the processor for a while."""
    for number in range(parts):
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass
        yield number


def test_short_work_goes_first() -> None:
    courtesy, made = Courtesy(), list[int]()
    parts = courtesy.standing_aside(busy(3, 0.5))
    made.append(next(parts))
    courtesy.comes()
    courtesy.comes()
    taker = Thread(target=lambda: made.extend(parts))
    taker.start()
    courtesy.leaves()
    taker.join(0.2)
    assert made == [0], "one has still something to do"
    courtesy.leaves()
    taker.join(30)
    assert made == [0, 1, 2]


@pytest.mark.parametrize("others", [0, 1, 5])
def test_long_work_goes_on_however_many_come(others: int) -> None:
    courtesy = Courtesy()
    for _ in range(others):
        courtesy.comes()
    assert list(courtesy.standing_aside(busy(3))) == [0, 1, 2]


def test_what_is_made_of_nothing_is_nothing() -> None:
    assert list(Courtesy().standing_aside(iter(()))) == []
