"""The sign test against its definition, counted out in whole numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.relevance.sign_test import ALPHA, POWER, needed, p_value, power

counts = st.integers(0, 60)


def counted(one: int, other: int) -> Fraction:
    """Of all ways in which equals may win so many times, those as uneven or more so."""
    times, least = one + other, min(one, other)
    return min(Fraction(1), Fraction(2 * sum(comb(times, wins) for wins in range(least + 1)), 2**times))


@given(counts, counts)
def test_the_p_value_is_the_counted_one_and_the_same_from_either_side(one: int, other: int) -> None:
    assert p_value(one, other) == pytest.approx(float(counted(one, other)))
    assert p_value(one, other) == p_value(other, one)


@given(st.integers(1, 60), st.integers(1, 99))
def test_the_power_is_the_chance_of_what_the_test_tells(times: int, percent: int) -> None:
    share = percent / 100
    told = [wins for wins in range(times + 1) if counted(wins, times - wins) < ALPHA]
    expected = sum(comb(times, wins) * share**wins * (1 - share) ** (times - wins) for wins in told)
    assert power(times, share) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("share", [0.51, 0.525, 0.55, 0.6, 0.75, 0.95, 0.3])
def test_what_is_needed_is_enough_and_little_more(share: float) -> None:
    times = needed(share)
    assert power(times, share) >= POWER
    assert power(round(times * 0.9) - 5, share) < POWER


def test_known_figures() -> None:
    """3,137 by the formula for 52.5 %: Fleiss gives (1.96 · 0.5 + 0.8416 · 0.4994)² / 0.025²."""
    assert 3_130 < needed(0.525) < 3_220
    assert p_value(0, 0) == 1
    assert p_value(0, 6) == pytest.approx(2 / 64)


def test_nothing_tells_equals_apart() -> None:
    with pytest.raises(ValueError, match="equals"):
        needed(0.5)
    assert power(2_000, 0.5) <= ALPHA
