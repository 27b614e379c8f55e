"""How many mails were sent, bounced, given up: counted in the transaction in which the mail goes, so that a kill
neither loses nor repeats a count."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, Engine, select, text

from indexer.store.models import AlertTallyRow
from indexer.store.sql import table

_TALLY = table(AlertTallyRow)
_COUNT = text(
    "INSERT INTO alert_tally (outcome, mails) VALUES (:outcome, 1) "
    "ON CONFLICT (outcome) DO UPDATE SET mails = alert_tally.mails + 1"
)


class Outcome(StrEnum):
    """What became of a mail. BOUNCED: the server says that there is no such mailbox."""

    SENT = "sent"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"


def count(connection: Connection, outcome: Outcome) -> None:
    """One mail more."""
    connection.execute(_COUNT, {"outcome": outcome.value})


def counts(store: Engine) -> dict[str, int]:
    """By outcome, since the store was made; nobody's mail is named."""
    with store.connect() as connection:
        found = {row.outcome: row.mails for row in connection.execute(select(_TALLY.c.outcome, _TALLY.c.mails))}
    return {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}
