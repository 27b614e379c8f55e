"""Mails that wait: one sender each, another after its lease, an end to trying."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import Engine, select

from indexer.alerts import outbox
from indexer.alerts import subscriptions as room
from indexer.alerts.outbox import LEASE_SECONDS, MAX_ATTEMPTS, Mail
from indexer.alerts.subscriptions import apply
from indexer.store.models import ALERT_MAIL
from tests.unit.alerts.conftest import NOW, wish

LEASE = timedelta(seconds=LEASE_SECONDS)


def waiting(store: Engine) -> int:
    return room.counts(store)["mails"]


def claimed(store: Engine, after: timedelta = timedelta(0)) -> Mail:
    mail = outbox.claim(store, NOW + after)
    assert mail is not None
    return mail


def test_a_mail_is_held_by_one_and_gone_when_it_was_sent(store: Engine) -> None:
    asked = wish()
    apply(store, asked, NOW)
    mail = claimed(store)
    assert (mail.kind, mail.address, mail.alert_id, mail.attempts) == (
        "opt_in",
        asked.address,
        asked.id,
        1,
    )
    assert outbox.claim(store, NOW) is None
    outbox.sent(store, mail)
    assert waiting(store) == 0


def test_many_senders_share_mails(store: Engine) -> None:
    for number in range(12):
        apply(store, wish(f"ann{number}@mail.example"), NOW)
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(lambda _: outbox.claim(store, NOW), range(16))]
    ids = [one.id for one in found if one]
    assert len(ids) == len(set(ids)) == 12


def test_who_dies_leaves_it_to_others(store: Engine) -> None:
    apply(store, wish(), NOW)
    first = claimed(store)
    assert outbox.claim(store, NOW + LEASE - timedelta(seconds=1)) is None
    second = claimed(store, LEASE)
    assert (second.id, second.made_at, second.attempts) == (first.id, first.made_at, 2)
    outbox.sent(store, first)
    assert waiting(store) == 1, "who lost its lease has no say"
    assert outbox.outcomes(store)["sent"] == 0, "nor is it counted"
    outbox.sent(store, second)
    assert waiting(store) == 0
    assert outbox.outcomes(store) == {"sent": 1, "bounced": 0, "given_up": 0}


def test_what_fails_waits_longer_and_longer_and_is_given_up(store: Engine) -> None:
    apply(store, wish(), NOW)
    due = [NOW]
    for attempt in range(1, MAX_ATTEMPTS + 1):
        mail = claimed(store, due[-1] - NOW)
        assert mail.attempts == attempt
        assert outbox.failed(store, mail, due[-1]) == (attempt < MAX_ATTEMPTS)
        with store.connect() as connection:
            due += connection.execute(select(ALERT_MAIL.c.not_before)).scalars()
        assert outbox.claim(store, due[-1] - timedelta(seconds=1)) is None
    assert waiting(store) == 0
    pauses = [after - before for before, after in pairwise(due)]
    assert pauses == sorted(pauses)
    assert timedelta(days=1) < due[-1] - NOW < timedelta(days=7)
    assert outbox.outcomes(store) == {"sent": 0, "bounced": 0, "given_up": 1}


def test_a_server_that_is_away_counts_against_no_mail(store: Engine) -> None:
    apply(store, wish(), NOW)
    for number in range(2 * MAX_ATTEMPTS):
        after = timedelta(seconds=outbox.FIRST_PAUSE_SECONDS) * number
        assert outbox.failed(store, claimed(store, after), NOW + after, counts=False)
    assert claimed(store, timedelta(days=1)).attempts == 1
