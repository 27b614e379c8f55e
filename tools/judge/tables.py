"""Evaluations and comparisons as text: columns that a terminal shows. Pure functions to lines."""

from collections.abc import Iterator, Sequence

from tools.judge.comparison import Comparison, deltas
from tools.judge.evaluation import MEASURES, Evaluation, Result, Summary, grouped, summaries
from tools.judge.statistics import interval

HEADS = (
    "class",
    "queries",
    "nDCG@10",
    "MRR",
    "P@5",
    "recall@50",
    "judged@10",
    "zero",
    "p50 ms",
    "p95 ms",
)


def table(rows: Sequence[Sequence[str]], left: int = 1) -> Iterator[str]:
    """Rows of equal length, the first of them heads; the first `left` columns to the left, the
    others to the right.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def summary_row(one: Summary) -> list[str]:
    """The cells of one line."""
    means = [f"{one.means[name]:.3f}" if one.means else "-" for name in MEASURES]
    return [
        one.name,
        str(one.queries),
        *means,
        f"{one.zero_rate:.1%}",
        f"{one.p50_ms:.1f}",
        f"{one.p95_ms:.1f}",
    ]


def evaluation_table(evaluation: Evaluation) -> Iterator[str]:
    """An evaluation as lines, a class of queries each."""
    yield f"{evaluation.name}, corpus '{evaluation.corpus}', engine {evaluation.engine}"
    yield from table([HEADS, *(summary_row(one) for one in summaries(evaluation))])
    if evaluation.skipped:
        yield f"skipped, nothing in this corpus answers them: {', '.join(evaluation.skipped)}"


CONDUCT = {
    "p10": "P@10",
    "trade": "trade@10",
    "beside": "false trade beside",
    "zero": "zero",
    "empty": "empty page",
    "first": "first right",
    "seated": "first seated",
    "negation": "negation",
    "confident": "confident nonsense",
    "widened": "widened",
    "corrected": "wrong correction",
}
"""What a buyer notices, and its head; `beside`, `zero`, `empty` and the last three are faults."""


def conduct_table(evaluation: Evaluation) -> Iterator[str]:
    """What buyers notice besides the order (`conduct`), by class of query: means, with how many
    queries tell; of them all and of each split, 95 % intervals too.
    """
    lines = [["class", *CONDUCT.values()]]
    for name, results in grouped(evaluation):
        whole = name in ("all", "tune", "held")
        cells = [
            conduct_cell([getattr(one.conduct, part) for one in results], whole=whole)
            for part in CONDUCT
        ]
        lines.append([name, *cells])
    yield from table(lines)


def conduct_cell(values: Sequence[float | None], *, whole: bool) -> str:
    """A mean of 0 to 1 and of how many; with its interval when it is of the `whole` set; “-” of
    none.
    """
    told = [one for one in values if one is not None]
    if not told:
        return "-"
    shown = f"{sum(told) / len(told):.2f}"
    if not whole:
        return f"{shown} of {len(told)}"
    low, high = interval(told)
    return f"{shown} [{low:.2f} {high:.2f}] of {len(told)}"


def query_table(results: Sequence[Result]) -> Iterator[str]:
    """A line a query, the worst first: grades of its first ten, how many were found, how many are
    answers.
    """
    ordered = sorted((one for one in results if one.measures), key=lambda one: (one.ndcg, one.id))
    rows = [
        [
            one.id,
            one.q if len(one.q) <= 48 else one.q[:47] + "…",
            "".join(map(str, one.grades)) or "-",
            f"{one.ndcg:.3f}",
            str(one.total),
            str(one.best),
            f"{one.took_ms:.1f}",
        ]
        for one in ordered
    ]
    yield from table(
        [["query", "typed", "top ten", "nDCG@10", "found", "answers", "ms"], *rows], left=3
    )


def comparison_table(comparison: Comparison) -> Iterator[str]:
    """Deltas by class, then the queries that win and lose most with both tops side by side."""
    one, other = comparison.one, comparison.other
    yield f"A = {one.name} ({one.engine}), B = {other.name} ({other.engine}), corpus '{one.corpus}'"
    yield comparison.verdict()
    heads = ["class", "queries", *(f"Δ {head}" for head in HEADS[2:6]), "p"]
    rows = [
        [
            one.name,
            str(one.queries),
            *(f"{one.deltas[name]:+.3f}" for name in MEASURES[:4]),
            f"{one.p:.3f}",
        ]
        for one in deltas(comparison)
    ]
    yield from table([heads, *rows])
    for heading, pairs in (("wins", comparison.winners()), ("losses", comparison.losers())):
        if pairs:
            yield ""
            yield f"Largest {heading}:"
        for pair in pairs:
            yield f"  {pair.delta:+.3f}  {pair.one.id}: {pair.one.q}   RBO {pair.rbo:.2f}  Jaccard {pair.jaccard:.2f}"
            yield from (f"    {line}" for line in _side_by_side(pair.one, pair.other))


def _side_by_side(one: Result, other: Result, most: int = 5) -> Iterator[str]:
    """The first hits of both, each with its grade."""
    rows = [
        [
            *(
                f"{side.grades[place]} {side.ids[place]}" if place < len(side.grades) else "-"
                for side in (one, other)
            )
        ]
        for place in range(min(most, max(len(one.grades), len(other.grades))))
    ]
    if rows:
        yield from table(rows, left=2)
