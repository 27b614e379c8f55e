"""Two evaluations of the same queries, side by side: what differs, and whether it is more than
luck.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.judge.evaluation import MEASURES, Evaluation, Result, summaries
from tools.judge.measures import mean
from tools.judge.statistics import jaccard, permutation_p, rbo

TOP = 10
"""Hits whose overlap is told."""
MOVED = 0.001
"""A smaller difference of nDCG is no win and no loss: engines may round differently."""
LIKELY = 0.05
"""The p-value below which a difference is said to be more than luck."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One query on both sides. `delta` = the other's nDCG@10 less the one's."""

    one: Result
    other: Result
    delta: float
    rbo: float
    jaccard: float


@dataclass(frozen=True, slots=True)
class Delta:
    """The other's mean less the one's, over some queries; `p` of a paired permutation test."""

    name: str
    queries: int
    deltas: Mapping[str, float]
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two evaluations, query by query.

    `pairs`: the answerable queries that both sides were asked.
    """

    one: Evaluation
    other: Evaluation
    pairs: tuple[Pair, ...]

    def winners(self, most: int = 5) -> list[Pair]:
        """The `most` queries that the other side answers better, best first."""
        return sorted((one for one in self.pairs if one.delta > MOVED), key=lambda one: -one.delta)[
            :most
        ]

    def losers(self, most: int = 5) -> list[Pair]:
        """The `most` queries that the other side answers worse, worst first."""
        return sorted((one for one in self.pairs if one.delta < -MOVED), key=lambda one: one.delta)[
            :most
        ]

    def verdict(self) -> str:
        """What the comparison says, in a sentence."""
        whole = delta("all", self.pairs)
        won = sum(one.delta > MOVED for one in self.pairs)
        lost = sum(one.delta < -MOVED for one in self.pairs)
        sure = "more than luck" if whole.p < LIKELY else "may be luck"
        moved = f"{won} queries win, {lost} lose, {len(self.pairs) - won - lost} stay"
        if not won and not lost:
            return f"{self.other.name} answers as {self.one.name} does: {moved}."
        gained = whole.deltas["ndcg@10"]
        return f"{self.other.name} {gained:+.4f} nDCG@10 (p = {whole.p:.4f}, {sure}): {moved}."


def compare(one: Evaluation, other: Evaluation) -> Comparison:
    """Two evaluations of the same queries, side by side."""
    theirs = {result.id: result for result in other.answerable()}
    pairs = [
        Pair(
            mine,
            theirs[mine.id],
            theirs[mine.id].ndcg - mine.ndcg,
            rbo(mine.ids[:TOP], theirs[mine.id].ids[:TOP]),
            jaccard(mine.ids[:TOP], theirs[mine.id].ids[:TOP]),
        )
        for mine in one.answerable()
        if mine.id in theirs
    ]
    return Comparison(one, other, tuple(pairs))


def delta(name: str, pairs: Sequence[Pair]) -> Delta:
    """By how much the other side's means differ, over some queries."""
    deltas = {
        measure: mean([pair.other.measures[measure] - pair.one.measures[measure] for pair in pairs])
        for measure in MEASURES
    }
    return Delta(name, len(pairs), deltas, permutation_p([pair.delta for pair in pairs]))


def deltas(comparison: Comparison) -> list[Delta]:
    """A line a class, then all, then each split."""
    lines = []
    for summary in summaries(comparison.one):
        chosen = [
            pair
            for pair in comparison.pairs
            if summary.name in (pair.one.group, pair.one.split) or summary.name == "all"
        ]
        if chosen:
            lines.append(delta(summary.name, chosen))
    return lines


def as_dict(comparison: Comparison) -> dict[str, Any]:
    """The comparison for programs."""
    return {
        "a": comparison.one.name,
        "b": comparison.other.name,
        "corpus": comparison.one.corpus,
        "deltas": [
            {
                "name": one.name,
                "queries": one.queries,
                **{name: round(value, 4) for name, value in one.deltas.items()},
                "p": round(one.p, 4),
            }
            for one in deltas(comparison)
        ],
        "queries": [
            {
                "id": pair.one.id,
                "q": pair.one.q,
                "a": round(pair.one.ndcg, 4),
                "b": round(pair.other.ndcg, 4),
                "delta": round(pair.delta, 4),
                "rbo": round(pair.rbo, 4),
                "jaccard": round(pair.jaccard, 4),
            }
            for pair in comparison.pairs
        ],
    }
