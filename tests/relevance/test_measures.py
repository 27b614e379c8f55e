"""Our measures: what they promise of any ranking and any grades (test_trec_eval.py holds them
against the field's).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.judge import measures

IDS = [f"s{number:02d}" for number in range(70)]
rankings = st.lists(st.sampled_from(IDS), unique=True, max_size=60)
grades = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), max_size=60)


@given(rankings, grades)
def test_no_order_beats_the_best(ranked: list[str], graded: dict[str, int]) -> None:
    best = sorted(graded, key=lambda id_: -graded[id_])
    assert 0 <= measures.ndcg(ranked, graded) <= measures.ndcg(best, graded) + 1e-9
    assert measures.ndcg(best, graded) == pytest.approx(1.0 if any(graded.values()) else 0.0)


def test_nothing_found_is_nothing_gained() -> None:
    assert (
        measures.ndcg([], {"a": 3})
        == measures.reciprocal_rank([], {"a": 3})
        == measures.recall([], {"a": 3})
        == 0
    )
    assert measures.judged([], {}) == 1


def test_a_related_supplier_is_no_answer() -> None:
    assert measures.relevant({"a": 3, "b": 2, "c": 1}) == {"a", "b"}
    assert measures.reciprocal_rank(["c", "b"], {"b": 2, "c": 1}) == 0.5


@pytest.mark.parametrize(("share", "expected"), [(0.5, 3), (0.95, 5), (0.2, 1), (1, 5), (0, 1)])
def test_percentiles_are_values_that_were_there(share: float, expected: float) -> None:
    assert measures.percentile([5, 1, 4, 2, 3], share) == expected


def test_of_nothing() -> None:
    assert measures.percentile([], 0.5) == measures.mean([]) == 0
