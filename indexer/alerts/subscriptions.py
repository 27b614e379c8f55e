"""The searches that are followed: requests applied, digests due, addresses erased. Each function is one transaction."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, or_, select, text, update

from discovery.alerts.signing import ANSWER_SECONDS, Asked, Do, Every, fresh
from discovery.config import mailbox
from indexer.alerts import tally
from indexer.alerts.known import learnt
from indexer.alerts.schedule import next_due
from indexer.store.models import AlertMailRow, AlertRow
from indexer.store.sql import table

ALERT, MAIL = table(AlertRow), table(AlertMailRow)

OPT_IN, DIGEST = "opt_in", "digest"
MAX_FOLLOWED = 20
"""Searches that one mailbox may follow."""
OPT_IN_EVERY = timedelta(days=1)
"""One mail of confirmation waits for an answer in each mailbox and day, however often somebody asks for another."""
UNCONFIRMED_KEPT, ENDED_KEPT = timedelta(seconds=ANSWER_SECONDS), timedelta(days=30)
"""After which an address is erased."""
STOPPED, BOUNCED = "stopped", "bounced"
_LOCK = 4_720_032  # any number, as long as all who apply requests to a PostgreSQL store take the same


class Applied(StrEnum):
    """What became of a request."""

    DONE = "done"
    REPEATED = "repeated"
    LIMITED = "limited"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Followed:
    """A search whose digest is due. `known` None: it was never looked at."""

    id: str
    lang: str
    every: Every
    search: str
    title: str
    due_at: datetime
    known: bytes | None


def apply(store: Engine, asked: Asked, now: datetime) -> Applied:
    """Do what was asked; asked again, nothing: a request may be read twice, when a process dies in between."""
    with store.begin() as connection:
        _alone(connection)
        if asked.do is Do.SUBSCRIBE:
            return _subscribe(connection, asked, now)
        if asked.do is Do.CONFIRM:
            return _confirm(connection, asked.id, now)
        return Applied.DONE if _end(connection, ALERT.c.id == asked.id, STOPPED, now) else Applied.REPEATED


def _alone(connection: Connection) -> None:
    """Limits are counted and kept by one at a time; on SQLite a transaction has the file to itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _subscribe(connection: Connection, asked: Asked, now: datetime) -> Applied:
    address = mailbox.parsed(asked.address)
    if address is None or not fresh(asked.at, now.timestamp()):
        return Applied.STALE  # else it could be taken for new after its address was erased
    if connection.execute(select(ALERT.c.id).where(ALERT.c.id == asked.id)).first():
        return Applied.REPEATED
    key = mailbox.key(address)
    if not _allowed(connection, asked, key, now):
        return Applied.LIMITED
    row = {
        "id": asked.id,
        "address": address,
        "address_key": key,
        "lang": asked.lang,
        "every": asked.every,
        "search": asked.search,
        "title": asked.title,
        "taken_at": now,
    }
    connection.execute(insert(ALERT), row)
    queue(connection, asked.id, OPT_IN, {}, now)
    return Applied.DONE


def _allowed(connection: Connection, asked: Asked, key: str, now: datetime) -> bool:
    """Whether the mailbox is asked for nothing now, has room, and does not follow this search already."""
    own = and_(ALERT.c.address_key == key, ALERT.c.ended_at.is_(None))
    pending = and_(own, ALERT.c.confirmed_at.is_(None), ALERT.c.taken_at > now - OPT_IN_EVERY)
    if connection.execute(select(ALERT.c.id).where(pending).limit(1)).first():
        return False
    followed = connection.execute(
        select(ALERT.c.search, ALERT.c.every, ALERT.c.lang).where(own, ALERT.c.confirmed_at.is_not(None))
    ).all()
    return len(followed) < MAX_FOLLOWED and (asked.search, asked.every, asked.lang) not in map(tuple, followed)


def _confirm(connection: Connection, id_: str, now: datetime) -> Applied:
    waits = and_(ALERT.c.id == id_, ALERT.c.confirmed_at.is_(None), ALERT.c.ended_at.is_(None))
    done = connection.execute(update(ALERT).where(waits).values(confirmed_at=now, due_at=now))
    return Applied.DONE if done.rowcount else Applied.REPEATED


def _end(connection: Connection, which: ColumnElement[bool], why: str, now: datetime) -> int:
    """End the subscriptions; no mail to them is sent any more. How many were ended."""
    ended = update(ALERT).where(which, ALERT.c.ended_at.is_(None))
    ids = list(
        connection.execute(ended.values(ended_at=now, ended_why=why, due_at=None).returning(ALERT.c.id)).scalars()
    )
    if ids:
        connection.execute(delete(MAIL).where(MAIL.c.alert_id.in_(ids)))
    return len(ids)


def queue(connection: Connection, alert_id: str, kind: str, content: dict[str, Any], now: datetime) -> None:
    """Keep a mail to be sent. `kind`: opt_in or digest."""
    row = {
        "id": secrets.token_hex(12),
        "alert_id": alert_id,
        "kind": kind,
        "content": json.dumps(content, ensure_ascii=False),
        "made_at": now,
        "not_before": now,
    }
    connection.execute(insert(MAIL), row)


def due(store: Engine, now: datetime, limit: int) -> list[Followed]:
    """Searches to look at, those that wait longest first; `limit` at most."""
    columns = (ALERT.c.id, ALERT.c.lang, ALERT.c.every, ALERT.c.search, ALERT.c.title, ALERT.c.due_at, ALERT.c.known)
    query = select(*columns).where(ALERT.c.due_at <= now).order_by(ALERT.c.due_at, ALERT.c.id).limit(limit)
    with store.connect() as connection:
        rows = connection.execute(query).all()
    return [Followed(**{**row._mapping, "every": Every(row.every)}) for row in rows]


def looked(store: Engine, one: Followed, ids: list[str], content: dict[str, Any] | None, now: datetime) -> bool:
    """Note whom the search found (`ids`) and queue the mail that tells of it, if any; both or neither.

    False: another process was first, or it was ended meanwhile.
    """
    values = {"known": learnt(one.known or b"", ids), "due_at": next_due(one.every, now)}
    with store.begin() as connection:
        unchanged = and_(ALERT.c.id == one.id, ALERT.c.due_at == one.due_at)
        if not connection.execute(update(ALERT).where(unchanged).values(values)).rowcount:
            return False
        if content is not None:
            queue(connection, one.id, DIGEST, content, now)
        return True


def put_off(store: Engine, one: Followed, until: datetime) -> None:
    """Look at a search again at `until`: the service can't answer it now."""
    with store.begin() as connection:
        connection.execute(update(ALERT).where(ALERT.c.id == one.id, ALERT.c.due_at == one.due_at).values(due_at=until))


def erase_old(store: Engine, now: datetime) -> int:
    """Erase what was not confirmed within three days, and what ended thirty days ago. Returns how many."""
    unconfirmed = and_(ALERT.c.confirmed_at.is_(None), ALERT.c.taken_at <= now - UNCONFIRMED_KEPT)
    return _erase(store, or_(unconfirmed, ALERT.c.ended_at <= now - ENDED_KEPT))


def erase(store: Engine, address: str) -> int:
    """Erase at once all that is kept of a mailbox. Returns how many subscriptions."""
    return _erase(store, ALERT.c.address_key == mailbox.key(address))


def _erase(store: Engine, which: ColumnElement[bool]) -> int:
    with store.begin() as connection:
        return connection.execute(delete(ALERT).where(which)).rowcount  # their mails go with them


def bounced(store: Engine, address: str, now: datetime) -> int:
    """End what a mailbox follows, since a server says that there is none. Returns how many subscriptions ended."""
    with store.begin() as connection:
        ended = _end(connection, ALERT.c.address == address, BOUNCED, now)
        if ended:
            tally.count(connection, tally.Outcome.BOUNCED)
        return ended


def counts(store: Engine) -> dict[str, int]:
    """How many subscriptions are pending, active, ended (stopped, or bounced); how many mails wait."""
    state = {
        "pending": and_(ALERT.c.confirmed_at.is_(None), ALERT.c.ended_at.is_(None)),
        "active": and_(ALERT.c.confirmed_at.is_not(None), ALERT.c.ended_at.is_(None)),
        STOPPED: ALERT.c.ended_why == STOPPED,
        BOUNCED: ALERT.c.ended_why == BOUNCED,
    }
    with store.connect() as connection:
        found = {
            name: connection.scalar(select(func.count()).select_from(ALERT).where(which)) or 0
            for name, which in state.items()
        }
        return found | {"mails": connection.scalar(select(func.count()).select_from(MAIL)) or 0}


def oldest_mail(store: Engine) -> datetime | None:
    """Since when the mail that has waited longest has; None when none waits."""
    with store.connect() as connection:
        found = connection.execute(select(MAIL.c.made_at).order_by(MAIL.c.made_at).limit(1)).first()
        return found.made_at if found else None


def listed(store: Engine) -> Iterator[dict[str, Any]]:
    """Every subscription as columns and values, oldest first."""
    columns = [one for one in ALERT.c if one.name != "known"]
    with store.connect() as connection:
        for row in connection.execute(select(*columns).order_by(ALERT.c.taken_at, ALERT.c.id)):
            yield dict(row._mapping)


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)
