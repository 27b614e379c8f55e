"""A supplier corrects its record: at once by a link that was mailed to an address that the store
holds, else when the operator approves. What it says is a source of its own, before all others,
until it is withdrawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import orjson
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from discovery.desk.alerts import TOKEN, Asked, Do, Signer, fresh
from discovery.errors import DiscoveryError
from discovery.model import dataclass, replace
from discovery.model.attributes import ITSELF
from indexer.alerts.subscriptions import Applied, alone
from indexer.intake import limits, text, values
from indexer.intake.precedence import FIELDS, noted, owner, told_fields
from indexer.record import Activity, Scope, Status, Supplier, Zone
from indexer.store import repository
from indexer.store.models import CORRECTION
from indexer.store.repository import thawed

MAX_WAITING, MAX_OF_ONE = 1_000, 3
"""Requests without proof that wait for the operator, in all and of one supplier; beyond, a new one
is not kept.
"""
WAITS = timedelta(days=90)
"""After which a request that nobody approved is forgotten."""
NUMBERS = {
    "insertion": "employees_insertion",
    "permanent": "employees_permanent",
    "capacity": "capacity",
}
"""Parameter → field of the record."""

Told = Mapping[str, Sequence[str]]


class CorrectionRefused(DiscoveryError):
    """There is no such correction, or no such supplier."""


def take(store: Engine, asked: Asked, signer: Signer, now: datetime) -> Applied:
    """Do what was asked of a record where its link's token proves it; else keep a correction for
    the operator.
    """
    told = parse_qs(asked.search)
    id_ = told.get("supplier", [""])[0]
    if not fresh(asked.at, now.timestamp()):
        return Applied.STALE
    proven = signer.corrects(told.get(TOKEN, [""])[0], id_, asked.at)
    with store.begin() as connection:
        alone(connection)
        connection.execute(
            delete(CORRECTION).where(
                CORRECTION.c.before.is_(None), CORRECTION.c.asked_at < now - WAITS
            )
        )
        supplier = _live(connection, id_)
        if supplier is None:
            return Applied.STALE
        if asked.do is Do.WITHDRAW:
            return (
                Applied.DONE if proven and _withdraw(connection, supplier, now) else Applied.STALE
            )
        if connection.execute(select(CORRECTION.c.id).where(CORRECTION.c.id == asked.id)).first():
            return Applied.REPEATED
        waiting = select(func.count()).select_from(CORRECTION).where(CORRECTION.c.before.is_(None))
        of_one = waiting.where(CORRECTION.c.supplier_id == id_)
        if not proven and (
            connection.scalars(waiting).one() >= MAX_WAITING
            or connection.scalars(of_one).one() >= MAX_OF_ONE
        ):
            return Applied.LIMITED
        row = {"id": asked.id, "supplier_id": id_, "content": asked.search, "asked_at": now}
        connection.execute(insert(CORRECTION), row)
        if proven:
            _apply(connection, asked.id, supplier, told, now)
        return Applied.DONE


def approve(store: Engine, id_: str, now: datetime) -> str:
    """Let a correction that waits hold. Returns the supplier's id; raises CorrectionRefused."""
    with store.begin() as connection:
        row = _waiting(connection, id_)
        supplier = _live(connection, row.supplier_id)
        if supplier is None:
            raise CorrectionRefused(
                f"{row.supplier_id} is live no more; `indexer corrections refuse {id_}` forgets it"
            )
        _apply(connection, id_, supplier, parse_qs(row.content), now)
        return supplier.id


def refuse(store: Engine, id_: str) -> None:
    """Forget a correction that waits. Raises CorrectionRefused."""
    with store.begin() as connection:
        connection.execute(
            delete(CORRECTION).where(CORRECTION.c.id == _waiting(connection, id_).id)
        )


def withdraw(store: Engine, supplier_id: str, now: datetime) -> None:
    """Take back all that a supplier said of itself. Raises CorrectionRefused when it said nothing."""
    with store.begin() as connection:
        supplier = _live(connection, supplier_id)
        if supplier is None or not _withdraw(connection, supplier, now):
            raise CorrectionRefused(
                f"{supplier_id} has no correction that holds; `indexer corrections list`"
            )


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction. `changes`: field → what it is, and what it is to be."""

    id: str
    supplier_id: str
    holds: bool
    asked_at: datetime
    changes: Mapping[str, tuple[Any, Any]]


def listed(connection: Connection) -> Iterator[Listed]:
    """Every correction, those that wait first, the oldest first."""
    query = select(CORRECTION).order_by(
        CORRECTION.c.before.is_not(None), CORRECTION.c.asked_at, CORRECTION.c.id
    )
    rows = connection.execute(query).all()
    known = repository.load(connection, [row.supplier_id for row in rows])
    for row in rows:
        one = thawed(orjson.loads(row.before)) if row.before else known.get(row.supplier_id)
        said = changes(one, parse_qs(row.content)) if one else {}
        told = {
            name: (getattr(one, name), value)
            for name, value in said.items()
            if getattr(one, name) != value
        }
        yield Listed(row.id, row.supplier_id, row.before is not None, row.asked_at, told)


def _waiting(connection: Connection, id_: str) -> Row[Any]:
    query = select(CORRECTION).where(CORRECTION.c.id == id_, CORRECTION.c.before.is_(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise CorrectionRefused(
            f"No correction {id_} waits; `indexer corrections list` tells those that do."
        )
    return row


def _live(connection: Connection, id_: str) -> Supplier | None:
    found = repository.load(connection, [id_]).get(id_)
    return found if found and found.status is Status.LIVE else None


def _holding(connection: Connection, supplier_id: str) -> Row[Any] | None:
    holds = (CORRECTION.c.supplier_id == supplier_id) & CORRECTION.c.before.is_not(None)
    return connection.execute(select(CORRECTION).where(holds)).one_or_none()


def _apply(connection: Connection, id_: str, supplier: Supplier, told: Told, now: datetime) -> None:
    held = _holding(connection, supplier.id)
    before = held.before if held else orjson.dumps(supplier).decode()
    if held:
        connection.execute(delete(CORRECTION).where(CORRECTION.c.id == held.id))
    connection.execute(update(CORRECTION).where(CORRECTION.c.id == id_).values(before=before))
    repository.save(connection, [corrected(supplier, told, now)], now)


def _withdraw(connection: Connection, supplier: Supplier, now: datetime) -> bool:
    held = _holding(connection, supplier.id)
    if held is None:
        return False
    connection.execute(delete(CORRECTION).where(CORRECTION.c.id == held.id))
    repository.save(connection, [withdrawn(supplier, thawed(orjson.loads(held.before)))], now)
    return True


def corrected(supplier: Supplier, told: Told, now: datetime) -> Supplier:
    """The supplier as it says that it is; those fields are its own from now on. Pure."""
    said = changes(supplier, told)
    own = {name for name in FIELDS if told_fields(said, name) or owner(supplier, name) == ITSELF}
    after = replace(supplier, **said)
    return (
        replace(after, provenance=noted(after, ITSELF, own, now.date(), now.date()))
        if own
        else supplier
    )


def withdrawn(supplier: Supplier, before: Supplier) -> Supplier:
    """The supplier without what it said of itself: those fields are as they were, and whose they
    were. Pure.
    """
    own = [name for name in FIELDS if owner(supplier, name) == ITSELF]
    back = {each: getattr(before, each) for name in own for each in FIELDS[name]}
    whose = {name: owner(before, name) for name in own}
    others = (one for one in supplier.provenance if one.source != ITSELF)
    kept = (
        replace(
            one,
            fields=tuple(
                name for name in FIELDS if name in one.fields or whose.get(name) == one.source
            ),
        )
        for one in others
    )
    return replace(supplier, **back, provenance=tuple(kept))


def changes(supplier: Supplier, told: Told) -> dict[str, Any]:
    """Fields of the record that a correction gives. What is left out, or can't be read, stays as it
    is. Pure.
    """
    found: dict[str, Any] = {}
    for parameter, name in NUMBERS.items():
        with suppress(ValueError, KeyError):
            found[name] = values.whole(told[parameter][0], 0, limits.EMPLOYEES)
    with suppress(ValueError, KeyError):
        found["takes_orders"] = values.flag(told["orders"][0])
    if (phone := text.phone(told.get("phone", [""])[0])) and len(phone) <= limits.PHONE:
        found["phone"] = phone
    zone, sectors = _zone(told), told.get("sector", ())[: limits.ACTIVITIES]
    if sectors or zone:
        kept = [one for one in supplier.activities if not sectors or one.sector in sectors]
        known = {one.sector for one in kept}
        offered = [*kept, *(Activity(sector) for sector in sectors if sector not in known)]
        found["activities"] = tuple(
            dict.fromkeys(replace(one, zone=zone) if zone else one for one in offered)
        )
    return found


def _zone(told: Told) -> Zone | None:
    """Where it serves; None when that stays as it is."""
    match told.get("zone", [""])[0]:
        case "country":
            return Zone(Scope.COUNTRY)
        case "radius":
            with suppress(ValueError, KeyError):
                return Zone(Scope.RADIUS, values.whole(told["km"][0], 1, limits.RADIUS_KM))
        case "places" if places := tuple(told.get("place", ())[: limits.PLACES]):
            return Zone(Scope.PLACES, None, places)
    return None
