"""An answered purchasing programme → the JSON of `/api/v1/programme`, and the workbook that comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from discovery.answers import links
from discovery.answers.files import Chart, Link, Row, Sheet, workbook
from discovery.answers.needs import ideas, lasting, lot
from discovery.answers.problem import told_problem
from discovery.answers.search import Presenter
from discovery.config.headings import COLUMNS
from discovery.config.potential import Thresholds
from discovery.locales import Translate, t
from discovery.needs.columns import Columns, letter
from discovery.needs.programme import Line, LineFound
from discovery.search.answer import Answer
from discovery.search.problems import Problem
from discovery.sheets import Sheet as Given

SHEET_PATH = "/sourcing"
"""The sheet of a search, to print."""
_FACETS = {"families": "kind_group", "regions": "region"}


def body(
    sheet: Given, columns: Columns, lines: Sequence[dict[str, Any]], thresholds: Thresholds, lang: str
) -> dict[str, Any]:
    """A whole programme answered. `lines`: each as `line` tells it."""
    return {
        "sheet": sheet.name,
        "head": sheet.first + columns.head if columns.head >= 0 else None,
        "columns": {name: letter(columns.of[name]) if name in columns.of else None for name in COLUMNS},
        "lines": [{name: value for name, value in one.items() if name not in _FACETS} for one in lines],
        "with_trade": sum(one["recognised"] for one in lines),
        "summary": summary(lines, thresholds, lang),
        "notice": t("need.no_advice", lang),
    }


def line(one: LineFound, presenter: Presenter, lang: str) -> dict[str, Any]:
    """A line of a programme as a lot is told, without the names of its suppliers."""
    told = lot(one.found, presenter, lang, named=0)
    answer = one.found.answer
    if told["links"] and answer:
        told["links"] = {**told["links"], "sheet": links.address(presenter.base + SHEET_PATH, lasting(answer))}
    problems = [*one.line.problems, *one.found.problems, *([Problem("", "", "line_late")] if one.late else [])]
    counted = {name: _counted(answer if one.found.trade else None, facet) for name, facet in _FACETS.items()}
    return {"row": one.line.row, **told, "problems": [told_problem(each, lang) for each in problems], **counted}


def _counted(answer: Answer | None, facet: str) -> Sequence[tuple[str, str, int]]:
    """(value, label, suppliers) of those found."""
    return [(one.value, one.label, one.count) for one in answer.facets[facet] if one.count] if answer else ()


def summary(lines: Sequence[dict[str, Any]], thresholds: Thresholds, lang: str) -> dict[str, Any]:
    """What all lines come to: lines and euros by what may be considered, and those that a family or a region has
    suppliers for. A line counts for each of its families and regions, a supplier for each of the lines that it
    may answer."""
    known = [one for one in lines if one["recognised"]]
    by_step = {step.name: [one for one in known if one["potential"]["suggestion"] == step.name]
               for step in thresholds.steps}  # fmt: skip
    return {
        "lines": len(lines),
        "amount": _euros(lines),
        "amount_with_trade": _euros(known),
        "suggestions": [
            {"value": step.name, "label": step.label[lang], "lines": len(by_step[step.name]),
             "amount": _euros(by_step[step.name])}
            for step in thresholds.steps
        ],
        **{name: _by(known, name) for name in _FACETS},
    }  # fmt: skip


def _by(lines: Iterable[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in lines:
        for value, label, count in one[name]:
            empty = {"value": value, "label": label, "lines": 0, "amount": 0.0, "suppliers": 0}
            row = found.setdefault(value, empty)
            row["lines"] += 1
            row["amount"] += one["amount"] or 0.0
            row["suppliers"] += count
    return sorted(found.values(), key=lambda row: (-row["suppliers"], row["label"]))


def _euros(lines: Iterable[dict[str, Any]]) -> float:
    return sum((one["amount"] or 0.0 for one in lines), 0.0)


_ADDED = ("known_by", "suppliers", "located", "serving", "insertion", "handicap", "idea", "why", "articles", "search",
          "print", "remarks")  # fmt: skip
_COUNTS = ("suppliers", "located", "serving", "insertion", "handicap")
_BLOCKS = ("suggestions", "families", "regions")
_KNOWN_BY = ("code", "classifier")


def book(given: Given, columns: Columns, lines: Sequence[Line], answer: Mapping[str, Any], t: Translate) -> IO[bytes]:
    """The completed workbook: an open file, at its start. `lines` and those of `answer` (`answers.programme.body`)
    stand in one order."""
    return workbook(*_sheets(given, columns, lines, answer, t))


def _sheets(
    given: Given, columns: Columns, lines: Sequence[Line], answer: Mapping[str, Any], t: Translate
) -> Iterator[Sheet]:
    width = max([len(line.cells) for line in lines] + [place + 1 for place in columns.of.values()])
    head = given.rows[columns.head] if columns.head >= 0 else ()
    known = {place: t(f"programme.column_{name}") for name, place in columns.of.items()}
    named = [head[at] if at < len(head) and head[at] else known.get(at, "") for at in range(width)]
    amount = columns.of.get("amount")
    added = [t("need.trades"), *(t(f"programme.{name}") for name in _ADDED)]
    rows = ([*_cells(line, width, amount), *_added(one, t)] for line, one in zip(lines, answer["lines"], strict=True))
    euros = () if amount is None else (amount,)
    yield Sheet(t("programme.sheet"), [*named, *added], rows, euros)
    yield _summary(answer, t)


def _cells(line: Line, width: int, amount: int | None) -> Row:
    """As they were; the amount as a number where it was read as one."""
    cells: Row = [*line.cells, *[""] * (width - len(line.cells))]
    if amount is not None and line.lot.amount is not None:
        cells[amount] = line.lot.amount
    return cells


def _added(one: Mapping[str, Any], t: Translate) -> Row:
    potential, links = one["potential"] or {}, one["links"] or {}
    counts: Row = [potential.get(name) for name in _COUNTS]
    remarks = [each["message"] for each in (*one["problems"], *one["warnings"])]
    return [
        " | ".join(trades(one)),
        known_by(one, t),
        *counts,
        potential.get("label", "") if potential else one["said"],
        ideas(potential) if potential else "",
        ", ".join(potential.get("articles", ())),
        Link(links.get("page", "")),
        Link(links.get("sheet", "")) if one["recognised"] else "",
        " ".join(remarks),
    ]


def trades(one: Mapping[str, Any]) -> list[str]:
    """Labels of all trades of a line, each once."""
    return list(dict.fromkeys(sector["label"] for trade in one["trades"] for sector in trade["sectors"]))


def known_by(one: Mapping[str, Any], t: Translate) -> str:
    """What told the trades: the code before the words, and only probable when nothing else told them."""
    ways = {trade["known_by"] for trade in one["trades"]}
    if not ways:
        return ""
    way = next((name for name in _KNOWN_BY if name in ways and (name == "code" or len(ways) == 1)), "words")
    return t(f"programme.by_{way}")


def _summary(answer: Mapping[str, Any], t: Translate) -> Sheet:
    """One table, a block below the other, and charts of its blocks beside it."""
    told = answer["summary"]
    lines, amount, suppliers = t("programme.lines"), t("programme.amount"), t("programme.suppliers")
    rows: list[Row] = [
        [t("programme.all"), told["lines"], told["amount"]],
        [t("programme.with_trade"), answer["with_trade"], told["amount_with_trade"]],
    ]
    charts = []
    for block in _BLOCKS:
        title = t(f"programme.{block}")
        rows += [[], [title]]
        first = len(rows) + 1
        rows += [[one["label"], one["lines"], one["amount"], one.get("suppliers")] for one in told[block]]
        if told[block]:
            shown = ((suppliers, 3), (amount, 2)) if block != "suggestions" else ((lines, 1), (amount, 2))
            at = (first, len(rows))
            charts += [Chart(t("programme.chart", what=what, by=title), column, at) for what, column in shown]
    rows += [[], [t("programme.counted")], [answer["notice"]]]
    return Sheet(t("programme.summary"), ["", lines, amount, suppliers], rows, (2,), charts)
