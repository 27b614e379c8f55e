"""Counting in memory: as in Redis, bounded, and at the same cost however many ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse

from discovery.http.counters import MemoryWindow

FIVE = parse("5/minute")


class Clock:
    now = 600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allowed(window: MemoryWindow, times: int, who: str = "a") -> int:
    return sum(window.hit(FIVE, who) for _ in range(times))


def test_a_window_forgets_little_by_little(clock: Clock) -> None:
    window = MemoryWindow(clock=clock)
    assert allowed(window, 9) == 5
    assert window.get_window_stats(FIVE, "a").remaining == 0
    clock.now += 60
    assert allowed(window, 9) == 0, "the window before still weighs whole"
    clock.now += 30
    assert allowed(window, 9) == 2
    clock.now += 120
    assert allowed(window, 9) == 5


def test_what_was_spent_counts_whole_until_the_next_window(clock: Clock) -> None:
    window = MemoryWindow(clock=clock)
    window.spend(FIVE, 4, "a")
    assert window.unspent(FIVE, "a").remaining == 1
    window.spend(FIVE, 40, "a")
    assert window.unspent(FIVE, "a") == (660.0, 0)
    clock.now += 60
    assert window.unspent(FIVE, "a").remaining == 5


def test_two_hundred_thousand_addresses_take_no_more_room_than_it_has(clock: Clock) -> None:
    window = MemoryWindow(most=1_000, clock=clock)
    for number in range(200_000):
        window.hit(FIVE, "api", str(number))
        assert len(window) <= 1_000
    assert len(window) == 1_000


def test_who_comes_again_is_not_forgotten_for_those_who_came_once(clock: Clock) -> None:
    window = MemoryWindow(most=100, clock=clock)
    assert allowed(window, 5) == 5
    for number in range(10_000):
        window.hit(FIVE, str(number))
        if number % 50 == 0:
            assert not window.hit(FIVE, "a")


def test_a_request_costs_the_same_however_many_addresses_came(clock: Clock) -> None:
    """Nothing walks through what is held: only the counts touched are looked at."""

    class Counted(dict[int, tuple[int, int, int]]):
        walked = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            for key in super().__iter__():
                Counted.walked += 1
                yield key

    window = MemoryWindow(most=2_000, clock=clock)
    window._held = Counted()
    for number in range(10_000):
        window.hit(FIVE, str(number))
    assert Counted.walked <= 10_000


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 45)), max_size=80))
def test_no_window_holds_more_than_the_limit_and_its_weight(asked: list[tuple[str, float]]) -> None:
    clock = Clock()
    window = MemoryWindow(clock=clock)
    passed: dict[tuple[str, int], int] = {}
    for who, pause in asked:
        clock.now += pause
        if window.hit(FIVE, who):
            key = who, int(clock.now // 60)
            passed[key] = passed.get(key, 0) + 1
        assert 0 <= window.get_window_stats(FIVE, who).remaining <= FIVE.amount
    assert all(count <= FIVE.amount for count in passed.values())
