"""Two suppliers that are one structure: joined, and given back. Every step is a change like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from indexer.intake.draft import Draft, merge
from indexer.intake.precedence import FIELDS, Precedence, owner, says_something, told_fields
from indexer.intake.source import IntakeError
from indexer.record import Provenance, Status, Supplier
from indexer.store import merged, repository


def join(connection: Connection, into_id: str, absorbed_id: str, precedence: Precedence, now: datetime) -> Supplier:
    """Make one supplier of two, under the id of the first; the second is delisted and keeps its row. Returns what it
    became. Raises IntakeError when there is no such live pair."""
    known = repository.load(connection, [into_id, absorbed_id])
    if into_id == absorbed_id:
        raise IntakeError(f"{into_id} can't be merged into itself. Give two ids.")
    for id_ in (into_id, absorbed_id):
        if id_ not in known or known[id_].status is not Status.LIVE:
            raise IntakeError(f"No live supplier has the id {id_}. `indexer duplicates` lists pairs by their ids.")
    one, other = known[into_id], known[absorbed_id]
    after = joined(one, other, precedence, now)
    repository.save(connection, [after], now)
    repository.delist(connection, absorbed_id)
    merged.note(connection, merged.Merge(absorbed_id, into_id, one, now))
    return after


def joined(one: Supplier, other: Supplier, precedence: Precedence, now: datetime) -> Supplier:
    """One supplier of two: each field of the source that is believed on it; what only one knows, of that one. Pure."""
    facts: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(one, name), *getattr(other, name)))) for name in ("jobs", "contracts")
    }
    if one.source == other.source:
        empty = {name for name in FIELDS if not says_something(told_fields(_values(one), name))}
        filled = {each: getattr(other, each) for name in empty for each in FIELDS[name]}
        return replace(one, **facts, **filled)
    after = one
    for source in (other.source, *(each.source for each in other.provenance)):
        names = (name for name in FIELDS if owner(other, name) == source)
        own = {each: value for name in names for each, value in told_fields(_values(other), name).items()}
        after = merge(Draft(values=own), one.id, after, source, precedence, now.date())
    return replace(after, **facts)


def part(connection: Connection, absorbed_id: str, now: datetime) -> tuple[str, str]:
    """Undo `join`: both are live, each with its own. Returns both ids. Raises IntakeError when it was not merged, or
    others were merged into the same supplier since."""
    merge_ = merged.get(connection, absorbed_id)
    if merge_ is None:
        raise IntakeError(f"{absorbed_id} was not merged into another supplier. Nothing was changed.")
    if later := merged.later(connection, merge_):
        raise IntakeError(f"{', '.join(later)} was merged into {merge_.into_id} later: split that one first.")
    known = repository.load(connection, [merge_.into_id, absorbed_id])
    if merge_.into_id not in known or absorbed_id not in known:
        raise IntakeError(f"{merge_.into_id} or {absorbed_id} is no longer in the store. Nothing was changed.")
    repository.save(connection, [parted(known[merge_.into_id], merge_.before, known[absorbed_id])], now)
    repository.restore(connection, absorbed_id)
    merged.forget(connection, absorbed_id)
    return merge_.into_id, absorbed_id


def parted(now: Supplier, before: Supplier, other: Supplier) -> Supplier:
    """The supplier without what it has of `other`'s sources; fields that they told are as they were `before`.
    Pure."""
    own = {before.source, *(one.source for one in before.provenance)}
    if other.source in own:
        return replace(before, status=now.status)
    foreign = {name for name in FIELDS if owner(now, name) not in own}
    back: dict[str, Any] = {each: getattr(before, each) for name in foreign for each in FIELDS[name]}
    gone = {other.source, *(one.source for one in other.provenance)} - own
    facts: dict[str, Any] = {
        name: tuple(one for one in getattr(now, name) if one.source not in gone or one in getattr(before, name))
        for name in ("jobs", "contracts")
    }
    owners = {name: owner(before if name in foreign else now, name) for name in FIELDS}
    seen = {one.source: one.seen for one in (*before.provenance, *now.provenance) if one.source in own}
    kept = tuple(
        Provenance(source, day, tuple(name for name in FIELDS if owners[name] == source))
        for source, day in sorted(seen.items())
    )
    return replace(now, **back, **facts, provenance=kept)


def _values(supplier: Supplier) -> dict[str, Any]:
    return {each: getattr(supplier, each) for fields in FIELDS.values() for each in fields}
