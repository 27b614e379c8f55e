"""What is kept never changes what is given, nor outgrows its room."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.segment import ENTRY_OVERHEAD, ByteBoundedLRU, room


@dataclass(frozen=True)
class Value:
    key: int
    nbytes: int


@dataclass
class Growing:
    nbytes: int = 10


def asked(kept: ByteBoundedLRU[int, Value], key: int, made: list[int], nbytes: int = 10) -> Value:
    def make() -> Value:
        made.append(key)
        return Value(key, nbytes)

    return kept.get(key, make)


def test_the_one_asked_for_longest_ago_goes_first() -> None:
    made: list[int] = []
    kept: ByteBoundedLRU[int, Value] = ByteBoundedLRU(80, around=0)
    for key in (1, 2, 3, 4, 5, 6, 7, 8, 1, 9):
        asked(kept, key, made)
    assert made == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    for key in (1, 4, 5, 6, 7, 8, 9, 2):
        asked(kept, key, made)
    assert made == [1, 2, 3, 4, 5, 6, 7, 8, 9, 2], "2 had gone, and 3, so that the next has room"


def test_entries_are_not_gone_through_for_each_new_one() -> None:
    """All of them were summed at every miss."""
    walks = 0

    class Counted(dict[int, tuple[Value, int]]):
        def values(self) -> Any:
            nonlocal walks
            walks += 1
            return super().values()

    kept: ByteBoundedLRU[int, Value] = ByteBoundedLRU(1_000, around=0)
    kept._held = Counted()
    for key in range(1_000):
        asked(kept, key, [])
    assert walks <= 1_000 / (100 / 8)


def test_a_value_larger_than_the_room_is_given_and_alone() -> None:
    made: list[int] = []
    kept: ByteBoundedLRU[int, Value] = ByteBoundedLRU(30, around=0)
    asked(kept, 1, made)
    assert asked(kept, 2, made, nbytes=1_000) == Value(2, 1_000)
    assert len(kept) == 1
    asked(kept, 1, made)
    assert (len(kept), made) == (1, [1, 2, 1])


@given(st.integers(0, 60), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 25)), max_size=40))
def test_whatever_is_asked_is_right_and_within_the_room(
    most: int, asks: list[tuple[int, int]]
) -> None:
    kept: ByteBoundedLRU[int, Value] = ByteBoundedLRU(most, around=0)
    sizes: dict[int, int] = {}
    for key, nbytes in asks:
        found = asked(kept, key, [], nbytes)
        assert found.key == key
        sizes[key] = found.nbytes
        held = [value for value, _ in kept._held.values()]
        assert found in held
        assert sum(one.nbytes for one in held) <= max(most, found.nbytes)


def test_values_without_arrays_take_room_too() -> None:
    """In an index of a dozen documents a million phrases would else be kept."""
    kept: ByteBoundedLRU[int, Value] = ByteBoundedLRU(room(12))
    for key in range(10_000):
        asked(kept, key, [], nbytes=12)
    assert len(kept) <= room(12) / ENTRY_OVERHEAD


def test_a_value_that_grew_counts_as_it_is() -> None:
    kept: ByteBoundedLRU[int, Growing] = ByteBoundedLRU(100, around=0)
    grown = kept.get(1, Growing)
    grown.nbytes = 90
    kept.get(1, Growing)
    kept.get(2, Growing)
    kept.get(3, Growing)
    assert kept.get(1, Growing) is not grown


def test_threads_get_the_value_of_their_key() -> None:
    kept: ByteBoundedLRU[int, Value] = ByteBoundedLRU(25, around=0)

    def many(seed: int) -> list[bool]:
        return [
            asked(kept, key, []).key == key
            for key in (number * seed % 7 for number in range(2_000))
        ]

    with ThreadPoolExecutor(4) as pool:
        assert all(all(one) for one in pool.map(many, (1, 2, 3, 5)))
    assert len(kept) <= 2 + 4, "each thread may have put back one that another did not see"
