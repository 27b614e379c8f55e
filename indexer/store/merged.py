"""Which suppliers were merged into which, and how to give them back. In the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import orjson
from sqlalchemy import Connection, delete, insert, select

from indexer.record import Supplier
from indexer.store.models import MERGED
from indexer.store.sql import ids_in


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


def thawed(held: Any, shape: Any = Supplier) -> Any:
    """Make a value of this type of the plain ones that `orjson` made of it. A field that a record no longer has is left
    out."""
    if held is None:
        return None
    if get_origin(shape) is tuple:
        return tuple(thawed(one, get_args(shape)[0]) for one in held)
    if isinstance(shape, UnionType):
        return thawed(held, get_args(shape)[0])
    if is_dataclass(shape) and isinstance(shape, type):
        hints = get_type_hints(shape)
        return shape(**{name: thawed(value, hints[name]) for name, value in held.items() if name in hints})
    return shape.fromisoformat(held) if issubclass(shape, date) else shape(held)
