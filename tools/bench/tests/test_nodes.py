"""The bench of three nodes: the shape that it gives the mappings, and what a row says."""

import json
from dataclasses import replace
from pathlib import Path

from discovery.mappings import load_mappings
from tools.bench.flame import options as flame_options
from tools.bench.nodes import Row, line, options, shaped


def test_mappings_are_the_packages_but_for_their_shape(tmp_path: Path) -> None:
    made = shaped(tmp_path, 6, 1)
    own, other = load_mappings(), load_mappings(made)
    assert other.index["settings"]["number_of_shards"] == 6
    assert other.index["settings"]["number_of_replicas"] == 1
    assert other.vocabulary == own.vocabulary
    assert (
        json.loads((made / "suppliers.json").read_text(encoding="utf-8"))["mappings"]
        == own.index["mappings"]
    )
    assert shaped(tmp_path, 6, 1) == made, "made once"


def test_a_row_tells_a_loss_where_there_was_one() -> None:
    row = Row(300_000, 3, 1, 2_080.4, 2_100, 12.34, 25)
    assert line(row).split() == [
        "300,000",
        "3",
        "1",
        "2,080/s",
        "2,100",
        "MB",
        "12.3",
        "/",
        "25.0",
        "ms",
    ]
    lost = replace(row, lost_failed=2, lost_asked=900, lost_p95=40.0, lost_slowest=3_000.0)
    assert line(lost).endswith("a node lost: 2 of 900 failed, p95 40.0 ms, slowest 3000 ms")


def test_sizes_and_shapes_have_defaults() -> None:
    assert (options([]).sizes, options([]).shards, options([]).replicas) == (
        [100_000, 300_000],
        [1, 3, 6],
        [0, 1],
    )
    assert options(["2000", "--shards", "1", "3"]).shards == [1, 3]
    assert flame_options(["500", "--seconds", "3"]).size == 500
