"""The canonical record, each field declared once (`canonical.yaml`): what readers and checks take,
templates (`indexer import --template`) and the reference.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from discovery.mappings import yamlfile
from discovery.model import dataclass
from discovery.model.attributes import CODED
from indexer.intake import limits, text, values

Read = Callable[[Any, date], Any]
"""Of a given value and today; ValueError where it can't be read."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the canonical record.

    `name` as in JSON, with dots for nesting; an entry of a list of objects has `[]`. `example` is
    valid. `read`: of a single value that is left out with a warning, which says what was
    `expected`, where it can't be read; `nothing` then, and where the file says nothing. `many`: a
    list, parted by `;` in a cell.
    """

    name: str
    about: str
    example: Any = None
    read: Read | None = None
    expected: str = ""
    nothing: Any = None
    many: bool = False

    def reader(self, today: date) -> Callable[[Any], Any]:
        """The field's `read`, bound to a day."""
        return lambda raw: self.read and self.read(raw, today)


def _short(read: Callable[[str], str | None], limit: int) -> Read:
    """A text of a line that `read` makes, and of which it is None that has not the form."""

    def bounded(raw: Any, _: date) -> str:
        short = isinstance(raw, str) and len(raw) <= limits.MARKUP * limit
        value = read(text.plain_line(raw)) if short else None
        if value is None or len(value) > limit:
            raise ValueError("none of them")
        return value

    return bounded


def _whole(least: int, most: int) -> Read:
    return lambda raw, _: values.whole(raw, least, most)


def _flag(raw: Any, _: date) -> bool:
    return values.flag(raw)


_people = _whole(0, limits.EMPLOYEES)
_READ: Mapping[str, tuple[Read | None, str, Any]] = {
    "phone": (_short(text.phone, limits.PHONE), "phone", ""),
    "email": (_short(text.email, limits.EMAIL), "email", ""),
    "contact_public": (_flag, "flag", False),
    **dict.fromkeys(
        ("employees.insertion", "employees.permanent", "capacity"), (_people, "whole_number", None)
    ),
    **dict.fromkeys(("closed", "takes_orders", "qpv", "zrr"), (_flag, "flag", None)),
    "turnover": (_whole(0, limits.TURNOVER), "whole_number", None),
    "year_founded": (
        lambda raw, today: values.whole(raw, limits.FIRST_YEAR, today.year),
        "year",
        None,
    ),
    "updated_at": (values.day, "date", None),
}
"""`read`, `expected` and `nothing` of the fields that have them."""


def _fields(rows: Mapping[str, Any]) -> Iterator[Field]:
    for name, row in rows.items():
        if name == "attributes":
            for one in CODED:
                yield Field(
                    one.field,
                    f"codes of `vocabulary/{one.vocabulary}.yaml`",
                    [*one.example],
                    many=True,
                )
        else:
            about = row["about"].format(**vars(limits))
            read, expected, nothing = _READ.get(name, (None, "", None))
            yield Field(
                name, about, row.get("example"), read, expected, nothing, row.get("many", False)
            )


_FILE: dict[str, Any] = yamlfile.table(Path(__file__).with_suffix(".yaml"))
RECORD: tuple[Field, ...] = tuple(_fields(_FILE["fields"]))


def example() -> dict[str, Any]:
    """One valid record that holds every field with an example."""
    record: dict[str, Any] = {}
    for each in RECORD:
        if each.example is not None:
            _put(record, each.name.split("."), each.example)
    return record


def _put(record: dict[str, Any], path: list[str], value: Any) -> None:
    name, *inner = path
    if name.endswith("[]"):
        _put(record.setdefault(name[:-2], [{}])[0], inner, value)
    elif inner:
        _put(record.setdefault(name, {}), inner, value)
    else:
        record[name] = value


def columns(record: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """A record as (column, cell) of the canonical CSV: dots for nesting, numbers for entries, `;`
    inside lists.
    """
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from columns(value, f"{within}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for at, one in enumerate(value, 1):
                yield from columns(one, f"{within}{name}.{at}.")
        elif isinstance(value, list):
            yield f"{within}{name}", ";".join(map(str, value))
        else:
            yield f"{within}{name}", str(value).lower() if isinstance(value, bool) else str(value)


def as_csv() -> str:
    """The header of every column, and one row: jobs as their codes, without contracts, as CSV
    carries them.
    """
    record = {name: value for name, value in example().items() if name != "contracts"}
    record["jobs"] = [one["rome"] for one in record["jobs"]]
    names, cells = zip(*columns(record), strict=True)
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows((names, cells))
    return out.getvalue()


def as_reference() -> str:
    """The reference of records, as docs/reference/records.md holds it."""
    return str(_FILE["head"]) + "".join(
        f"| `{each.name}` | {each.about} | {_shown(each.example)} |\n" for each in RECORD
    )


def _shown(value: object) -> str:
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


TEMPLATES: Mapping[str, Callable[[], str]] = {
    "csv": as_csv,
    "jsonl": lambda: json.dumps(example(), ensure_ascii=False) + "\n",
    "reference": as_reference,
}
