"""Turns among equals: drawn alike by plain Python, by arrays and, as the contract shows, by Elasticsearch's script."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.score import _turns
from discovery.engine.port import RotationSignal
from discovery.engine.rotation import hashed, share
from discovery.search.plan import seed

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("text", "java"), [("", 0), ("a", 97), ("Hello", 69_609_650), ("polygenelubricants", 2**31)])
def test_the_hash_is_javas(text: str, java: int) -> None:
    assert hashed(text) == java % 2**32


@given(st.text(max_size=30), SEEDS)
def test_a_share_is_at_least_0_and_less_than_1(id_: str, drawn: int) -> None:
    assert 0 <= share(hashed(id_), drawn) < 1


@given(st.lists(st.text(max_size=12), max_size=20), SEEDS, st.floats(0.001, 1))
def test_arrays_draw_the_same(ids: list[str], drawn: int, weight: float) -> None:
    hashes = np.array([hashed(one) for one in ids], dtype=np.uint32)
    assert _turns(hashes, RotationSignal(weight, drawn)).tolist() == pytest.approx(
        [weight * share(int(one), drawn) for one in hashes]
    )


def test_each_of_ten_equals_comes_first_as_often() -> None:
    """Over 2,000 days: 200 each, give or take what chance gives (chi-squared, 9 degrees, p > 0.001)."""
    ids = [hashed(f"supplier-{number:05}") for number in range(10)]
    days = [seed(date(2026, 1, 1) + timedelta(days=one), None, ()) for one in range(2_000)]
    first = Counter(max(ids, key=lambda one: share(one, drawn)) for drawn in days)
    assert sum((first[one] - 200) ** 2 / 200 for one in ids) < 27.9


def test_another_day_or_another_search_is_another_draw_and_the_same_one_is_the_same() -> None:
    day = date(2026, 3, 1)
    assert seed(day, None, ()) == seed(day, None, ())
    assert seed(day, None, ()) != seed(day + timedelta(days=1), None, ())
