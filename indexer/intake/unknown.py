"""Fields that no one reads: a misspelt name would lose a column in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from indexer.intake.readers.canonical_csv import ACTIVITY, BLOCKS, FIELDS, OBJECTS, OFFER

_FIELDS = frozenset(FIELDS)
_BLOCKS = {block: frozenset(names) for block, names in BLOCKS.items()}
_OBJECTS = {
    "activities": frozenset(name.partition(".")[0] for name in ACTIVITY),
    "offers": frozenset(OFFER),
    **{name: frozenset(inner) for name, inner in OBJECTS.items()},
}
_ZONE = frozenset(name.partition(".")[2] for name in ACTIVITY if "." in name)
_ALL = tuple(
    [*FIELDS]
    + [f"{block}.{name}" for block, names in BLOCKS.items() for name in names]
    + [f"activities.{name}" for name in ACTIVITY]
    + [f"offers.{name}" for name in OFFER]
    + [f"{name}.{inner}" for name, fields in OBJECTS.items() for inner in fields]
)


def unknown_fields(raw: Mapping[str, Any]) -> Iterator[str]:
    """Dotted names of the fields of a record that the canonical one does not have."""
    if not raw.keys() <= _FIELDS:
        yield from sorted(map(str, raw.keys() - _FIELDS))
    for block, names in _BLOCKS.items():
        if block in raw:
            yield from _others(block, raw[block], names)
    for name, names in _OBJECTS.items():
        objects = raw.get(name)
        for each in objects if isinstance(objects, list) else ():
            yield from _others(name, each, names)
            if name == "activities" and isinstance(each, dict):
                yield from _others("activities.zone", each.get("zone"), _ZONE)


def _others(block: str, value: Any, known: frozenset[str]) -> Sequence[str]:
    if not isinstance(value, dict) or value.keys() <= known:
        return ()
    return [f"{block}.{name}" for name in sorted(map(str, value.keys() - known))]


@lru_cache(maxsize=256)
def near_field(name: str) -> str:
    """The known field that resembles an unknown one; empty when none does."""
    found = process.extractOne(name[:100], _ALL, scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else ""
