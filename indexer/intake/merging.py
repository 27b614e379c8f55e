"""Suppliers that may be one structure: proposed, joined by a person, and given back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations
from math import cos, hypot, radians
from typing import Any

import orjson
from rapidfuzz import fuzz
from sqlalchemy import Connection, delete, insert, select

from discovery.model import dataclass, replace
from discovery.places import normalise
from indexer.intake.precedence import (
    FIELDS,
    Draft,
    Precedence,
    merge,
    owner,
    says_something,
    told_fields,
)
from indexer.intake.source import IntakeError
from indexer.record import Provenance, Status, Supplier
from indexer.store import repository
from indexer.store.models import MERGED
from indexer.store.repository import thawed

NEAR_METRES = 500
NEAR_NAMES = 88.0
"""rapidfuzz's score (0-100) of two names, from which they may be one with a word more or a letter
less.
"""
MAX_PER_PLACE = 200
"""Suppliers around one point that are compared with each other: more sit at a commune's own point
by default.
"""
_CELL = 0.01
"""Degrees: more than NEAR_METRES either way in France."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a live supplier; `point`: latitude and longitude, None where they are not
    its own.
    """

    id: str
    source: str
    siret: str
    kind: str
    name: str
    commune: str
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two suppliers that may be one.

    `why`: siret, siren or name; the surest first.
    """

    one: Known
    other: Known
    why: str


def pairs(suppliers: Iterable[Known]) -> list[Pair]:
    """Pairs that may be one structure, of one kind and of different sources: of one SIRET; of one
    SIREN in one commune; of near names within 500 m. Each pair once.
    """
    known = list(suppliers)
    found: dict[tuple[str, str], Pair] = {}
    siret = _groups((one.siret, one) for one in known if one.siret)
    siren = _groups(
        (f"{one.siret[:9]} {one.commune}", one) for one in known if one.siret and one.commune
    )
    for why, groups in (("siret", siret), ("siren", siren), ("name", _by_place(known))):
        for group in groups:
            for one, other in combinations(sorted(group, key=lambda each: each.id), 2):
                if one.source == other.source or one.kind != other.kind:
                    continue
                if why != "name" or (_close(one, other) and _alike(one.name, other.name)):
                    found.setdefault((one.id, other.id), Pair(one, other, why))
    return list(found.values())


def _by_place(known: Sequence[Known]) -> Iterator[list[Known]]:
    """By overlapping cells, so that neighbours on either side of an edge meet."""
    cells = (
        (f"{round(one.point[0] / _CELL) + north} {round(one.point[1] / _CELL) + east}", one)
        for one in known
        if one.point
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
    assert one.point
    assert other.point
    (lat, lon), (other_lat, other_lon) = one.point, other.point
    north, east = lat - other_lat, (lon - other_lon) * cos(radians(lat))
    return hypot(north, east) * 111_200 <= NEAR_METRES


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(normalise(one), normalise(other)) >= NEAR_NAMES


def join(
    connection: Connection, into_id: str, absorbed_id: str, precedence: Precedence, now: datetime
) -> Supplier:
    """Make one supplier of two, under the id of the first; the second is delisted and keeps its
    row. Returns what it became. Raises IntakeError when there is no such live pair.
    """
    known = repository.load(connection, [into_id, absorbed_id])
    if into_id == absorbed_id:
        raise IntakeError(f"{into_id} can't be merged into itself. Give two ids.")
    for id_ in (into_id, absorbed_id):
        if id_ not in known or known[id_].status is not Status.LIVE:
            raise IntakeError(
                f"No live supplier has the id {id_}. `indexer duplicates` lists pairs by their ids."
            )
    one, other = known[into_id], known[absorbed_id]
    after = joined(one, other, precedence, now)
    repository.save(connection, [after], now)
    repository.delist(connection, absorbed_id)
    row = {
        "absorbed_id": absorbed_id,
        "into_id": into_id,
        "before": orjson.dumps(one).decode(),
        "merged_at": now,
    }
    connection.execute(insert(MERGED), row)
    return after


def joined(one: Supplier, other: Supplier, precedence: Precedence, now: datetime) -> Supplier:
    """One supplier of two: each field of the source that is believed on it; what only one knows, of
    that one. Pure.
    """
    facts: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(one, name), *getattr(other, name))))
        for name in ("jobs", "contracts")
    }
    if one.source == other.source:
        empty = {name for name in FIELDS if not says_something(told_fields(_values(one), name))}
        filled = {each: getattr(other, each) for name in empty for each in FIELDS[name]}
        return replace(one, **facts, **filled)
    after = one
    for source in (other.source, *(each.source for each in other.provenance)):
        names = (name for name in FIELDS if owner(other, name) == source)
        own = {
            each: value
            for name in names
            for each, value in told_fields(_values(other), name).items()
        }
        after = merge(Draft(values=own), one.id, after, source, precedence, now.date())
    return replace(after, **facts)


def part(connection: Connection, absorbed_id: str, now: datetime) -> tuple[str, str]:
    """Undo `join`: both are live, each with its own. Returns both ids. Raises IntakeError when it
    was not merged, or others were merged into the same supplier since.
    """
    merge_ = connection.execute(
        select(MERGED).where(MERGED.c.absorbed_id == absorbed_id)
    ).one_or_none()
    if merge_ is None:
        raise IntakeError(
            f"{absorbed_id} was not merged into another supplier. Nothing was changed."
        )
    into, at, before = merge_.into_id, merge_.merged_at, thawed(orjson.loads(merge_.before))
    since = select(MERGED.c.absorbed_id).where(MERGED.c.into_id == into, MERGED.c.merged_at > at)
    if later := connection.execute(since.order_by(MERGED.c.merged_at.desc())).scalars().all():
        raise IntakeError(f"{', '.join(later)} was merged into {into} later: split that one first.")
    known = repository.load(connection, [into, absorbed_id])
    if into not in known or absorbed_id not in known:
        raise IntakeError(
            f"{into} or {absorbed_id} is no longer in the store. Nothing was changed."
        )
    repository.save(connection, [parted(known[into], before, known[absorbed_id])], now)
    repository.restore(connection, absorbed_id)
    connection.execute(delete(MERGED).where(MERGED.c.absorbed_id == absorbed_id))
    return into, absorbed_id


def parted(now: Supplier, before: Supplier, other: Supplier) -> Supplier:
    """The supplier without what it has of `other`'s sources; fields that they told are as they were
    `before`. Pure.
    """
    own = {before.source, *(one.source for one in before.provenance)}
    if other.source in own:
        return replace(before, status=now.status)
    foreign = {name for name in FIELDS if owner(now, name) not in own}
    back: dict[str, Any] = {
        each: getattr(before, each) for name in foreign for each in FIELDS[name]
    }
    gone = {other.source, *(one.source for one in other.provenance)} - own
    facts: dict[str, Any] = {
        name: tuple(
            one
            for one in getattr(now, name)
            if one.source not in gone or one in getattr(before, name)
        )
        for name in ("jobs", "contracts")
    }
    owners = {name: owner(before if name in foreign else now, name) for name in FIELDS}
    seen = {
        one.source: one.seen for one in (*before.provenance, *now.provenance) if one.source in own
    }
    kept = tuple(
        Provenance(source, day, tuple(name for name in FIELDS if owners[name] == source))
        for source, day in sorted(seen.items())
    )
    return replace(now, **back, **facts, provenance=kept)


def _values(supplier: Supplier) -> dict[str, Any]:
    return {each: getattr(supplier, each) for fields in FIELDS.values() for each in fields}
