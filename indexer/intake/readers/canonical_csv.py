"""The canonical record as CSV: dots for nesting, `;` inside a cell for lists.

    id,name,kind,address.post_code,address.city,certifications,activities.1.sector,activities.1.zone.scope
    c1-7,Atelier du Bocage,EI,69003,Lyon,rge;iso-9001,nettoyage-de-locaux,country

Activities and offers are numbered. Without a number, `activities.sector` may list several sectors,
which then share the other `activities.` columns, and `offers.name` several offers (which share a
description).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TextIO

from rapidfuzz import fuzz, process

from indexer.intake.canonical import RECORD
from indexer.intake.readers.table import Row, records


def _inner(mark: str) -> dict[str, tuple[str, ...]]:
    """Fields within a field, by its name: `[].` of the entries of a list, `.` of one object."""
    split = [each.name.partition(mark) for each in RECORD]
    return {
        block: tuple(name for outer, _, name in split if outer == block)
        for block, found, _ in split
        if found and "[" not in block
    }


FIELDS = tuple(dict.fromkeys(re.split(r"[.[]", each.name)[0] for each in RECORD))
BLOCKS = _inner(".")
OBJECTS = _inner("[].")
"""Lists of objects in JSON. In CSV `jobs` is a list of codes; contracts have no column."""
NUMBERED = ("activities", "offers")
LISTS = (*(each.name for each in RECORD if each.many and "." not in each.name), "jobs")
SCALARS = tuple(name for name in FIELDS if name not in (*BLOCKS, *OBJECTS, *LISTS))
_MANY = frozenset(each.name for each in RECORD if each.many)

COLUMNS = frozenset(
    [*SCALARS, *LISTS]
    + [f"{block}.{name}" for block, names in BLOCKS.items() for name in names]
    + [f"{block}.{at}{name}" for block in NUMBERED for name in OBJECTS[block] for at in ("", "1.")]
)
_NUMBERED = re.compile(r"(activities|offers)\.(?:(\d{1,3})\.)?([a-z_.]+)")

Put = Callable[[dict[str, Any], str], None]


def is_known(column: str) -> bool:
    """Whether the canonical record has a column of that name."""
    match = _NUMBERED.fullmatch(column)
    return column in COLUMNS or bool(match and match[3] in OBJECTS[match[1]])


def read_canonical_csv(stream: TextIO, aliases: Mapping[str, str] | None = None) -> Iterator[Row]:
    """A row for each line of our own CSV; what is wrong with a line is told with its number.
    `aliases`: other names of columns, folded, → ours.
    """
    header, found = records(stream, COLUMNS, aliases)
    puts = [(at, put_into(name)) for at, name in enumerate(header.names) if name]
    for record in found:
        raw: dict[str, Any] = {}
        for at, put in puts:
            put(raw, record.cells[at])
        for name in NUMBERED:
            if name in raw:
                raw[name] = _gather(raw[name], OBJECTS[name][0])
        yield Row(record.line, raw, fault=record.fault)


def put_into(column: str) -> Put:
    """How a cell of this column gets into the record."""
    if column in LISTS:
        return lambda raw, cell: raw.__setitem__(column, _split(cell))
    block, _, name = column.partition(".")
    if name in BLOCKS.get(block, ()):
        return lambda raw, cell: raw.setdefault(block, {}).__setitem__(name, cell)
    match = _NUMBERED.fullmatch(column)
    if match and is_known(column):
        key = (int(match[2] or 0), match[3])
        return lambda raw, cell: raw.setdefault(match[1], {}).__setitem__(key, cell)
    return lambda raw, cell: raw.__setitem__(column, cell)


def _split(cell: str) -> list[str]:
    return [part for each in cell.split(";") if (part := each.strip())]


def _gather(cells: dict[tuple[int, str], str], main: str) -> list[dict[str, Any]]:
    """Numbered cells → objects, in order of their numbers; those without any content are left out."""
    numbered: dict[int, dict[str, str]] = {}
    for (number, name), cell in cells.items():
        numbered.setdefault(number, {})[name] = cell.strip()
    objects = []
    for number, one in sorted(numbered.items()):
        if not any(one.values()):
            continue
        mains = _split(one[main]) if number == 0 and one.get(main) else [one.get(main, "")]
        objects += [_nested({**one, main: each}) for each in mains]
    return objects


def _nested(cells: dict[str, str]) -> dict[str, Any]:
    one: dict[str, Any] = {}
    for name, cell in cells.items():
        block, _, inner = name.partition(".")
        value: Any = _split(cell) if f"activities[].{name}" in _MANY else cell
        if inner:
            one.setdefault(block, {})[inner] = value
        else:
            one[name] = value
    return one


_ALL = tuple(dict.fromkeys([*FIELDS, *(each.name.replace("[]", "") for each in RECORD)]))
_KNOWN: dict[str, Any] = {}
"""The names of the record's fields; of those that hold others, theirs."""
for _path in _ALL:
    _within = _KNOWN
    for _name in _path.split("."):
        _within = _within.setdefault(_name, {})


def unknown_fields(
    raw: Mapping[str, Any], known: Mapping[str, Any] = _KNOWN, within: str = ""
) -> Iterator[str]:
    """Dotted names of the fields of a record that the canonical one does not have."""
    if not raw.keys() <= known.keys():
        yield from (f"{within}{name}" for name in sorted(map(str, raw.keys() - known.keys())))
    for name, inner in known.items():
        if inner and name in raw:
            held = raw[name]
            for each in held if isinstance(held, list) else (held,):
                if isinstance(each, dict):
                    yield from unknown_fields(each, inner, f"{within}{name}.")


@lru_cache(maxsize=256)
def near_field(name: str) -> str:
    """The known field that resembles an unknown one; empty when none does."""
    found = process.extractOne(name[:100], _ALL, scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else ""
