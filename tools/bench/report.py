"""The benchmark's report, as text for a terminal, JSON for programs, one HTML page for people.
Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from tools.bench.figures import (
    EDGE,
    FLOOR,
    PAGE,
    SAID,
    SERVICE,
    Ratios,
    Run,
    Times,
    against,
    growths,
    ratios,
)
from tools.bench.plots import bars, lines

WAYS = (FLOOR, SERVICE, EDGE, PAGE, SAID)

STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}
th:first-child,td:first-child{text-align:left}
svg{max-width:45rem;width:100%;font:11px system-ui,sans-serif}.title{font-weight:600;font-size:13px}"""

Recorded = Mapping[str, Ratios]
"""Ratios of an earlier version by run's name, as `recorded.json` keeps them."""


@dataclass(frozen=True, slots=True)
class Report:
    """`about`: what the figures hold for (version, cores, requests…)."""

    about: Mapping[str, str]
    runs: Sequence[Run]
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report) -> list[Table]:
    """All that is told, in order; what was not measured has no table."""
    found: list[Table] = []
    first = dict.fromkeys(name for run in report.runs for name in run.first)
    for run in report.runs:
        found.append(_times(f"{run.name}: ms, warm", run.warm))
        if run.cold:
            found.append(_times(f"{run.name}: ms, asked for the first time", run.cold))
        found.append(_ratios(run, report.recorded.get(run.name, {})))
    found += [
        Table(
            "Throughput: clients that ask without pause, two workers",
            ("run", "clients", "answers /s", "p50 ms", "p95 ms", "processor ms each"),
            tuple(
                (
                    run.name,
                    str(one.clients),
                    f"{one.per_second:.0f}",
                    *_ms(one.p50, one.p95, one.cpu_ms),
                )
                for run in report.runs
                for one in run.loads
            ),
        ),
        Table(
            "Share of each stage over HTTP: mean ms",
            ("stage", *(run.name for run in report.runs)),
            tuple(
                (name, *(f"{run.stages.get(name, 0):.2f}" for run in report.runs))
                for name in _stages(report.runs)
            ),
        ),
        Table(
            "The same asked for the first time: mean ms",
            ("stage", *(run.name for run in report.runs)),
            tuple(
                (name, *(f"{run.first.get(name, 0):.2f}" for run in report.runs)) for name in first
            ),
        ),
        Table(
            "What a phrase costs beside the same said by parameters: ms, p50 over HTTP",
            (
                "run",
                "class",
                "phrase",
                "said",
                "more",
                "phrase less engine",
                "said less engine",
                "more",
            ),
            tuple(
                (
                    f"{run.name}, {when}",
                    kind,
                    *_ms(one.asked, one.said, one.asked - one.said),
                    *_ms(one.asked_own, one.said_own, one.asked_own - one.said_own),
                )
                for run in report.runs
                for when, kinds in run.phrases.items()
                for kind, one in kinds.items()
            ),
        ),
        Table(
            "Growth: p50 over HTTP when the number of suppliers doubles",
            ("sizes", "class", "times"),
            tuple(
                (pair, kind, f"{times:.2f}")
                for pair, by_kind in growths(report.runs, EDGE).items()
                for kind, times in by_kind.items()
            ),
        ),
        Table(
            "Feeding: documents a second",
            ("run", "step", "/s"),
            tuple(
                (run.name, step, f"{rate:.0f}")
                for run in report.runs
                for step, rate in run.feed.items()
            ),
        ),
        Table(
            "`discovery serve`: MB, idle; seconds from a second start to the first search answered",
            ("run", "all processes", "largest process", "start"),
            tuple(
                (
                    run.name,
                    f"{run.memory.shared_out:.0f}",
                    f"{run.memory.largest:.0f}",
                    f"{run.memory.start:.2f}",
                )
                for run in report.runs
                if run.memory is not None
            ),
        ),
        Table(
            "Calls to the engine for one request",
            ("run", "mean"),
            tuple((run.name, f"{run.trips:.2f}") for run in report.runs),
        ),
    ]
    return [table for table in found if table.rows]


def text(report: Report) -> str:
    about = "\n".join(f"{name}: {value}" for name, value in report.about.items())
    return "\n\n".join([about, *map(_lined_up, tables(report))]) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """Plain lists and objects. Ratios and growth are told too: they are what to compare."""
    return {
        "about": dict(report.about),
        "runs": [asdict(run) | {"ratios": ratios(run)} for run in report.runs],
        "growth": growths(report.runs, EDGE),
        "against_recorded": {
            run.name: against(ratios(run), report.recorded[run.name])
            for run in report.runs
            if run.name in report.recorded
        },
    }


def html(report: Report) -> str:
    """One page without scripts that loads nothing."""
    about = "".join(
        f"<li>{escape(name)}: {escape(value)}</li>" for name, value in report.about.items()
    )
    body = "".join([*plots(report), *map(_marked_up, tables(report))])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Speed, measured</title><style>{STYLE}</style></head>"
        f"<body><h1>Speed, measured</h1><ul>{about}</ul>{body}</body></html>\n"
    )


def plots(report: Report) -> list[str]:
    """Latency against N, share of each stage, throughput against clients."""
    latency: dict[str, list[tuple[float, float]]] = {}
    for run in sorted(report.runs, key=lambda one: one.size):
        for way, times in run.warm.get("all", {}).items():
            for name in ("p50", "p95") if way == EDGE else ("p50",):
                latency.setdefault(f"{run.engine}: {way} {name}", []).append(
                    (run.size, getattr(times, name))
                )
    throughput = {
        run.name: [(one.clients, one.per_second) for one in run.loads]
        for run in report.runs
        if run.loads
    }
    stages = {run.name: run.stages for run in report.runs if run.stages}
    return [
        lines(
            "Latency against the number of suppliers, warm",
            "suppliers",
            "ms",
            latency,
            logarithmic=True,
        ),
        *([bars("Share of each stage over HTTP", "ms", stages)] if stages else []),
        *(
            [lines("Throughput, two workers", "clients", "answers /s", throughput)]
            if throughput
            else []
        ),
    ]


def _times(title: str, times: Mapping[str, Mapping[str, Times]]) -> Table:
    ways = [way for way in WAYS if any(way in by_way for by_way in times.values())]
    head = ("class", "requests", *(f"{way} {name}" for way in ways for name in ("p50", "p95")))
    rows = []
    for kind, by_way in times.items():
        figures = [by_way.get(way) for way in ways]
        count = max(one.count for one in by_way.values())
        cells = [cell for one in figures for cell in (_ms(one.p50, one.p95) if one else ("", ""))]
        rows.append((kind, str(count), *cells))
    return Table(title, head, tuple(rows))


def _ratios(run: Run, recorded: Ratios) -> Table:
    """In brackets: as a multiple of the recorded ratio."""
    found = ratios(run)
    changed = against(found, recorded)
    names = list(dict.fromkeys(name for values in found.values() for name in values))
    rows = tuple(
        (kind, *(_compared(values.get(name), changed.get(kind, {}).get(name)) for name in names))
        for kind, values in found.items()
    )
    return Table(f"{run.name}: ratios (in brackets: the recorded one = 1)", ("class", *names), rows)


def _compared(ratio: float | None, change: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}" if change is None else f"{ratio:.2f} ({change:.2f})"


def _stages(runs: Iterable[Run]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in run.stages))


def _ms(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.2f}" for value in values)


def _lined_up(table: Table) -> str:
    widths = [max(map(len, column)) for column in zip(table.head, *table.rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  " + "   ".join([first, *others]).rstrip()

    return "\n".join([table.title, line(table.head), *map(line, table.rows)])


def _marked_up(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return f"<h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
