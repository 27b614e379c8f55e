"""An answered programme → the workbook that comes back: its columns, what was found, a summary with charts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from discovery.locales import Translate
from discovery.needs.columns import Columns
from discovery.needs.programme import Line
from discovery.serialize.needs import ideas
from discovery.serialize.table import Row
from discovery.serialize.workbook import Chart, Link, Sheet, workbook
from discovery.sheets import Sheet as Given

_ADDED = ("known_by", "suppliers", "located", "serving", "insertion", "handicap", "idea", "why", "articles", "search",
          "print", "remarks")  # fmt: skip
_COUNTS = ("suppliers", "located", "serving", "insertion", "handicap")
_BLOCKS = ("suggestions", "families", "regions")
_KNOWN_BY = ("code", "classifier")


def book(given: Given, columns: Columns, lines: Sequence[Line], answer: Mapping[str, Any], t: Translate) -> IO[bytes]:
    """The completed workbook: an open file, at its start. `lines` and those of `answer` (`serialize.programme.body`)
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
