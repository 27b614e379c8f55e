"""Our measures against ir-measures (trec_eval's), on any ranking and any grades."""

from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Judged, P, R, nDCG

from discovery.relevance import measures

IDS = [f"s{number:02d}" for number in range(70)]
rankings = st.lists(st.sampled_from(IDS), unique=True, max_size=60)
grades = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), max_size=60)

ORACLE = {
    nDCG @ 10: lambda ranked, graded: measures.ndcg(ranked, graded),
    RR(rel=2): lambda ranked, graded: measures.reciprocal_rank(ranked, graded),
    P(rel=2) @ 5: lambda ranked, graded: measures.precision(ranked, graded),
    R(rel=2) @ 50: lambda ranked, graded: measures.recall(ranked, graded),
}


@given(rankings, grades)
def test_measures_are_those_of_trec_eval(ranked: list[str], graded: dict[str, int]) -> None:
    run = {"q": {id_: float(len(ranked) - place) for place, id_ in enumerate(ranked)}}
    oracle = ir_measures.calc_aggregate(list(ORACLE), {"q": graded}, run) if graded and ranked else {}
    for measure, ours in ORACLE.items():
        assert ours(ranked, graded) == pytest.approx(oracle.get(measure, 0.0), abs=1e-9), measure


@given(rankings.filter(lambda ranked: len(ranked) >= 10), grades)
def test_judged_counts_what_was_looked_at(ranked: list[str], graded: dict[str, int]) -> None:
    """Grade 0 is a judgment too."""
    run = {"q": {id_: float(len(ranked) - place) for place, id_ in enumerate(ranked)}}
    expected = ir_measures.calc_aggregate([Judged @ 10], {"q": graded or {"other": 0}}, run)[Judged @ 10]
    assert measures.judged(ranked, graded) == pytest.approx(expected)


@given(rankings, grades)
def test_no_order_beats_the_best(ranked: list[str], graded: dict[str, int]) -> None:
    best = sorted(graded, key=lambda id_: -graded[id_])
    assert 0 <= measures.ndcg(ranked, graded) <= measures.ndcg(best, graded) + 1e-9
    assert measures.ndcg(best, graded) == pytest.approx(1.0 if any(graded.values()) else 0.0)


def test_nothing_found_is_nothing_gained() -> None:
    assert measures.ndcg([], {"a": 3}) == measures.reciprocal_rank([], {"a": 3}) == measures.recall([], {"a": 3}) == 0
    assert measures.judged([], {}) == 1


def test_a_related_supplier_is_no_answer() -> None:
    assert measures.relevant({"a": 3, "b": 2, "c": 1}) == {"a", "b"}
    assert measures.reciprocal_rank(["c", "b"], {"b": 2, "c": 1}) == 0.5


@pytest.mark.parametrize(("share", "expected"), [(0.5, 3), (0.95, 5), (0.2, 1), (1, 5), (0, 1)])
def test_percentiles_are_values_that_were_there(share: float, expected: float) -> None:
    assert measures.percentile([5, 1, 4, 2, 3], share) == expected


def test_of_nothing() -> None:
    assert measures.percentile([], 0.5) == measures.mean([]) == 0
