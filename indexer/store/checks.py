"""What the last check of the index found: one row, for whoever watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from indexer.store.models import CheckRow
from indexer.store.sql import table

CHECK = table(CheckRow)


@dataclass(frozen=True, slots=True)
class Check:
    """`differences`: how many of each kind, zeros included."""

    at: datetime
    checked: int
    differences: Mapping[str, int]


def note(engine: Engine, check: Check) -> None:
    """Keep what a check found, in the place of the one before."""
    with engine.begin() as connection:
        connection.execute(delete(CHECK))
        rows = [
            {"kind": kind, "differences": number, "checked": check.checked, "checked_at": check.at}
            for kind, number in check.differences.items()
        ]
        connection.execute(insert(CHECK), rows)


def last(engine: Engine) -> Check | None:
    """What the last comparison of store and index found; None before the first."""
    with engine.connect() as connection:
        rows = connection.execute(select(CHECK)).all()
    if not rows:
        return None
    return Check(rows[0].checked_at, rows[0].checked, {row.kind: row.differences for row in rows})
