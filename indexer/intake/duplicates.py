"""Suppliers that may be one structure: proposed, never joined without a person. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, hypot, radians

from rapidfuzz import fuzz

from discovery.gazetteer import normalise

NEAR_METRES = 500
NEAR_NAMES = 88.0
"""rapidfuzz's score (0-100) of two names, from which they may be one with a word more or a letter less."""
MAX_PER_PLACE = 200
"""Suppliers around one point that are compared with each other: more sit at a commune's own point by default."""
_CELL = 0.01
"""Degrees: more than NEAR_METRES either way in France."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a live supplier; `lat`, `lon` None where they are not its own."""

    id: str
    source: str
    siret: str
    kind: str
    name: str
    commune: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two suppliers that may be one.

    `why`: siret, siren or name; the surest first.
    """

    one: Known
    other: Known
    why: str


def pairs(suppliers: Iterable[Known]) -> list[Pair]:
    """Pairs that may be one structure, of one kind and of different sources: of one SIRET; of one SIREN in one
    commune; of near names within 500 m. Each pair once."""
    known = list(suppliers)
    found: dict[tuple[str, str], Pair] = {}
    for why, groups in (("siret", _by_siret(known)), ("siren", _by_siren(known)), ("name", _by_place(known))):
        for group in groups:
            for one, other in combinations(sorted(group, key=lambda each: each.id), 2):
                if one.source == other.source or one.kind != other.kind:
                    continue
                if why != "name" or (_close(one, other) and _alike(one.name, other.name)):
                    found.setdefault((one.id, other.id), Pair(one, other, why))
    return list(found.values())


def _by_siret(known: Sequence[Known]) -> Iterator[list[Known]]:
    return _groups((one.siret, one) for one in known if one.siret)


def _by_siren(known: Sequence[Known]) -> Iterator[list[Known]]:
    return _groups((f"{one.siret[:9]} {one.commune}", one) for one in known if one.siret and one.commune)


def _by_place(known: Sequence[Known]) -> Iterator[list[Known]]:
    """By overlapping cells, so that neighbours on either side of an edge meet."""
    cells = (
        (f"{round(one.lat / _CELL) + north} {round(one.lon / _CELL) + east}", one)
        for one in known
        if one.lat is not None and one.lon is not None
        for north in (0, 1)
        for east in (0, 1)
    )
    return (group for group in _groups(cells) if len(group) <= MAX_PER_PLACE)


def _groups(keyed: Iterable[tuple[str, Known]]) -> Iterator[list[Known]]:
    groups: defaultdict[str, list[Known]] = defaultdict(list)
    for key, one in keyed:
        groups[key].append(one)
    return (group for group in groups.values() if len(group) > 1)


def _close(one: Known, other: Known) -> bool:
    assert one.lat is not None
    assert one.lon is not None
    assert other.lat is not None
    assert other.lon is not None
    north = (one.lat - other.lat) * 111_200
    east = (one.lon - other.lon) * 111_200 * cos(radians(one.lat))
    return hypot(north, east) <= NEAR_METRES


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(normalise(one), normalise(other)) >= NEAR_NAMES
