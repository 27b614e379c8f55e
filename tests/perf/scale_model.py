"""The tables of docs/scale.md: 10 million suppliers, 1,000 searches a second, computed from what was measured here.

    python -m tests.perf.scale_model            # prints them
    python -m tests.perf.scale_model --write    # puts them into docs/scale.md, between their marks

Costs of a search are straight lines through two measured sizes; waiting is simulated, event by event, from a seed.
"""

from __future__ import annotations

import heapq
import math
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.perf.load import percentile

DOCUMENT = Path(__file__).parents[2] / "docs" / "scale.md"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure at two sizes (suppliers), and the straight line through them."""

    small: tuple[int, float]
    large: tuple[int, float]

    def at(self, suppliers: float) -> float:
        (few, low), (many, high) = self.small, self.large
        return low + (high - low) * (suppliers - few) / (many - few)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Measured: see docs/scale.md for the commands. Assumed: prices, how busy a core may be, and the share of the
    suppliers that a search with a place looks at (`looked_at`): those of one country in seven."""

    document_bytes: float = 7_055
    node_ms: Line = Line((4_000, 20.3), (30_000, 31.0))
    looked_at: float = 0.15
    embedded_ms: Line = Line((10_000, 1.1), (1_000_000, 9.5))
    embedded_mb: Line = Line((10_000, 206), (1_000_000, 1_514))
    embedded_start_s: Line = Line((10_000, 1.5), (1_000_000, 13.9))
    service_ms: float = 2.4
    import_rows_s: float = 3_740
    index_docs_s_core: float = 1_040
    busy: float = 0.6
    core_hour: float = 0.045
    gb_hour: float = 0.005
    disk_gb_month: float = 0.10
    average_of_peak: float = 0.25


@dataclass(frozen=True, slots=True)
class Goal:
    suppliers: int = 10_000_000
    searches_s: float = 1_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """`copies` of each shard in all, spread evenly over nodes of `cores` each; no node is without any."""

    shards: int
    copies: int
    nodes: int
    cores: int

    def holders(self, shard: int) -> list[int]:
        return [(shard * self.copies + copy) % self.nodes for copy in range(self.copies)]


def shard_ms(inputs: Inputs, goal: Goal, shards: int) -> float:
    """Processor milliseconds that one shard spends on one search."""
    return inputs.node_ms.at(goal.suppliers * inputs.looked_at / shards)


def busy(inputs: Inputs, goal: Goal, cluster: Cluster) -> float:
    """The share of the time that the cores work; 1 or more: they never catch up."""
    work = goal.searches_s * cluster.shards * shard_ms(inputs, goal, cluster.shards) / 1e3
    return work / (cluster.nodes * cluster.cores)


def waits(inputs: Inputs, goal: Goal, cluster: Cluster, searches: int = 2_000, seed: int = 1) -> list[float]:
    """Milliseconds of each search: it is done when its slowest shard is.

    Arrivals at random moments (Poisson), work of random length (exponential), one core a shard, first come first
    served, on the freer of two nodes drawn from those with a copy: what the cluster knows of its nodes is a moment old.
    """
    draw, mean = random.Random(seed), shard_ms(inputs, goal, cluster.shards)
    free = [[0.0] * cluster.cores for _ in range(cluster.nodes)]
    holders = [cluster.holders(shard) for shard in range(cluster.shards)]
    now, took = 0.0, []
    for _ in range(searches):
        now += draw.expovariate(goal.searches_s / 1e3)
        last = now
        for copies in holders:
            cores = free[min(draw.choices(copies, k=2), key=lambda node: free[node][0])]
            end = max(now, cores[0]) + draw.expovariate(1 / mean)
            heapq.heapreplace(cores, end)
            last = max(last, end)
        took.append(last - now)
    return took[searches // 4 :]  # the first meet empty queues


def sized(inputs: Inputs, goal: Goal, shards: int, cores: int = 16) -> Cluster:
    """The least nodes on which the cores are as busy as they may be, and copies for each of them; two at least."""
    work = goal.searches_s * shards * shard_ms(inputs, goal, shards) / 1e3
    nodes = max(2, math.ceil(work / (cores * inputs.busy)))
    return Cluster(shards, max(2, math.ceil(nodes / shards)), nodes, cores)


def percentiles(inputs: Inputs, goal: Goal, cluster: Cluster) -> list[str]:
    if busy(inputs, goal, cluster) >= 1:
        return ["without end", "without end"]
    took = waits(inputs, goal, cluster)
    return [f"{percentile(took, share):.0f} ms" for share in (0.5, 0.95)]


# Tables


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in lines)


def tables(inputs: Inputs, goal: Goal) -> dict[str, str]:
    """Name of the mark in the document → its table."""
    return {
        "shards": by_shards(inputs, goal),
        "load": by_load(inputs, goal),
        "machines": machines(inputs, goal),
        "times": times(inputs, goal),
        "embedded": embedded(inputs),
    }


SHARDS = (1, 2, 4, 8, 16)
CHOSEN = 8


def by_shards(inputs: Inputs, goal: Goal) -> str:
    rows = []
    for shards in SHARDS:
        cluster = sized(inputs, goal, shards)
        ms = shard_ms(inputs, goal, shards)
        rows.append(
            [
                shards,
                f"{goal.suppliers / shards / 1e6:.2f} M",
                f"{ms:.0f} ms",
                f"{ms * shards:.0f} ms",
                cluster.copies,
                f"{cluster.nodes} × {cluster.cores}",
                *percentiles(inputs, goal, cluster),
            ]
        )
    head = ("shards", "suppliers each", "cpu a shard", "cpu a search", "copies", "nodes × cores", "p50", "p95")
    return table(head, rows)


def by_load(inputs: Inputs, goal: Goal) -> str:
    cluster = sized(inputs, goal, CHOSEN)
    less = replace(cluster, nodes=cluster.nodes - 1)
    rows = []
    for share in (0.25, 0.5, 1.0, 1.5, 1.6, 2.0):
        asked = replace(goal, searches_s=goal.searches_s * share)
        row = [f"{asked.searches_s:,.0f}/s", f"{busy(inputs, asked, cluster):.0%}"]
        rows.append([*row, *percentiles(inputs, asked, cluster), percentiles(inputs, asked, less)[1]])
    return table(("searches", "cores busy", "p50", "p95", "p95, a node lost"), rows)


def machines(inputs: Inputs, goal: Goal) -> str:
    """Hardware, and what it costs an hour and a million searches."""
    cluster = sized(inputs, goal, CHOSEN)
    disk = goal.suppliers * inputs.document_bytes / 1e9
    disk_node = disk * cluster.copies / cluster.nodes
    memory = 2 * max(8.0, disk_node)  # half for the heap, half for the files, which then never come from the disk
    service_cores = goal.searches_s * inputs.service_ms / 1e3 / inputs.busy
    parts = [
        ("Elasticsearch", cluster.nodes * cluster.cores, cluster.nodes * memory, cluster.nodes * disk_node * 3),
        ("service", service_cores, service_cores * 0.5, 0.0),
        ("PostgreSQL, Redis, workers", 16.0, 64.0, 4 * disk),
    ]
    rows: list[list[object]] = []
    total = 0.0
    for name, cores, gb, store in parts:
        hour = cores * inputs.core_hour + gb * inputs.gb_hour + store * inputs.disk_gb_month / 730
        total += hour
        rows.append([name, f"{cores:.0f}", f"{gb:.0f} GB", f"{store:.0f} GB", f"{hour:.2f} €"])
    searches = goal.searches_s * inputs.average_of_peak * 3600 / 1e6
    rows.append(["all", "", "", "", f"{total:.2f} €"])
    rows.append(["a million searches", "", "", "", f"{total / searches:.2f} €"])
    return table(("part", "cores", "memory", "disk", "an hour"), rows)


def times(inputs: Inputs, goal: Goal) -> str:
    def hours(seconds: float) -> str:
        return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.0f} min"

    rows = [["import of all, one process", hours(goal.suppliers / inputs.import_rows_s)]]
    for processes in (2, 8, 16):
        rate = processes * inputs.index_docs_s_core
        rows.append([f"rebuild, {processes} processes", hours(goal.suppliers / rate)])
    rows.append(["a day's changes (1 %), 2 processes", hours(goal.suppliers / 100 / (2 * inputs.index_docs_s_core))])
    return table(("work", "time"), rows)


def embedded(inputs: Inputs) -> str:
    rows = []
    for suppliers in (10_000, 100_000, 1_000_000, 10_000_000):
        ms = inputs.embedded_ms.at(suppliers)
        rows.append(
            [
                f"{suppliers:,}",
                f"{inputs.embedded_mb.at(suppliers) / 1e3:.1f} GB",
                f"{inputs.embedded_start_s.at(suppliers):.0f} s",
                f"{ms:.1f} ms",
                f"{1e3 / (ms + inputs.service_ms):.0f}",
            ]
        )
    return table(("suppliers", "memory", "start", "engine, a search", "searches/s a core"), rows)


# The document


def marked(text: str, found: dict[str, str]) -> str:
    """The document with each table between its marks, `<!-- name -->` and `<!-- / -->`."""
    for name, content in found.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- / -->)", re.DOTALL)
        text, times_found = pattern.subn(lambda match, content=content: f"{match[1]}{content}\n{match[2]}", text)
        if times_found != 1:
            raise ValueError(f"{name}: marked {times_found} times in the document")
    return text


def shown(found: dict[str, str]) -> Iterator[str]:
    for name, content in found.items():
        yield f"{name}\n{content}\n"


if __name__ == "__main__":
    found = tables(Inputs(), Goal())
    if sys.argv[1:] == ["--write"]:
        DOCUMENT.write_text(marked(DOCUMENT.read_text(encoding="utf-8"), found), encoding="utf-8")
    else:
        print("\n".join(shown(found)))
