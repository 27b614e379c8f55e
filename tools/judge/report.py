"""An evaluation, or two of them, as one HTML file without scripts: a plot of the classes, then
every query.

Pure functions to text. All that comes from queries is escaped.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil

from tools.judge.answers import AS_OF
from tools.judge.comparison import Comparison
from tools.judge.evaluation import Evaluation, Result, Summary, summaries
from tools.judge.tables import HEADS, summary_row

GOAL = 0.85
"""What the held set must reach; a line in the plot."""

WIDTH, LEFT, BAR, GAP = 720, 110, 16, 12
COLOURS = ("#1f5fa8", "#c2660c")
"""Told apart by lightness too; the second is hatched in no way, since each bar carries its number.
"""

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{padding:.25rem .5rem;text-align:right}
th:first-child,td:first-child,.text{text-align:left}tr{border-bottom:1px solid #ddd}svg{max-width:100%;height:auto}
.grades{font-family:ui-monospace,monospace;letter-spacing:.15em}.up{color:#0a6b2d}.down{color:#a3171c}
figure{margin:1.5rem 0}figcaption{color:#444}.key{display:inline-block;width:.8em;height:.8em;margin-right:.3em}
"""


def evaluation_page(evaluation: Evaluation) -> str:
    """An evaluation as an HTML page."""
    title = f"Relevance of {evaluation.name}"
    lines = [
        f"<p>Corpus “{escape(evaluation.corpus)}”, engine {escape(evaluation.engine)}, as of {AS_OF}. "
        "Grades: 3 what was asked for, 2 nearly, 1 related, 0 no answer. The held set is never looked at while tuning."
        "</p>",
        *_figure([evaluation]),
        *_summary_table(summaries(evaluation)),
        "<h2>Queries, the worst first</h2>",
        *_query_table([one for one in evaluation.results if one.measures]),
    ]
    return _page(title, lines)


def comparison_page(comparison: Comparison) -> str:
    """A comparison as a page of HTML that needs no other file."""
    one, other = comparison.one, comparison.other
    title = f"{one.name} and {other.name}"
    lines = [
        f"<p>Corpus “{escape(one.corpus)}”. {escape(comparison.verdict())}</p>",
        *_figure([one, other]),
        *_summary_table(summaries(one), f"<caption>{escape(one.name)}</caption>"),
        *_summary_table(summaries(other), f"<caption>{escape(other.name)}</caption>"),
    ]
    for heading, pairs in (("win", comparison.winners()), ("lose", comparison.losers())):
        lines.append(f"<h2>Queries that {heading} most</h2>")
        for pair in pairs:
            sign = "up" if pair.delta > 0 else "down"
            lines.append(
                f"<h3>{escape(pair.one.q)} <small class={sign}>{pair.delta:+.3f}</small></h3>"
                f"<p>RBO {pair.rbo:.2f}, Jaccard {pair.jaccard:.2f}</p><table><tr><th>place"
                f"<th class=text>{escape(one.name)}<th class=text>{escape(other.name)}</tr>"
            )
            lines += [
                f"<tr><td>{place}{_hit(pair.one, place)}{_hit(pair.other, place)}</tr>"
                for place in range(1, 11)
            ]
            lines.append("</table>")
        if not pairs:
            lines.append("<p>None.</p>")
    return _page(title, lines)


def _hit(result: Result, place: int) -> str:
    if place > len(result.grades):
        return "<td class=text>–"
    return f"<td class=text>{result.grades[place - 1]} · {escape(result.ids[place - 1])}"


def _page(title: str, lines: Sequence[str]) -> str:
    return "\n".join(
        [
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>',
            '<meta name="viewport" content="width=device-width">',
            f"<style>{_STYLE}</style><h1>{escape(title)}</h1>",
            *lines,
            "</html>\n",
        ]
    )


def _figure(evaluations: Sequence[Evaluation]) -> Iterator[str]:
    yield "<figure>"
    yield from bars(evaluations)
    keys = (
        f'<span class=key style="background:{colour}"></span>{escape(one.name)}'
        for one, colour in zip(evaluations, COLOURS, strict=False)
    )
    yield f"<figcaption>nDCG@10 by class of query; {' '.join(keys)}; dashed: the goal, {GOAL}.</figcaption></figure>"


def bars(evaluations: Sequence[Evaluation]) -> Iterator[str]:
    """SVG: for each class a bar an evaluation, from 0 to 1, its number at its end."""
    means = [
        {one.name: one.means["ndcg@10"] for one in summaries(evaluation) if one.means}
        for evaluation in evaluations
    ]
    classes = list(dict.fromkeys(name for found in means for name in found))
    step = BAR * len(means) + GAP
    height, scale = step * len(classes) + 28, WIDTH - LEFT - 60
    described = "; ".join(
        f"{name}: {', '.join(f'{found[name]:.2f}' for found in means if name in found)}"
        for name in classes
    )
    yield f'<svg viewBox="0 0 {WIDTH} {ceil(height)}" role="img" font-size="13" font-family="system-ui,sans-serif">'
    yield f"<title>nDCG@10 by class</title><desc>{escape(described)}</desc>"
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = LEFT + tick * scale
        yield f'<path d="M{x:.1f} 0V{height - 20}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{height - 5}" text-anchor="middle" fill="#444">{tick:g}</text>'
    for row, name in enumerate(classes):
        top = row * step + GAP / 2
        yield f'<text x="{LEFT - 8}" y="{top + (step - GAP) / 2 + 5:.1f}" text-anchor="end">{escape(name)}</text>'
        for place, found in enumerate(means):
            if name in found:
                yield from _bar(
                    top + place * BAR, found[name], scale, COLOURS[place % len(COLOURS)]
                )
    goal = LEFT + GOAL * scale
    yield f'<path d="M{goal:.1f} 0V{height - 20}" stroke="#a3171c" stroke-dasharray="5 4"/></svg>'


def _bar(y: float, value: float, scale: float, colour: str) -> Iterator[str]:
    width = value * scale
    yield f'<rect x="{LEFT}" y="{y:.1f}" width="{width:.1f}" height="{BAR - 2}" fill="{colour}"/>'
    yield f'<text x="{LEFT + width + 5:.1f}" y="{y + BAR - 4:.1f}">{value:.3f}</text>'


def _summary_table(rows: Sequence[Summary], caption: str = "") -> Iterator[str]:
    yield f"<table>{caption}<tr>{''.join(f'<th>{escape(head)}' for head in HEADS)}</tr>"
    for one in rows:
        yield f"<tr>{''.join(f'<td>{escape(cell)}' for cell in summary_row(one))}</tr>"
    yield "</table>"


def _query_table(results: Sequence[Result]) -> Iterator[str]:
    yield "<table><tr><th>query<th class=text>typed<th>class<th>split<th>top ten<th>nDCG@10<th>found<th>answers</tr>"
    for one in sorted(results, key=lambda one: (one.ndcg, one.id)):
        grades = "".join(map(str, one.grades)) or "–"
        yield (
            f"<tr><td>{escape(one.id)}<td class=text>{escape(one.q)}<td>{one.group}<td>{one.split}"
            f"<td class=grades>{grades}<td>{one.ndcg:.3f}<td>{one.total}<td>{one.best}</tr>"
        )
    yield "</table>"
