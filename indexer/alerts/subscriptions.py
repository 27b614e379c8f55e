"""The searches that are followed: requests applied, digests due, addresses erased. Each function is
one transaction.

One mail of confirmation answers for all requests that wait for its mailbox. What limits hold back
is no request lost: its mail goes when they allow it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from discovery.desk.alerts import ANSWER_SECONDS, Asked, Do, Every, fresh
from discovery.mappings import mailbox
from discovery.model import dataclass, replace
from indexer.alerts.outbox import DIGEST, LINK, OPT_IN, Outcome, count, queue
from indexer.record import Status
from indexer.store.models import ALERT, ALERT_MAIL, SUPPLIER

MAX_FOLLOWED = 20
"""Searches that one mailbox may follow, and as many that it has not confirmed."""
OPT_IN_EVERY = timedelta(days=1)
"""One mail of confirmation waits for an answer in each mailbox and day, however often somebody asks
for another.
"""
MAX_DOMAIN_MAILS, MAX_MAILS = 100, 1_000
"""Mailboxes of one domain, and in all, that are asked to confirm within `OPT_IN_EVERY`."""
MORNING = 5
"""The hour (UTC) of digests: before offices open in France, summer and winter."""
DIGEST_BYTES = 8
"""Bytes of an id's hash: among 10,000 suppliers, one in 10^11 is taken for another."""
UNCONFIRMED_KEPT, ENDED_KEPT = timedelta(seconds=ANSWER_SECONDS), timedelta(days=30)
"""After which an address is erased."""
STOPPED, BOUNCED = "stopped", "bounced"
_LOCK = (
    4_720_032  # any number, as long as all who apply requests to a PostgreSQL store take the same
)


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
    due_at: datetime
    known: bytes | None


def apply(store: Engine, asked: Asked, now: datetime) -> Applied:
    """Do what was asked; asked again, nothing: a request may be read twice, when a process dies in
    between.
    """
    with store.begin() as connection:
        alone(connection)
        if asked.do is Do.LINK:
            return _subscribe(connection, _to_correct(connection, asked), now)
        if asked.do is Do.SUBSCRIBE:
            return _subscribe(connection, asked, now)
        if asked.do is Do.CONFIRM:
            return _confirm(connection, asked.id, now)
        return (
            Applied.DONE
            if _end(connection, ALERT.c.id == asked.id, STOPPED, now)
            else Applied.REPEATED
        )


def alone(connection: Connection) -> None:
    """Take the lock under which limits are counted; on SQLite a transaction has the file to itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _to_correct(connection: Connection, asked: Asked) -> Asked:
    """The request of a link to correct a record, with the address that the store holds of the
    supplier; "" without.
    """
    id_ = parse_qs(asked.search).get("supplier", [""])[0]
    query = select(SUPPLIER.c.email).where(
        SUPPLIER.c.id == id_, SUPPLIER.c.status == Status.LIVE.value
    )
    return replace(asked, address=connection.execute(query).scalar() or "", every=Every.ONCE)


def _subscribe(connection: Connection, asked: Asked, now: datetime) -> Applied:
    address = mailbox.parsed(asked.address)
    if address is None or not fresh(asked.at, now.timestamp()):
        return Applied.STALE  # else it could be taken for new after its address was erased
    if connection.execute(select(ALERT.c.id).where(ALERT.c.id == asked.id)).first():
        return Applied.REPEATED
    key = mailbox.key(address)
    own = and_(ALERT.c.address_key == key, ALERT.c.ended_at.is_(None), _alike(asked.every))
    rows = connection.execute(select(ALERT).where(own).order_by(ALERT.c.taken_at, ALERT.c.id)).all()
    for row in rows:
        if (row.address, row.search, row.every, row.lang) == (
            address,
            asked.search,
            asked.every,
            asked.lang,
        ):
            return Applied.LIMITED if row.confirmed_at else _ask_again(connection, row, now)
    if sum(row.confirmed_at is not None for row in rows) >= MAX_FOLLOWED:
        return Applied.LIMITED
    wanted = {"lang": asked.lang, "every": asked.every, "search": asked.search, "taken_at": now}
    pending = [row.id for row in rows if row.address == address and row.confirmed_at is None]
    if (
        len(pending) >= MAX_FOLLOWED
    ):  # the last place is the newest request's: strangers can't fill them all
        connection.execute(update(ALERT).where(ALERT.c.id == pending[-1]).values(wanted))
        return Applied.DONE
    made = (
        insert(ALERT)
        .values(**wanted, id=asked.id, address=address, address_key=key)
        .returning(ALERT)
    )
    _ask(connection, connection.execute(made).one(), now)
    return Applied.DONE


def _ask_again(connection: Connection, row: Row[Any], now: datetime) -> Applied:
    """The same search again, not confirmed yet: another mail, where the last one is of another day."""
    if row.asked_at is None or row.asked_at > now - OPT_IN_EVERY:
        return Applied.LIMITED
    connection.execute(
        update(ALERT).where(ALERT.c.id == row.id).values(taken_at=now, asked_at=None)
    )
    _ask(connection, row, now)
    return Applied.DONE


class Held(StrEnum):
    """Which limit holds a mail of confirmation back."""

    MAILBOX = "mailbox"
    DOMAIN = "domain"
    ALL = "all"


def _alike(every: str) -> ColumnElement[bool]:
    """Of searches that are followed, or of records to correct: a link of the one does nothing for
    the other.
    """
    return ALERT.c.every == Every.ONCE if every == Every.ONCE else ALERT.c.every != Every.ONCE


def _ask(connection: Connection, request: Row[Any], now: datetime) -> Held | None:
    """Queue the mail that asks for confirmation, unless one of the last day has a link that
    confirms this request too.

    None: the request has its mail. Else the limit that holds it back: the request stays, and is
    tried at each pass.
    """
    key, recent = request.address_key, ALERT.c.asked_at > now - OPT_IN_EVERY
    unanswered = and_(
        recent,
        ALERT.c.address_key == key,
        ALERT.c.confirmed_at.is_(None),
        ALERT.c.ended_at.is_(None),
    )
    columns = (ALERT.c.address, ALERT.c.asked_at, ALERT.c.search)
    asked = connection.execute(select(*columns).where(unanswered, _alike(request.every))).all()
    once = request.every == Every.ONCE
    same = (
        row
        for row in asked
        if row.address == request.address and (not once or row.search == request.search)
    )
    covering = next((row.asked_at for row in same), None)
    if covering is None:
        if asked:
            return Held.MAILBOX
        mails = select(func.count(ALERT.c.address_key.distinct())).where(recent)
        if (connection.scalar(mails) or 0) >= MAX_MAILS:
            return Held.ALL
        domain = ALERT.c.address_key.endswith(f"@{key.rpartition('@')[2]}", autoescape=True)
        if (connection.scalar(mails.where(domain)) or 0) >= MAX_DOMAIN_MAILS:
            return Held.DOMAIN
        queue(connection, request.id, LINK if once else OPT_IN, {}, now)
    connection.execute(
        update(ALERT).where(ALERT.c.id == request.id).values(asked_at=covering or now)
    )
    return None


def ask_held(store: Engine, now: datetime) -> int:
    """Queue the mails of confirmation that limits held back and hold no more, oldest first. Returns
    how many requests have their mail now.
    """
    domains: set[str] = set()
    asked = 0
    with store.begin() as connection:
        alone(connection)
        waiting = select(ALERT).where(_held()).order_by(ALERT.c.taken_at, ALERT.c.id)
        for row in connection.execute(waiting).all():
            domain = row.address.rpartition("@")[2]
            if domain in domains:
                continue
            held = _ask(connection, row, now)
            if held is Held.ALL:
                break
            if held is Held.DOMAIN:
                domains.add(domain)
            asked += held is None
    return asked


def _held() -> ColumnElement[bool]:
    return and_(
        ALERT.c.asked_at.is_(None), ALERT.c.confirmed_at.is_(None), ALERT.c.ended_at.is_(None)
    )


def _confirm(connection: Connection, id_: str, now: datetime) -> Applied:
    """Confirm whatever waits for the mailbox to which the link was sent."""
    address = (
        select(ALERT.c.address)
        .where(ALERT.c.id == id_, ALERT.c.ended_at.is_(None))
        .scalar_subquery()
    )
    open_ = and_(ALERT.c.confirmed_at.is_(None), ALERT.c.ended_at.is_(None), _alike(Every.WEEK))
    waits = and_(ALERT.c.address == address, open_)
    confirmed = connection.execute(update(ALERT).where(waits).values(confirmed_at=now, due_at=now))
    return Applied.DONE if confirmed.rowcount else Applied.REPEATED


def _end(connection: Connection, which: ColumnElement[bool], why: str, now: datetime) -> int:
    """End the subscriptions; no mail to them is sent any more. How many were ended."""
    ended = update(ALERT).where(which, ALERT.c.ended_at.is_(None))
    ids = list(
        connection.execute(
            ended.values(ended_at=now, ended_why=why, due_at=None).returning(ALERT.c.id)
        ).scalars()
    )
    if ids:
        connection.execute(delete(ALERT_MAIL).where(ALERT_MAIL.c.alert_id.in_(ids)))
    return len(ids)


def due(store: Engine, now: datetime, limit: int) -> list[Followed]:
    """Searches to look at, those that wait longest first; `limit` at most."""
    columns = (
        ALERT.c.id,
        ALERT.c.lang,
        ALERT.c.every,
        ALERT.c.search,
        ALERT.c.due_at,
        ALERT.c.known,
    )
    query = (
        select(*columns)
        .where(ALERT.c.due_at <= now)
        .order_by(ALERT.c.due_at, ALERT.c.id)
        .limit(limit)
    )
    with store.connect() as connection:
        rows = connection.execute(query).all()
    return [Followed(**{**row._mapping, "every": Every(row.every)}) for row in rows]


def looked(
    store: Engine, one: Followed, ids: list[str], content: dict[str, Any] | None, now: datetime
) -> bool:
    """Note whom the search found (`ids`) and queue the mail that tells of it, if any; both or
    neither.

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
        connection.execute(
            update(ALERT)
            .where(ALERT.c.id == one.id, ALERT.c.due_at == one.due_at)
            .values(due_at=until)
        )


def erase_old(store: Engine, now: datetime) -> int:
    """Erase what was not confirmed within three days, and what ended thirty days ago. Returns how
    many.
    """
    unconfirmed = and_(ALERT.c.confirmed_at.is_(None), ALERT.c.taken_at <= now - UNCONFIRMED_KEPT)
    return _erase(store, or_(unconfirmed, ALERT.c.ended_at <= now - ENDED_KEPT))


def erase(store: Engine, address: str) -> int:
    """Erase at once all that is kept of a mailbox. Returns how many subscriptions."""
    return _erase(store, ALERT.c.address_key == mailbox.key(address))


def _erase(store: Engine, which: ColumnElement[bool]) -> int:
    with store.begin() as connection:
        return connection.execute(delete(ALERT).where(which)).rowcount  # their mails go with them


def bounced(store: Engine, address: str, now: datetime) -> int:
    """End what a mailbox follows, since a server says that there is none. Returns how many
    subscriptions ended.
    """
    with store.begin() as connection:
        ended = _end(connection, ALERT.c.address == address, BOUNCED, now)
        if ended:
            count(connection, Outcome.BOUNCED)
        return ended


def counts(store: Engine) -> dict[str, int]:
    """How many subscriptions are pending, held (a limit holds their mail of confirmation back),
    active, ended (stopped, or bounced); how many mails wait.
    """
    state = {
        "pending": and_(
            ALERT.c.asked_at.is_not(None),
            ALERT.c.confirmed_at.is_(None),
            ALERT.c.ended_at.is_(None),
        ),
        "held": _held(),
        "active": and_(ALERT.c.confirmed_at.is_not(None), ALERT.c.ended_at.is_(None)),
        STOPPED: ALERT.c.ended_why == STOPPED,
        BOUNCED: ALERT.c.ended_why == BOUNCED,
    }
    with store.connect() as connection:
        alerts = {
            name: connection.scalar(select(func.count()).select_from(ALERT).where(which)) or 0
            for name, which in state.items()
        }
        return alerts | {
            "mails": connection.scalar(select(func.count()).select_from(ALERT_MAIL)) or 0
        }


def oldest_mail(store: Engine) -> datetime | None:
    """Since when the mail that has waited longest has; None when none waits."""
    with store.connect() as connection:
        found = connection.execute(
            select(ALERT_MAIL.c.made_at).order_by(ALERT_MAIL.c.made_at).limit(1)
        ).first()
        return found.made_at if found else None


def listed(store: Engine) -> Iterator[dict[str, Any]]:
    """Every subscription as columns and values, oldest first."""
    columns = [column for column in ALERT.c if column.name != "known"]
    with store.connect() as connection:
        for row in connection.execute(select(*columns).order_by(ALERT.c.taken_at, ALERT.c.id)):
            yield dict(row._mapping)


def next_due(every: Every, now: datetime) -> datetime:
    """When the next digest is due: the next morning (`MORNING`) after `now`, of a Monday for a
    weekly one. The next digest makes up for a missed one.
    """
    morning = now.astimezone(UTC).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning <= now:
        morning += timedelta(days=1)
    return morning if every is Every.DAY else morning + timedelta(days=-morning.weekday() % 7)


def news(ids: Iterable[str], kept: bytes) -> list[str]:
    """The ids whose hashes are not kept, in their order."""
    known = _unpacked(kept)
    return [id_ for id_ in ids if _hash(id_) not in known]


def learnt(kept: bytes, ids: Iterable[str]) -> bytes:
    """The hashes kept and those of these ids, sorted, one behind the other. Nobody is forgotten: a
    supplier that leaves the search and comes back is not told twice.
    """
    return b"".join(sorted(_unpacked(kept) | {_hash(id_) for id_ in ids}))


def _unpacked(kept: bytes) -> set[bytes]:
    return {kept[start : start + DIGEST_BYTES] for start in range(0, len(kept), DIGEST_BYTES)}


def _hash(id_: str) -> bytes:
    return blake2b(id_.encode(), digest_size=DIGEST_BYTES).digest()
