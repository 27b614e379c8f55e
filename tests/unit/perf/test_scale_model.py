"""The plan for ten million suppliers: its tables are the model's, and the model behaves as queues do."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.perf.load import percentile
from tests.perf.scale_model import (
    DOCUMENT,
    Cluster,
    Goal,
    Inputs,
    Line,
    busy,
    marked,
    percentiles,
    shard_ms,
    sized,
    tables,
    waits,
)

TEN_MS = Inputs(node_ms=Line((1, 10.0), (2, 10.0)))
ONE_CORE = Cluster(shards=1, copies=1, nodes=1, cores=1)


def test_the_document_holds_the_tables_of_the_model() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert marked(text, tables(Inputs(), Goal())) == text, "python -m tests.perf.scale_model --write"


def test_the_document_states_every_measured_input() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").replace(",", "")
    inputs = Inputs()
    for figure in (inputs.document_bytes, *(size for size, _ in (inputs.node_ms.small, inputs.node_ms.large))):
        assert f"{figure:.0f}" in text, figure
    for _, ms in (inputs.node_ms.small, inputs.node_ms.large):
        assert f"{ms:.1f} ms" in text, ms


@pytest.mark.parametrize("rate", [20.0, 50.0, 70.0])
def test_one_core_waits_as_theory_says(rate: float) -> None:
    """M/M/1: the mean time in the system is 1 / (service rate - arrival rate)."""
    took = waits(TEN_MS, Goal(searches_s=rate), ONE_CORE, searches=40_000)
    assert fmean(took) == pytest.approx(1e3 / (100 - rate), rel=0.15)


def test_the_slowest_of_many_shards_is_waited_for() -> None:
    """Of n independent exponential times, the largest is on average their mean times 1 + 1/2 + … + 1/n."""
    quiet = Cluster(shards=8, copies=1, nodes=8, cores=64)
    took = waits(TEN_MS, Goal(searches_s=10), quiet, searches=5_000)
    assert fmean(took) == pytest.approx(10 * sum(1 / n for n in range(1, 9)), rel=0.08)


def test_more_load_waits_longer_and_too_much_for_ever() -> None:
    cluster = Cluster(shards=4, copies=2, nodes=4, cores=2)
    p95 = [percentile(waits(TEN_MS, Goal(searches_s=rate), cluster, searches=6_000), 0.95) for rate in (20, 120, 180)]
    assert p95 == sorted(p95)
    assert p95[2] > 1.2 * p95[0]
    assert percentiles(TEN_MS, Goal(searches_s=250), cluster) == ["without end", "without end"]


@given(st.integers(1, 32), st.floats(1, 5_000), st.integers(2, 32))
def test_a_cluster_is_as_small_as_its_cores_allow(shards: int, rate: float, cores: int) -> None:
    goal = Goal(searches_s=rate)
    cluster = sized(TEN_MS, goal, shards, cores)
    assert busy(TEN_MS, goal, cluster) <= TEN_MS.busy * 1.0001
    assert cluster.nodes == 2 or busy(TEN_MS, goal, replace(cluster, nodes=cluster.nodes - 1)) > TEN_MS.busy * 0.9999
    assert cluster.copies >= 2, "a node may be lost"
    held = [cluster.holders(shard) for shard in range(shards)]
    assert {node for nodes in held for node in nodes} == set(range(cluster.nodes)), "no node is idle"
    assert all(len(nodes) == cluster.copies for nodes in held)


@given(st.integers(1, 64))
def test_more_shards_are_less_work_each_and_no_less_in_all(shards: int) -> None:
    inputs, goal = Inputs(), Goal()
    assert shard_ms(inputs, goal, shards + 1) < shard_ms(inputs, goal, shards)
    assert (shards + 1) * shard_ms(inputs, goal, shards + 1) >= shards * shard_ms(inputs, goal, shards)


def test_a_line_goes_through_what_was_measured() -> None:
    line = Line((10, 1.0), (30, 2.0))
    assert (line.at(10), line.at(20), line.at(30), line.at(50)) == (1.0, 1.5, 2.0, 3.0)


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = "before\n<!-- one -->\nold\n<!-- / -->\nafter\n"
    assert marked(text, {"one": "| new |"}) == "before\n<!-- one -->\n| new |\n<!-- / -->\nafter\n"
    for wrong in ("no mark", text + text):
        with pytest.raises(ValueError, match="marked"):
            marked(wrong, {"one": "x"})
