"""Mails that wait: claimed by one sender at a time, and gone when a server took them.

How many were sent, bounced or given up is counted in the transaction in which the mail goes, so
that a kill neither loses nor repeats a count.
"""

import json
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)

from discovery.desk.alerts import Every
from discovery.model import dataclass
from indexer.store.models import ALERT, ALERT_MAIL, ALERT_TALLY
from indexer.store.sql import taking

OPT_IN, DIGEST, LINK = "opt_in", "digest", "link"
LEASE_SECONDS = 600.0
"""Much longer than a server may take; who dies with a mail leaves it to others after that."""
MAX_ATTEMPTS = 12
"""Tries before a mail is given up: with the pauses below, about three days."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 120.0, 43_200.0


_COUNT = text(
    "INSERT INTO alert_tally (outcome, mails) VALUES (:outcome, 1) "
    "ON CONFLICT (outcome) DO UPDATE SET mails = alert_tally.mails + 1"
)


class Outcome(StrEnum):
    """What became of a mail. BOUNCED: the server says that there is no such mailbox."""

    SENT = "sent"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to be sent, and to whom. `id` names it for ever: it is in its Message-ID. `attempts`
    counts this one.
    """

    id: str
    token: str
    kind: str
    content: dict[str, Any]
    made_at: datetime
    attempts: int
    alert_id: str
    address: str
    lang: str
    every: Every
    search: str


def queue(
    connection: Connection, alert_id: str, kind: str, content: dict[str, Any], now: datetime
) -> None:
    """Keep a mail to be sent. `kind`: opt_in, digest or link."""
    row = {
        "id": secrets.token_hex(12),
        "alert_id": alert_id,
        "kind": kind,
        "content": json.dumps(content, ensure_ascii=False),
        "made_at": now,
        "not_before": now,
    }
    connection.execute(insert(ALERT_MAIL), row)


def claim(store: Engine, now: datetime) -> Mail | None:
    """The mail that waits longest, held for the caller; None when none is due. Nobody else gets it
    meanwhile.
    """
    free = or_(ALERT_MAIL.c.lease_until.is_(None), ALERT_MAIL.c.lease_until <= now)
    due = select(ALERT_MAIL.c.id).where(free, ALERT_MAIL.c.not_before <= now)
    first = due.order_by(ALERT_MAIL.c.not_before, ALERT_MAIL.c.id).limit(1)
    held = {
        "lease_token": secrets.token_hex(8),
        "lease_until": now + timedelta(seconds=LEASE_SECONDS),
        "attempts": ALERT_MAIL.c.attempts + 1,
    }
    with store.begin() as connection:
        mail = connection.execute(
            taking(ALERT_MAIL, first).values(held).returning(*ALERT_MAIL.c)
        ).first()
        if mail is None:
            return None
        to = connection.execute(select(ALERT).where(ALERT.c.id == mail.alert_id)).one()
    return Mail(
        id=mail.id,
        token=mail.lease_token,
        kind=mail.kind,
        content=json.loads(mail.content),
        made_at=mail.made_at,
        attempts=mail.attempts,
        alert_id=to.id,
        address=to.address,
        lang=to.lang,
        every=Every(to.every),
        search=to.search,
    )


def sent(store: Engine, mail: Mail) -> None:
    """Note that a server took the mail: it goes."""
    _end(store, mail, Outcome.SENT)


def failed(store: Engine, mail: Mail, now: datetime, *, counts: bool = True) -> bool:
    """Note that a mail could not be sent: it is tried again later, or given up (then False).
    `counts` False: no server took any mail, and the try is not held against this one.
    """
    if counts and mail.attempts >= MAX_ATTEMPTS:
        _end(store, mail, Outcome.GIVEN_UP)
        return False
    pause = min(FIRST_PAUSE_SECONDS * 2.0 ** (mail.attempts - 1), LONGEST_PAUSE_SECONDS)
    attempts = mail.attempts if counts else mail.attempts - 1
    pause = pause if counts else FIRST_PAUSE_SECONDS
    later = {"not_before": now + timedelta(seconds=pause), "attempts": attempts}
    with store.begin() as connection:
        connection.execute(
            update(ALERT_MAIL)
            .where(_held(mail))
            .values(lease_token=None, lease_until=None, **later)
        )
    return True


def _end(store: Engine, mail: Mail, outcome: Outcome) -> None:
    """Remove a mail and count it; neither where its lease was lost."""
    with store.begin() as connection:
        if connection.execute(delete(ALERT_MAIL).where(_held(mail))).rowcount:
            count(connection, outcome)


def _held(mail: Mail) -> ColumnElement[bool]:
    return and_(ALERT_MAIL.c.id == mail.id, ALERT_MAIL.c.lease_token == mail.token)


def count(connection: Connection, outcome: Outcome) -> None:
    connection.execute(_COUNT, {"outcome": outcome.value})


def outcomes(store: Engine) -> dict[str, int]:
    """Mails by outcome since the store was made; nobody's mail is named."""
    with store.connect() as connection:
        mails = {row.outcome: row.mails for row in connection.execute(select(ALERT_TALLY))}
    return {outcome.value: mails.get(outcome.value, 0) for outcome in Outcome}
