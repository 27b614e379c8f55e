"""What `/programme` shows: a sheet as its columns were recognised, with what may be chosen instead; its lines answered.
Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discovery.config.headings import COLUMNS
from discovery.locales import Translate
from discovery.needs.carried import packed
from discovery.needs.columns import LOOKED_AT, Columns, letter
from discovery.sheets import MAX_COLUMNS, Sheet

FIRST_LINES = 5
LONGEST_NAME = 40
"""Characters of a heading in a list of columns."""


def preview(sheets: Sequence[Sheet], sheet: Sheet, columns: Columns, t: Translate) -> dict[str, Any]:
    """`carried`: every sheet, as the form sends it back."""
    head = sheet.rows[columns.head] if columns.head >= 0 else ()
    names = [_named(place, head, t) for place in range(min(sheet.width, MAX_COLUMNS))]
    below = [row for row in sheet.rows[columns.head + 1 :] if any(row)]
    shown = [name for name in COLUMNS if name in columns.of]
    return {
        "sheet": sheet.name,
        "sheets": [{"name": one.name} for one in sheets],
        "carried": [{"name": one.name, "first": one.first, "rows": packed(one)} for one in sheets],
        "head": sheet.first + columns.head if columns.head >= 0 else 0,
        "heads": [
            {"row": sheet.first + place, "text": _cut(" · ".join(filter(None, row)))}
            for place, row in enumerate(sheet.rows[:LOOKED_AT])
            if any(row)
        ],
        "columns": [
            {"name": name, "label": t(f"programme.column_{name}"),
             "chosen": letter(columns.of[name]) if name in columns.of else ""}
            for name in COLUMNS
        ],
        "choices": [{"letter": letter(place), "text": text} for place, text in enumerate(names)],
        "lines": len(below),
        "shown": [t(f"programme.column_{name}") for name in shown],
        "rows": [[row[columns.of[name]] if columns.of[name] < len(row) else "" for name in shown]
                 for row in below[:FIRST_LINES]],
        "enough": columns.enough,
    }  # fmt: skip


def _named(place: int, head: Sequence[str], t: Translate) -> str:
    text = head[place] if place < len(head) else ""
    return f"{letter(place)} · {_cut(text)}" if text else t("programme.column", letter=letter(place))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
