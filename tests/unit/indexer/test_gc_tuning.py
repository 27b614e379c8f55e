"""Collected rarely for as long as the work lasts, and as before once it ends, however it ends."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from indexer.gc_tuning import YOUNG, collect_rarely, collected_rarely


class Knot:
    """What only the garbage collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_afterwards_it_is_as_before_even_when_the_work_fails() -> None:
    gc.set_threshold(500, 7, 9)
    with collected_rarely():
        assert gc.get_threshold()[0] == YOUNG
        with collected_rarely():
            assert gc.get_threshold()[0] == YOUNG
        assert gc.get_threshold()[0] == YOUNG
    assert gc.get_threshold() == (500, 7, 9)
    with pytest.raises(ValueError, match="broken"), collected_rarely():
        raise ValueError("broken")
    assert gc.get_threshold() == (500, 7, 9)


@pytest.mark.slow
def test_a_process_of_its_own_leaves_what_it_loaded_out_and_still_finds_new_cycles() -> None:
    gc.enable()  # a `discovery serve` refused in this process left it off
    collect_rarely()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == YOUNG
    knots = [weakref.ref(Knot()) for _ in range(3 * YOUNG)]
    assert sum(one() is not None for one in knots) <= 2 * YOUNG
