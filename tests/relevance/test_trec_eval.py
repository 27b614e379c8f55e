"""Our measures against ir-measures (trec_eval's), on any ranking and any grades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.judge import measures

ir_measures = pytest.importorskip(
    "ir_measures", reason="no wheel for Linux on ARM: not installed there"
)
RR, Judged, P, R, nDCG = (getattr(ir_measures, name) for name in ("RR", "Judged", "P", "R", "nDCG"))

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
    oracle = (
        ir_measures.calc_aggregate(list(ORACLE), {"q": graded}, run) if graded and ranked else {}
    )
    for measure, ours in ORACLE.items():
        assert ours(ranked, graded) == pytest.approx(oracle.get(measure, 0.0), abs=1e-9), measure


@given(rankings.filter(lambda ranked: len(ranked) >= 10), grades)
def test_judged_counts_what_was_looked_at(ranked: list[str], graded: dict[str, int]) -> None:
    """Grade 0 is a judgment too."""
    run = {"q": {id_: float(len(ranked) - place) for place, id_ in enumerate(ranked)}}
    expected = ir_measures.calc_aggregate([Judged @ 10], {"q": graded or {"other": 0}}, run)[
        Judged @ 10
    ]
    assert measures.judged(ranked, graded) == pytest.approx(expected)
