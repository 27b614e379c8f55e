"""Stores of both kinds, and a subscription as the service hands it over."""

from datetime import UTC, datetime

from discovery.desk.alerts import Asked, Do, Every, new_id
from tests.unit.store.conftest import emptied, postgresql_store, sqlite_store, store

__all__ = ["emptied", "postgresql_store", "sqlite_store", "store"]

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
"""A Wednesday."""


def wish(address: str = "ann@mail.example", **changes: object) -> Asked:
    """Somebody asks to follow cleaners in the Rhône, a moment before `NOW`."""
    known: dict[str, object] = {
        "do": Do.SUBSCRIBE, "id": new_id(), "at": int(NOW.timestamp()) - 5, "address": address, "lang": "fr",
        "every": Every.WEEK, "search": "q=nettoyage&department=69",
    }  # fmt: skip
    return Asked(**(known | changes))  # type: ignore[arg-type]


def then(id_: str, do: Do, at: datetime = NOW) -> Asked:
    """What follows to a subscription."""
    return Asked(do, id_, int(at.timestamp()))
