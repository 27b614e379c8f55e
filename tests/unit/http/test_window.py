"""Counting in memory: as in Redis, bounded, and at the same cost however many ask."""

import pytest
from limits import parse

from discovery.http.limits import Counters, MemoryStorage

FIVE = parse("5/minute")


class Clock:
    now = 600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_window_begins_with_its_first_request_and_ends_whole(clock: Clock) -> None:
    counters = Counters(clock=clock)
    counts = [counters.count(FIVE, "a") for _ in range(7)]
    assert [(one.allowed, one.remaining, one.reset) for one in counts if one] == [
        (True, 4, 60), (True, 3, 60), (True, 2, 60), (True, 1, 60), (True, 0, 60), (False, 0, 60), (False, 0, 60)
    ]  # fmt: skip
    clock.now += 59
    refused, other = counters.count(FIVE, "a"), counters.count(FIVE, "b")
    assert refused is not None
    assert (refused.allowed, refused.reset) == (False, 1), (
        "whoever goes on asking is not kept out for longer"
    )
    assert other is not None
    assert (other.allowed, other.reset) == (True, 60)
    clock.now += 1
    again = counters.count(FIVE, "a")
    assert again is not None
    assert (again.allowed, again.remaining) == (True, 4)


def test_what_was_spent_counts_whole_until_the_window_ends(clock: Clock) -> None:
    counters = Counters(clock=clock)
    for cost, allowed in ((4, True), (1, False), (40, False)):
        counters.spend(FIVE, cost, "a")
        left = counters.unspent(FIVE, "a")
        assert left is not None
        assert left.allowed is allowed
    clock.now += 60
    left = counters.unspent(FIVE, "a")
    assert left is not None
    assert (left.allowed, left.remaining) == (True, 4)


def test_twenty_thousand_addresses_take_no_more_room_than_it_has(clock: Clock) -> None:
    storage = MemoryStorage(most=1_000, clock=clock)
    for number in range(20_000):
        storage.incr(str(number), 60)
        assert len(storage) <= 1_000
    assert len(storage) == 1_000


def test_who_comes_again_is_not_forgotten_for_those_who_came_once(clock: Clock) -> None:
    storage = MemoryStorage(most=100, clock=clock)
    for number in range(10_000):
        storage.incr(str(number), 60)
        if number % 50 == 0:
            storage.incr("a", 60)
    assert storage.get("a") == 200


def test_a_request_costs_the_same_however_many_addresses_came(clock: Clock) -> None:
    """Nothing walks through what is held: only the counts touched are looked at."""

    class Counted(dict[int, tuple[float, int]]):
        walked = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            for key in super().__iter__():
                Counted.walked += 1
                yield key

    storage = MemoryStorage(most=2_000, clock=clock)
    storage._held = Counted()
    for number in range(10_000):
        storage.incr(str(number), 60)
    assert Counted.walked <= 10_000
