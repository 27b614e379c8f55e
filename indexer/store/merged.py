"""Which suppliers were merged into which; a record that was kept as JSON. In the caller's transaction."""

from collections.abc import Sequence
from dataclasses import is_dataclass
from datetime import date
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import Connection, select

from indexer.record import Supplier
from indexer.store.models import MERGED
from indexer.store.sql import ids_in


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
