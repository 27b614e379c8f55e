"""Turns among equals: drawn the same anywhere, by one lot and by an array of them, and fair over
the days.
"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.port import BITS, Rotation, drawn, lot

SEEDS = st.text(max_size=20)


@given(st.lists(st.text(max_size=12), max_size=20), SEEDS)
def test_an_array_of_lots_is_placed_as_each_of_them(ids: list[str], seed: str) -> None:
    lots, rotation = [lot(one) for one in ids], drawn(seed)
    assert rotation.place(np.array(lots, dtype=np.int64)).tolist() == [
        rotation.place(one) for one in lots
    ]


def test_the_first_bit_that_differs_tells_and_a_turned_one_the_other_way_round() -> None:
    plain = Rotation((3, *(bit for bit in range(BITS) if bit != 3)), 0)
    assert plain.place(0b0001) < plain.place(0b1000)
    assert Rotation(plain.bits, 0b1000).place(0b0001) > Rotation(plain.bits, 0b1000).place(0b1000)


def test_the_same_seed_draws_the_same_on_any_machine_and_another_another() -> None:
    assert drawn("2026-03-01 nettoyage") == Rotation(
        (12, 9, 7, 8, 15, 10, 13, 1, 14, 4, 6, 5, 11, 3, 0, 2), 33013
    )
    assert drawn("2026-03-02 nettoyage") != drawn("2026-03-01 nettoyage")


@pytest.mark.parametrize("equals", [2, 3, 10])
def test_each_of_some_equals_comes_first_about_as_often(equals: int) -> None:
    """Over 1,000 days, of ten sets of suppliers: each by less than half more or less than its
    share, nearly.
    """
    days = [drawn(f"{day} nettoyage") for day in range(1_000)]
    lots = np.array(
        [[lot(f"sample-{group * 100 + at:06}") for at in range(equals)] for group in range(10)],
        np.int64,
    )
    first = Counter(
        pair
        for rotation in days
        for pair in enumerate(rotation.place(lots).argmin(axis=1).tolist())
    )
    shares = [
        first[group, one] * equals / len(days) for group in range(10) for one in range(equals)
    ]
    assert min(shares) > 0.3
    assert max(shares) < 2
    assert sum(0.5 <= share <= 1.5 for share in shares) > 0.9 * len(shares)
