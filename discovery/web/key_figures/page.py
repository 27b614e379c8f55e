"""Counts of a site's searches → its page and its file. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from discovery.answers.files import delimiter, safe
from discovery.facets import Names
from discovery.figures.by_key import MIN_SHOWN, Count, Month
from discovery.locales import month, t, written

COLUMNS = ("month", "department", "trade", "searches", "zero")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: counts in words."""

    label: str
    searches: str
    zero: str


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    count: Line
    departments: tuple[Line, ...]
    gaps: tuple[Line, ...]


def shown(months: Iterable[Month], names: Names, lang: str) -> list[Shown]:
    return [
        Shown(
            month(one.month, lang),
            _line("", one.count, lang),
            tuple(_line(_place(code, names, lang), count, lang) for code, count in one.departments.items()),
            tuple(
                Line(f"{_trade(trade, names, lang)} – {_place(code, names, lang)}", "", written(times, lang))
                for code, trade, times in one.gaps
            ),
        )
        for one in months
    ]


def as_csv(months: Iterable[Month], names: Names, lang: str) -> str:
    """One row a month, then one a department of it, then one a trade that no member offers there."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=delimiter(lang))
    lines.writerow(t(f"key_figures.{name}", lang) for name in COLUMNS)
    for one in months:
        lines.writerows([one.month, *map(safe, row), *counts] for row, counts in _rows(one, names, lang))
    return out.getvalue()


def _rows(one: Month, names: Names, lang: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    yield ("", ""), (_number(one.count.searches), _number(one.count.zero))
    for code, count in one.departments.items():
        yield (code, ""), (_number(count.searches), _number(count.zero))
    for code, trade, times in one.gaps:
        yield (code, _trade(trade, names, lang)), ("", str(times))


def _number(count: int | None) -> str:
    """As a file holds it."""
    return f"<{MIN_SHOWN}" if count is None else str(count)


def _line(label: str, count: Count, lang: str) -> Line:
    few = t("key_figures.few", lang, least=MIN_SHOWN)
    return Line(label, *(few if one is None else written(one, lang) for one in (count.searches, count.zero)))


def _place(code: str, names: Names, lang: str) -> str:
    return names.gazetteer.label(f"department:{code}", lang) if code else t("key_figures.anywhere", lang)


def _trade(value: str, names: Names, lang: str) -> str:
    term = names.vocabulary.terms("sector").get(value)
    return term.label(lang) if term else value
