"""An answered programme → its JSON: each line as a lot is told, and what all come to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from discovery.config.headings import COLUMNS
from discovery.config.potential import Thresholds
from discovery.locales import t
from discovery.needs.columns import Columns, letter
from discovery.needs.programme import LineFound
from discovery.search.answer import Answer
from discovery.search.problems import Problem
from discovery.serialize import links
from discovery.serialize.answer import Presenter
from discovery.serialize.needs import lasting, lot
from discovery.serialize.problem import told_problem
from discovery.sheets import Sheet

SHEET_PATH = "/sourcing"
"""The sheet of a search, to print."""
_FACETS = {"families": "kind_group", "regions": "region"}


def body(
    sheet: Sheet, columns: Columns, lines: Sequence[dict[str, Any]], thresholds: Thresholds, lang: str
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
