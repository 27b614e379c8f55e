"""Which suppliers were merged into which, and how to give them back. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select

from indexer.record import (
    Activity,
    Contract,
    Job,
    LocationSource,
    Offer,
    Provenance,
    Scope,
    SiteTrade,
    Status,
    Supplier,
    Zone,
)
from indexer.store.models import MergeRow
from indexer.store.sql import ids_in, table

MERGED = table(MergeRow)


@dataclass(frozen=True, slots=True)
class Merge:
    """`before`: the supplier that took the other in, as it was."""

    absorbed_id: str
    into_id: str
    before: Supplier
    at: datetime


def direct(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Those of the ids that are merged → the ids of what took them in, which may have been merged since."""
    query = select(MERGED.c.absorbed_id, MERGED.c.into_id).where(ids_in(connection, MERGED.c.absorbed_id, ids))
    return {row.absorbed_id: row.into_id for row in connection.execute(query)}


def aliases(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Those of the ids that are merged → the ids under which they are found, through however many merges."""
    found: dict[str, str] = {}
    asked = list(ids)
    while asked:
        step = direct(connection, asked)
        found = {one: step.get(into, into) for one, into in found.items()}
        found |= {one: into for one, into in step.items() if one in ids and one not in found}
        asked = [into for into in step.values() if into not in asked]
    return found


def note(connection: Connection, merge: Merge) -> None:
    """Keep that a supplier was merged into another, and what the other was before."""
    row = {
        "absorbed_id": merge.absorbed_id,
        "into_id": merge.into_id,
        "before": orjson.dumps(merge.before).decode(),
        "merged_at": merge.at,
    }
    connection.execute(insert(MERGED), row)


def get(connection: Connection, absorbed_id: str) -> Merge | None:
    """The merge that took this supplier in; None when it was not merged."""
    row = connection.execute(select(MERGED).where(MERGED.c.absorbed_id == absorbed_id)).one_or_none()
    return Merge(row.absorbed_id, row.into_id, thawed(orjson.loads(row.before)), row.merged_at) if row else None


def later(connection: Connection, merge: Merge) -> list[str]:
    """Ids merged into the same supplier after this one: to be split first."""
    query = select(MERGED.c.absorbed_id).where(MERGED.c.into_id == merge.into_id, MERGED.c.merged_at > merge.at)
    return list(connection.execute(query.order_by(MERGED.c.merged_at.desc())).scalars())


def forget(connection: Connection, absorbed_id: str) -> None:
    """Remove the note of a merge, when it was undone."""
    connection.execute(delete(MERGED).where(MERGED.c.absorbed_id == absorbed_id))


def thawed(held: dict[str, Any]) -> Supplier:
    """Make a supplier of the plain values (as from JSON) that `orjson` made of one."""

    def day(value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None

    known = {one.name for one in fields(Supplier)}
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in held.items() if name in known
    }
    first = held.get("first_listed_at")
    return replace(
        Supplier(**plain),
        activities=tuple(
            Activity(one["sector"], tuple(one["service_types"]), _zone(one["zone"])) for one in held["activities"]
        ),
        offers=tuple(Offer(**one) for one in held["offers"]),
        jobs=tuple(Job(**{**one, "seen": day(one["seen"])}) for one in held["jobs"]),
        contracts=tuple(Contract(**{**one, "won": day(one["won"])}) for one in held["contracts"]),
        site_trades=tuple(SiteTrade(**{**one, "seen": day(one["seen"])}) for one in held.get("site_trades", ())),
        provenance=tuple(
            Provenance(one["source"], day(one["seen"]), tuple(one["fields"])) for one in held["provenance"]
        ),
        location_source=LocationSource(held["location_source"]) if held["location_source"] else None,
        status=Status(held["status"]),
        updated_at=day(held["updated_at"]),
        first_listed_at=datetime.fromisoformat(first) if first else None,
    )


def _zone(held: dict[str, Any]) -> Zone:
    return Zone(Scope(held["scope"]), held["radius_km"], tuple(held["places"]))
