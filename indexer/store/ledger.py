"""The change ledger: claim what is pending, settle what became of it, set it right by hand.
`triggers.py` fills it.

Each function is one short transaction (or several), never open during engine I/O. Times are the
caller's: aware datetimes. Nothing here waits for a lock while it holds another, so no writer can
deadlock with a worker.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, func, not_, or_, select, text, update
from sqlalchemy.exc import OperationalError

from discovery.engine.port import WriteStatus
from discovery.model import dataclass
from indexer.store import triggers
from indexer.store.models import LEDGER, PENDING, SUPPLIER
from indexer.store.sql import (
    BACKOFF_LONGEST_SECONDS,
    LEASE_SECONDS,
    ahead,
    batched,
    ids_in,
    keyset_apart,
    past,
    taking,
)

BACKOFF_FIRST_SECONDS = 2.0
# How long to wait for a ledger row that another transaction is writing; its lease then runs out by
# itself.
LOCK_PATIENCE_MS = 2000
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's SQLSTATE


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to index one supplier at one revision, until the lease ends.

    `deleted` is a hint: the worker reloads by id, and an absent row is a deletion. `attempts`
    counts this claim, from 1, since the last change or success. `token` is the same for all that
    was claimed together.
    """

    supplier_id: str
    revision: int
    deleted: bool
    attempts: int
    token: str


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """What became of a claim. `not_before` is for RETRY; `error`, a sentence for people, for RETRY
    and DEAD.

    `counts` False: the failure was not the supplier's, and the try is not one of its `attempts`.
    """

    claim: Claim
    result: WriteStatus
    error: str = ""
    not_before: datetime | None = None
    counts: bool = True


def backoff(attempts: int, random: float, longest: float = BACKOFF_LONGEST_SECONDS) -> float:
    """Seconds before the next try, after `attempts` failures (from 1). `random` in [0, 1) spreads
    the herd.

    Exponential with equal jitter: half of min(2 · 2^(attempts - 1), longest) is certain, half is
    drawn.
    """
    if attempts < 1:
        raise ValueError(f"attempts is counted from 1, not {attempts}")
    most = min(BACKOFF_FIRST_SECONDS * 2.0 ** min(attempts - 1, 32), longest)
    return most / 2 + most / 2 * random


def claim(engine: Engine, limit: int, lease_seconds: float, now: datetime) -> list[Claim]:
    """Lease up to `limit` pending rows for `lease_seconds`, the longest unchanged first, skipping
    those that others hold.

    A lease that ran out is claimed anew, and one that a wrong clock gave. The transaction is over
    when this returns.
    """
    free = past(LEDGER.c.lease_until, now, max(lease_seconds, LEASE_SECONDS))
    due = past(LEDGER.c.not_before, now, BACKOFF_LONGEST_SECONDS)
    until, attempts = now + timedelta(seconds=lease_seconds), LEDGER.c.attempts + 1
    statement = (
        taking(
            LEDGER,
            select(LEDGER.c.supplier_id)
            .where(PENDING, free, due)
            .order_by(LEDGER.c.revision)
            .limit(limit),
        )
        .values(lease_token=secrets.token_hex(8), lease_until=until, attempts=attempts)
        .returning(
            LEDGER.c.supplier_id,
            LEDGER.c.revision,
            LEDGER.c.deleted,
            LEDGER.c.attempts,
            LEDGER.c.lease_token,
        )
    )
    with engine.begin() as connection:
        rows = connection.execute(statement).all()
    return [Claim(*row) for row in sorted(rows, key=lambda row: row.revision)]


def record_outcomes(engine: Engine, outcomes: Iterable[ChangeOutcome]) -> Counter[str]:
    """Write what became of the claims, and end their leases. Returns how many, by result; `lost`:
    the lease is another's by now, or the row stayed locked (its lease will run out).

    An outcome speaks only of the revision that was claimed, and only while its token is on the row.
    A supplier changed since is pending again at once, whatever the outcome.

    Who writes after the lease was lost may undo a later deletion: an engine remembers the version
    of what is deleted for a while only. Such a supplier is queued anew, so that the last word is
    the store's.
    """
    waiting: dict[str, ChangeOutcome] = {}
    overtaken: list[str] = []
    for outcome in outcomes:
        if waiting.setdefault(outcome.claim.supplier_id, outcome) is not outcome:
            raise ValueError(f"two outcomes for {outcome.claim.supplier_id}")
    counts: Counter[str] = Counter()
    with engine.begin() as connection:
        held = _locked(connection, list(waiting), skip_locked=True)
        counts += _settle(connection, held, [waiting.pop(key) for key in held], overtaken)
    for outcome in waiting.values():
        # A writer has this row in an open transaction, or there is no such row. One at a time: see
        # the module's head.
        try:
            with engine.begin() as connection:
                held = _locked(connection, [outcome.claim.supplier_id], skip_locked=False)
                counts += _settle(connection, held, [outcome], overtaken)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            counts["lost"] += 1
    requeue(engine, overtaken)
    return counts


def settled(revision: int, settled_revision: int, outcome: ChangeOutcome) -> dict[str, Any]:
    """The ledger columns that an outcome sets on a row that stands at `revision`, the index having
    learnt `settled_revision`. Pure.
    """
    values: dict[str, Any] = {"lease_token": None, "lease_until": None}
    claimed = outcome.claim.revision
    if outcome.result not in (WriteStatus.RETRY, WriteStatus.DEAD):
        done = {
            "settled_revision": max(settled_revision, claimed),
            "attempts": 0,
            "error": None,
            "not_before": None,
        }
        return values | done
    if revision > claimed:
        return values  # changed since: neither its delay nor its death concerns the new content
    failed = {"error": outcome.error or outcome.result.value}
    if outcome.result is WriteStatus.RETRY:
        attempts = outcome.claim.attempts - (not outcome.counts)
        return values | failed | {"not_before": outcome.not_before, "attempts": attempts}
    return values | failed | {"dead": True, "not_before": None}


def _locked(connection: Connection, ids: Sequence[str], skip_locked: bool) -> dict[str, Any]:
    if connection.dialect.name == "postgresql" and not skip_locked:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_PATIENCE_MS}")
    rows = connection.execute(
        select(
            LEDGER.c.supplier_id, LEDGER.c.revision, LEDGER.c.settled_revision, LEDGER.c.lease_token
        )
        .where(ids_in(connection, LEDGER.c.supplier_id, ids))
        .with_for_update(skip_locked=skip_locked)
    )
    return {row.supplier_id: row for row in rows}


def _settle(
    connection: Connection,
    held: Mapping[str, Any],
    outcomes: Iterable[ChangeOutcome],
    overtaken: list[str],
) -> Counter[str]:
    """Adds to `overtaken` what was written without a lease, at a revision that is not the last."""
    counts: Counter[str] = Counter()
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for outcome in outcomes:
        row = held.get(outcome.claim.supplier_id)
        if row is None or row.lease_token != outcome.claim.token:
            counts["lost"] += 1
            written = outcome.result in (WriteStatus.INDEXED, WriteStatus.DELETED)
            if row is not None and written and row.revision > outcome.claim.revision:
                overtaken.append(row.supplier_id)
            continue
        values = settled(row.revision, row.settled_revision, outcome)
        updates.setdefault(tuple(values), []).append({"key": row.supplier_id, **values})
        counts[outcome.result.value] += 1
    for columns, rows in updates.items():
        statement = update(LEDGER).where(LEDGER.c.supplier_id == bindparam("key"))
        connection.execute(
            statement.values({column: bindparam(column) for column in columns}), rows
        )
    return counts


def expire(engine: Engine, now: datetime) -> int:
    """Free the rows whose lease ran out (their worker died), or was given by a wrong clock. Returns
    how many.
    """
    over = LEDGER.c.lease_until.is_not(None), past(LEDGER.c.lease_until, now, LEASE_SECONDS)
    statement = taking(LEDGER, select(LEDGER.c.supplier_id).where(*over)).values(
        lease_token=None, lease_until=None
    )
    with engine.begin() as connection:
        return len(connection.execute(statement.returning(LEDGER.c.supplier_id)).all())


def pending_count(engine: Engine) -> int:
    """Suppliers that the index has yet to learn, those leased or delayed included, the dead apart."""
    with engine.connect() as connection:
        return connection.execute(
            select(func.count()).select_from(LEDGER).where(PENDING)
        ).scalar_one()


def unfinished(engine: Engine, now: datetime) -> bool:
    """Whether something pending was not tried yet, or is being tried. (What failed by itself, and
    waits for its next try, was.)
    """
    failed = and_(
        LEDGER.c.attempts > 0,
        past(LEDGER.c.lease_until, now, LEASE_SECONDS),
        ahead(LEDGER.c.not_before, now, BACKOFF_LONGEST_SECONDS),
    )
    with engine.connect() as connection:
        query = (
            select(LEDGER.c.supplier_id)
            .where(PENDING, or_(LEDGER.c.not_before.is_(None), not_(failed)))
            .limit(1)
        )
        return connection.execute(query).first() is not None


def revisions(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The current revision of each of these ids that the ledger knows, suppliers deleted long ago
    included.

    To index what `load` returns outside a claim, read both in one `reading` transaction.
    """
    rows = connection.execute(
        select(LEDGER.c.supplier_id, LEDGER.c.revision).where(
            ids_in(connection, LEDGER.c.supplier_id, ids)
        )
    )
    return {row.supplier_id: row.revision for row in rows}


BATCH = 1000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A change that the engine refused for good, until the supplier changes or someone replays it."""

    supplier_id: str
    revision: int
    deleted: bool
    attempts: int
    error: str


def dead_letters(engine: Engine) -> list[DeadLetter]:
    query = (
        select(
            LEDGER.c.supplier_id,
            LEDGER.c.revision,
            LEDGER.c.deleted,
            LEDGER.c.attempts,
            LEDGER.c.error,
        )
        .where(text("dead"))
        .order_by(LEDGER.c.supplier_id)
    )
    with engine.connect() as connection:
        return [DeadLetter(*row[:4], error=row[4] or "") for row in connection.execute(query)]


def pending(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids whose change the index has yet to learn."""
    query = select(LEDGER.c.supplier_id).where(
        PENDING, ids_in(connection, LEDGER.c.supplier_id, ids)
    )
    return set(connection.execute(query).scalars())


def replay(engine: Engine, ids: Sequence[str] | None = None) -> int:
    """Make dead rows (these, or all) claimable again at the same revision. Returns how many."""
    return _revive(engine, ids, drop=False)


def drop(engine: Engine, ids: Sequence[str] | None = None) -> int:
    """Give dead rows up (these, or all): nothing is pending for them until the supplier changes.
    Returns how many.
    """
    return _revive(engine, ids, drop=True)


def _revive(engine: Engine, ids: Sequence[str] | None, *, drop: bool) -> int:
    with engine.begin() as connection:
        statement = (
            update(LEDGER)
            .where(text("dead"))
            .values(dead=False, attempts=0, not_before=None, error=None)
        )
        if drop:
            statement = statement.values(settled_revision=LEDGER.c.revision)
        if ids is not None:
            statement = statement.where(ids_in(connection, LEDGER.c.supplier_id, ids))
        return connection.execute(statement).rowcount


def requeue(engine: Engine, ids: Sequence[str]) -> None:
    """Give each of these ids a NEW revision, as if it had changed, whether or not there is such a
    supplier.

    So is a repair told from what the engine holds: it can only be newer.
    """
    for batch in batched(sorted(set(ids)), BATCH):
        with engine.begin() as connection:
            _queue(connection, batch)


def requeue_all(engine: Engine) -> int:
    """Requeue every supplier, `BATCH` ids a transaction, so that writers are never held up for
    long. Returns how many.
    """
    total = 0
    for ids in keyset_apart(engine, select(SUPPLIER.c.id), BATCH):
        requeue(engine, ids)
        total += len(ids)
    return total


def raise_counter(engine: Engine, above: int) -> int:
    """See that every revision given from now on is above `above`; never lowers. Returns the
    counter.

    For when the engine is met with a version from the store's future, as after a restored backup.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(
                text(f"UPDATE {triggers.COUNTER_TABLE} SET value = max(value, :above)"),
                {"above": above},
            )
        else:
            # setval is not atomic with the reading of the last value: no one may draw a revision in
            # between.
            connection.exec_driver_sql("LOCK TABLE change_ledger IN SHARE ROW EXCLUSIVE MODE")
            if above > _counter(connection):
                connection.execute(
                    text(f"SELECT setval('{triggers.COUNTER_SEQUENCE}', :above)"), {"above": above}
                )
        return _counter(connection)


def _counter(connection: Connection) -> int:
    query = (
        f"SELECT value FROM {triggers.COUNTER_TABLE}"
        if connection.dialect.name == "sqlite"
        else f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {triggers.COUNTER_SEQUENCE}"
    )
    return int(connection.execute(text(query)).scalar_one())


def _queue(connection: Connection, ids: list[str]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT {triggers.PREFIX}queue(:ids)"), {"ids": ids})
        return
    for statement in triggers.sqlite_requeue():
        connection.execute(text(statement), {"ids": json.dumps(ids)})
