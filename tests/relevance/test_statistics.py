"""The permutation test against scipy's; overlap of rankings against published values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import some
from tests.tables import cases
from tools.judge.statistics import EXACT_UP_TO, interval, jaccard, permutation_p, rbo

rankings = st.lists(st.sampled_from("abcdefghijklmno"), unique=True, max_size=12)
differences = st.lists(st.integers(-100, 100).map(lambda one: one / 100), min_size=2, max_size=40)


def scipy_p(values: list[float]) -> float:
    """scipy's paired test of the sums; exact for as few pairs as these."""
    from scipy.stats import permutation_test  # takes a second, of each process that collects

    zeros = [0.0] * len(values)
    found = permutation_test(
        (values, zeros),
        lambda x, y, axis: (x - y).sum(axis=axis),
        permutation_type="samples",
        n_resamples=30_000,
        rng=7,
    )
    return float(found.pvalue)


@pytest.mark.slow
@pytest.mark.parametrize("values", cases(__file__, "few_pairs_are_tried_exactly"))
def test_few_pairs_are_tried_exactly(values: list[float]) -> None:
    assert permutation_p(values) == pytest.approx(scipy_p(values))


@pytest.mark.slow
def test_many_pairs_are_drawn() -> None:
    """Within three standard errors of ours; scipy draws three times as many."""
    values = [math.sin(number) / 3 + 0.06 for number in range(40)]
    ours, theirs = permutation_p(values), scipy_p(values)
    assert len(values) > EXACT_UP_TO
    assert ours == pytest.approx(theirs, abs=3 * math.sqrt(theirs / 10_000))
    assert ours == permutation_p(values)


@given(differences)
def test_p_is_a_share_and_knows_no_direction(values: list[float]) -> None:
    rounds = some(400)
    p = permutation_p(values, rounds=rounds)
    assert 0 < p <= 1
    if sum(one != 0 for one in values) <= EXACT_UP_TO:
        assert p == pytest.approx(permutation_p([-one for one in values], rounds=rounds))


def test_queries_that_did_not_move_prove_nothing() -> None:
    assert permutation_p([0.0] * 50) == 1
    assert permutation_p([0.1, 0.2, 0.3, *[0.0] * 50]) == permutation_p([0.1, 0.2, 0.3])


# RBO: the extrapolated value of Webber, Moffat and Zobel (2010), also that of the R package
# gespeR's documentation.
@pytest.mark.parametrize(
    ("one", "other", "persistence", "expected"), cases(__file__, "rbo_by_hand")
)
def test_rbo_by_hand(one: str, other: str, persistence: float, expected: float) -> None:
    assert rbo(list(one), list(other), persistence) == pytest.approx(expected)


def test_rbo_of_even_lists_is_its_series() -> None:
    """Equation 23 of the paper: agreement by depth, the last one carried on for ever."""
    one, other, p = list("abcdefghij"), list("bacdefxyzj"), 0.9
    agreement = [len(set(one[:depth]) & set(other[:depth])) / depth for depth in range(1, 11)]
    series = agreement + [agreement[-1]] * 2_000
    expected = (1 - p) * sum(value * p**place for place, value in enumerate(series))
    assert rbo(one, other, p) == pytest.approx(expected, abs=1e-9)


@given(rankings, rankings)
def test_overlaps_are_shares_and_know_no_direction(one: list[str], other: list[str]) -> None:
    for overlap in (rbo, jaccard):
        assert -1e-9 <= overlap(one, other) <= 1 + 1e-9
        assert overlap(one, other) == pytest.approx(overlap(other, one))
        assert overlap(one, one) == pytest.approx(1)


@given(st.lists(st.sampled_from("abcdefghijkl"), unique=True, min_size=4))
def test_a_change_at_the_top_weighs_more(ranked: list[str]) -> None:
    top = [ranked[1], ranked[0], *ranked[2:]]
    bottom = [*ranked[:-2], ranked[-1], ranked[-2]]
    assert rbo(ranked, top) <= rbo(ranked, bottom) + 1e-12


def test_jaccard() -> None:
    assert jaccard(["a", "b"], ["b", "c"]) == pytest.approx(1 / 3)
    assert jaccard([], []) == 1
    assert jaccard(["a"], []) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_an_interval_holds_the_mean_it_draws_and_is_the_same_again(values: list[float]) -> None:
    low, high = interval(values, rounds=200)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert interval(values, rounds=200) == (low, high)


def test_an_interval_is_about_the_normal_one_and_needs_values() -> None:
    low, high = interval([0.0, 1.0] * 50)
    assert low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)
    assert high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)
    with pytest.raises(ValueError, match="no interval"):
        interval([])
