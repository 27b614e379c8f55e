"""An answered purchasing programme → the JSON of `/api/v1/programme`, and the workbook that comes
back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict, cast

from discovery.answers.files import Chart, Link, Row, Sheet
from discovery.answers.needs import AnsweredLot, ideas, lot, remarks, trades
from discovery.answers.search import Presenter, told_problem
from discovery.desk.programme import Columns, Line, LineFound, column_letter
from discovery.desk.sheets import Sheet as Given
from discovery.mappings.purchases import COLUMNS, Law, Step
from discovery.search.answer import FacetValue
from discovery.search.query import Problem
from discovery.texts import Translate, t

Facets = Mapping[str, Sequence[FacetValue]]
"""Name of a facet → its values."""
NAMED = 3
"""Suppliers of a line that are named."""


class AnsweredLine(AnsweredLot):
    row: Annotated[int, "Its number in the sheet."]
    first: Annotated[list[str], "The first three suppliers, with their town and how to reach them."]


class ProgrammeColumns(TypedDict):
    title: Annotated[str | None, "Letter of the column."]
    cpv: str | None
    place: str | None
    amount: str | None
    date: str | None


class StepCount(TypedDict):
    value: Annotated[str, "Name of a step of `mappings/law.yaml`."]
    label: str
    lines: int
    amount: Annotated[float, "Euros."]


class GroupCount(TypedDict):
    value: str
    label: str
    lines: Annotated[int, "For which it has suppliers."]
    amount: Annotated[float, "Of these lines, euros."]
    suppliers: Annotated[int, "Each for every line that it may answer."]


class ProgrammeSummary(TypedDict):
    lines: int
    amount: Annotated[float, "Euros."]
    amount_with_trade: Annotated[float, "Euros."]
    insertion_hours: Annotated[int, "That clauses of the lines may ask for."]
    oeth_deduction: Annotated[
        int, "Euros a year, were all bought from ESAT, EA, EATT or TIH, before the ceiling."
    ]
    suggestions: list[StepCount]
    families: list[GroupCount]
    regions: Annotated[list[GroupCount], "Of suppliers' seats."]


class ProgrammeAnswer(TypedDict):
    sheet: Annotated[str, "Name of the sheet that was read; blank for CSV."]
    head: Annotated[int | None, "Row of the headings."]
    columns: ProgrammeColumns
    lines: Annotated[list[AnsweredLine], "As lots, without the names of suppliers."]
    with_trade: Annotated[int, "Lines of which a trade is recognised."]
    summary: ProgrammeSummary
    notice: Annotated[str, "To show beside suggestions."]


def body(
    sheet: Given,
    columns: Columns,
    found: Iterable[LineFound],
    law: Law,
    presenter: Presenter,
    lang: str,
) -> ProgrammeAnswer:
    letters = {
        name: column_letter(columns.of[name]) if name in columns.of else None for name in COLUMNS
    }
    lines, counted = list[AnsweredLine](), list[Facets]()
    for one in found:
        lines.append(line(one, presenter, lang))
        counted.append(one.found.answer.facets if one.found.answer else {})
    return {
        "sheet": sheet.name,
        "head": sheet.first + columns.head if columns.head >= 0 else None,
        "columns": cast(ProgrammeColumns, letters),
        "lines": lines,
        "with_trade": sum(one["recognised"] for one in lines),
        "summary": summary(lines, counted, law, lang),
        "notice": t("need.no_advice", lang),
    }


def line(one: LineFound, presenter: Presenter, lang: str) -> AnsweredLine:
    """A line of a programme as a lot is told, with the first three suppliers in a cell each."""
    answer = one.found.answer
    problems = [
        *one.line.problems,
        *one.found.problems,
        *([Problem("", "", "line_late")] if one.late else []),
    ]
    named = answer.page.hits[:NAMED] if answer and one.found.trade else ()
    return {
        "row": one.line.row,
        "first": [_reached(hit.document["public"]) for hit in named],
        **lot(one.found, presenter, lang, named=0),
        "problems": [told_problem(each, lang) for each in problems],
    }


def _reached(public: Mapping[str, Any]) -> str:
    """A supplier in a cell: its name, kind, town, and where to write or call."""
    contact, address = public.get("contact") or {}, public.get("address") or {}
    name = public.get("brand") or public.get("name", "")
    ways = [contact.get("email"), contact.get("phone"), public.get("website")]
    parts = (name, public.get("kind"), address.get("city"), next(filter(None, ways), None))
    return " · ".join(filter(None, parts))


def summary(
    lines: Sequence[AnsweredLine], counted: Sequence[Facets], law: Law, lang: str
) -> ProgrammeSummary:
    """What all lines come to: lines and euros by what may be considered, and those that a family or
    a region has suppliers for. A line counts for each of its families and regions, a supplier for
    each of the lines that it may answer. `counted`: facets of the lines, in their order.
    """
    known = [
        (line, facets) for line, facets in zip(lines, counted, strict=True) if line["recognised"]
    ]
    told = [line for line, _ in known]
    figures = [line["figures"] for line in told if line["figures"]]
    return {
        "lines": len(lines),
        "amount": _euros(lines),
        "amount_with_trade": _euros(told),
        "insertion_hours": sum(one["insertion_hours"] or 0 for one in figures),
        "oeth_deduction": sum(one["oeth_deduction"] or 0 for one in figures),
        "suggestions": [_of_step(step, told, lang) for step in law.steps],
        "families": _by((line, facets["kind_group"]) for line, facets in known),
        "regions": _by((line, facets["region"]) for line, facets in known),
    }


def _of_step(step: Step, known: Iterable[AnsweredLine], lang: str) -> StepCount:
    lines = [one for one in known if (held := one["potential"]) and held["suggestion"] == step.name]
    return {
        "value": step.name,
        "label": step.label[lang],
        "lines": len(lines),
        "amount": _euros(lines),
    }


def _by(lines: Iterable[tuple[AnsweredLine, Sequence[FacetValue]]]) -> list[GroupCount]:
    groups: dict[str, GroupCount] = {}
    for line, values in lines:
        for one in (value for value in values if value["count"]):
            named, none = (
                {"value": one["value"], "label": one["label"]},
                {"lines": 0, "amount": 0.0, "suppliers": 0},
            )
            group = groups.setdefault(one["value"], cast(GroupCount, named | none))
            group["lines"] += 1
            group["amount"] += line["amount"] or 0.0
            group["suppliers"] += one["count"]
    return sorted(groups.values(), key=lambda group: (-group["suppliers"], group["label"]))


def _euros(lines: Iterable[AnsweredLine]) -> float:
    return sum((one["amount"] or 0.0 for one in lines), 0.0)


_ADDED = ("known_by", "suppliers", "located", "serving", "insertion", "handicap", "idea", "why", "articles", "search",
          "print", "remarks")  # fmt: skip
_COUNTS: tuple[Literal["suppliers", "located", "serving", "insertion", "handicap"], ...]
_COUNTS = ("suppliers", "located", "serving", "insertion", "handicap")
_KNOWN_BY = ("code", "classifier")


def sheets(
    given: Given, columns: Columns, lines: Sequence[Line], answer: ProgrammeAnswer, t: Translate
) -> Iterator[Sheet]:
    """The completed workbook's. `lines` and those of `answer` (`body`) stand in one order."""
    width = max([len(line.cells) for line in lines] + [place + 1 for place in columns.of.values()])
    head = given.rows[columns.head] if columns.head >= 0 else ()
    known = {place: t(f"programme.column_{name}") for name, place in columns.of.items()}
    named = [head[at] if at < len(head) and head[at] else known.get(at, "") for at in range(width)]
    amount = columns.of.get("amount")
    added = [t("need.trades"), *(t(f"programme.{name}") for name in _ADDED)]
    added += [t("programme.named", number=at) for at in range(1, NAMED + 1)]
    rows = (
        [*_cells(line, width, amount), *_added(one, t)]
        for line, one in zip(lines, answer["lines"], strict=True)
    )
    euros = () if amount is None else (amount,)
    yield Sheet(t("programme.sheet"), [*named, *added], rows, euros)
    yield _summary(answer, t)


def _cells(line: Line, width: int, amount: int | None) -> Row:
    """As they were; the amount as a number where it was read as one."""
    cells: Row = [*line.cells, *[""] * (width - len(line.cells))]
    if amount is not None and line.lot.amount is not None:
        cells[amount] = line.lot.amount
    return cells


def _added(one: AnsweredLine, t: Translate) -> Row:
    potential, links = one["potential"], one["links"]
    counts: Row = [potential[name] if potential else None for name in _COUNTS]
    return [
        " | ".join(trades(one)),
        known_by(one, t),
        *counts,
        potential["label"] if potential else one["said"],
        ideas(potential) if potential else "",
        ", ".join(potential["articles"]) if potential else "",
        Link(links["page"] if links else ""),
        Link(links["sheet"] if links else "") if one["recognised"] else "",
        " ".join(remarks(one)),
        *one["first"],
        *[""] * (NAMED - len(one["first"])),
    ]


def known_by(one: AnsweredLot, t: Translate) -> str:
    """What told the trades: the code before the words, and only probable when nothing else told
    them.
    """
    ways = {trade["known_by"] for trade in one["trades"]}
    if not ways:
        return ""
    way = next(
        (name for name in _KNOWN_BY if name in ways and (name == "code" or len(ways) == 1)), "words"
    )
    return t(f"programme.by_{way}")


def comes_to(told: ProgrammeSummary, t: Translate) -> str:
    """What the lines come to in hours of insertion and in OETH; "" = no line tells."""
    hours, euros = told["insertion_hours"], told["oeth_deduction"]
    return t("programme.comes_to", hours=hours, euros=euros) if hours or euros else ""


def _summary(answer: ProgrammeAnswer, t: Translate) -> Sheet:
    """One table, a block below the other, and charts of its blocks beside it."""
    told = answer["summary"]
    lines, amount, suppliers = t("programme.lines"), t("programme.amount"), t("programme.suppliers")
    rows: list[Row] = [
        [t("programme.all"), told["lines"], told["amount"]],
        [t("programme.with_trade"), answer["with_trade"], told["amount_with_trade"]],
    ]
    charts = []
    blocks: Mapping[str, Sequence[Mapping[str, Any]]] = {
        name: told[name] for name in ("suggestions", "families", "regions")
    }
    for block, counted in blocks.items():
        title = t(f"programme.{block}")
        rows += [[], [title]]
        first = len(rows) + 1
        rows += (
            [one["label"], one["lines"], one["amount"], one.get("suppliers")] for one in counted
        )
        if counted:
            shown = (
                ((suppliers, 3), (amount, 2))
                if block != "suggestions"
                else ((lines, 1), (amount, 2))
            )
            at = (first, len(rows))
            charts += [
                Chart(t("programme.chart", what=what, by=title), column, at)
                for what, column in shown
            ]
    rows += [[], [comes_to(told, t)], [t("programme.counted")], [answer["notice"]]]
    return Sheet(t("programme.summary"), ["", lines, amount, suppliers], rows, (2,), charts)
