"""What to start a file from (`indexer import --template`), and the reference of records, both made of `described`."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from indexer.intake.described import RECORD, columns, example

_HEAD = """\
# Records

Made by `indexer import --template reference` from `indexer/intake/described.py`; a test holds it to that. A file
holds one JSON object a line (UTF-8), one JSON array, or a CSV; `indexer import FILE` recognises it. A file to
start from: `indexer import --template csv` (or `jsonl`), `examples/suppliers.csv`.

In CSV, dots stand for nesting and `;` parts the values of a list: `address.city`, `certifications`. Activities and
offers are numbered (`activities.1.sector`, `activities.2.sector`); without a number `activities.sector` may list
several sectors, which share the other `activities.` columns. Delimiter, BOM and encoding (UTF-8, Windows-1252) are
found.

A file may be imported again: what it doesn't carry stays as it is. Faults of a row are told with the remedy, and no
other row suffers from them.

| field | what it is | example |
|---|---|---|
"""


def as_csv() -> str:
    """The header of every column, and one row."""
    names, cells = zip(*columns(_in_columns(example())), strict=True)
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows((names, cells))
    return out.getvalue()


def _in_columns(record: dict[str, Any]) -> dict[str, Any]:
    """Jobs as their codes, without contracts: what CSV carries of them."""
    kept = {name: value for name, value in record.items() if name != "contracts"}
    return kept | {"jobs": [one["rome"] for one in record["jobs"]]}


def as_jsonl() -> str:
    """An example record as a JSON line."""
    return json.dumps(example(), ensure_ascii=False) + "\n"


def as_reference() -> str:
    """The reference of records, as docs/reference/records.md holds it."""
    return _HEAD + "".join(f"| `{each.name}` | {each.about} | {_shown(each.example)} |\n" for each in RECORD)


def _shown(value: object) -> str:
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


TEMPLATES: Mapping[str, Callable[[], str]] = {"csv": as_csv, "jsonl": as_jsonl, "reference": as_reference}
