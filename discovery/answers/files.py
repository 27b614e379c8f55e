"""Hits as rows of a table, written as CSV and XLSX files that are made whole before they are sent."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

from discovery.answers.supplier import Names, labels_of, profile, title_key
from discovery.engine.port import Hit
from discovery.mappings.vocabulary import LANGS
from discovery.model.attributes import CODED
from discovery.texts import section, t

Value = str | int | float | None
Row = list[Value]


_CODES = {one.field: one for one in CODED}
COLUMNS: Mapping[str, str] = {
    name: title_key("label.column", _CODES[name]) if name in _CODES else f"label.column.{name}"
    for column in section("label.column", LANGS[0])
    for name in (_CODES if column in _CODES else (column,))
}
"""Name → key of its title. Lists of codes stand together, where the first of them does."""


def headers(lang: str, columns: Iterable[str] = COLUMNS) -> list[str]:
    """The names of columns, for people. `columns`: those wanted of `COLUMNS`, in their order."""
    return [t(COLUMNS[name], lang) for name in columns]


def row(hit: Hit, names: Names, lang: str, columns: Iterable[str] = COLUMNS) -> Row:
    """One supplier as a row, in the order of the headers."""
    shown = profile(hit.document["public"], names, lang)
    address, location, contact = shown["address"], shown["location"], shown["contact"]
    values: Mapping[str, Any] = {
        **shown,
        **address,
        "lat": location["lat"] if location else None,
        "lon": location["lon"] if location else None,
        "distance_km": None if hit.distance_km is None else round(hit.distance_km, 2),
        "sectors": _joined(one["label"] for one in shown["activities"]),
        "service_types": _joined(
            one["label"] for each in shown["activities"] for one in each["service_types"]
        ),
        **{one.field: _joined(labels_of(shown, one)) for one in CODED},
        "email": contact["email"] if contact else None,
        "phone": contact["phone"] if contact else None,
    }
    return [values[name] for name in columns]


def _joined(texts: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(texts))


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula, wherever it comes from, the full-width signs of Asian
keyboards too: an apostrophe before it says text. A workbook needs none: its cells say that they are
text.
"""
_BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""
_LINES = 100
"""Rows sent at once."""


def lines(header: list[str], rows: Iterable[Row], lang: str) -> Iterator[bytes]:
    """The rows as a CSV file, piece by piece. In French, decimals are written with a comma, as
    Excel expects them there.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter(lang), lineterminator="\r\n")
    out.write(_BOM)
    writer.writerow(map(safe, header))
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(value, lang) for value in row])
        if number % _LINES == 0:
            yield _taken(out)
    yield _taken(out)


def csv_text(rows: Iterable[Iterable[object]], lang: str) -> str:
    """Few rows as CSV: what nobody but us wrote, or is `safe` already."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter(lang)).writerows(rows)
    return out.getvalue()


def delimiter(lang: str) -> str:
    """What parts two fields: as the spreadsheets of that language expect."""
    return ";" if lang == "fr" else ","


def cell(value: Value, lang: str) -> str:
    """A value as a cell: a number as the language writes it, a text that no spreadsheet takes for a
    formula.
    """
    match value:
        case None:
            return ""
        case float():
            return repr(value).replace(".", ",") if lang == "fr" else repr(value)
        case int():
            return str(value)
        case _:
            return safe(value)


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet computes, even behind blanks."""
    return "'" + text if text.lstrip(" \n").startswith(_FORMULA) else text


def _taken(out: io.StringIO) -> bytes:
    """What was written since, taken out."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8", "replace")


MAX_CHARACTERS = 32_767
"""Of a cell, for Excel."""
MAX_ADDRESS = 2_000
"""Characters of an address that Excel opens."""
_WIDTH = 22
_CHART_ROWS = 16
"""Rows that a chart covers."""


class Link(str):
    """An address of ours, to be clicked; without a scheme and a host it is a text as any other."""


class Chart(NamedTuple):
    """Bars of `values`, a column of the sheet, by the names in its first; `rows`: (first, last),
    the header is 0.
    """

    title: str
    values: int
    rows: tuple[int, int]


class Sheet(NamedTuple):
    """A sheet to be written.

    `title`: at most 31 characters, none of those that Excel refuses. `euros`: columns of amounts.
    `charts`: beside the rows, one below the other.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Row]
    euros: Sequence[int] = ()
    charts: Sequence[Chart] = ()


def workbook(*sheets: Sheet) -> IO[bytes]:
    """Write sheets to a workbook: an open file, at its start, that goes when it is closed. Texts
    are texts: nothing becomes a formula, nor a link but `Link`.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader closes it
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold, euros = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for each in sheets:
            sheet = book.add_worksheet(each.title)
            sheet.set_column(0, len(each.header) - 1, _WIDTH)
            for column in each.euros:
                sheet.set_column(column, column, _WIDTH, euros)
            sheet.freeze_panes(1, 0)
            for column, text in enumerate(each.header):
                sheet.write_string(0, column, _text(text), bold)
            for number, row in enumerate(each.rows, 1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value)
            for place, chart in enumerate(each.charts):
                _draw(book, sheet, chart, 1 + place * _CHART_ROWS, len(each.header) + 1)
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, value: str | int | float | None) -> None:
    if (
        isinstance(value, Link)
        and value.startswith(("https://", "http://"))
        and len(value) <= MAX_ADDRESS
    ):
        sheet.write_url(row, column, str(value))
    elif isinstance(value, str):
        sheet.write_string(row, column, _text(value))
    elif value is not None:
        sheet.write_number(row, column, value)


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]


def _draw(book: Any, sheet: Any, chart: Chart, row: int, column: int) -> None:
    first, last = chart.rows
    drawn = book.add_chart({"type": "bar"})
    drawn.add_series({
        "categories": [sheet.name, first, 0, last, 0],
        "values": [sheet.name, first, chart.values, last, chart.values],
        "data_labels": {"value": True},
    })  # fmt: skip
    drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 620, "height": 20 * (_CHART_ROWS - 1)})
    sheet.insert_chart(row, column, drawn)


_IN_MEMORY = 1_000_000
"""Bytes; larger files go to the disk."""
_CHUNK = 65_536


def spooled(parts: Iterable[bytes]) -> IO[bytes]:
    """Write the parts to a temporary file: open, at its start, gone when it is closed."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        file.writelines(parts)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file's content, some at a time; the file is closed at the end."""
    with file:
        while piece := file.read(_CHUNK):
            yield piece
