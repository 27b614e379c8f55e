"""Subscriptions in the store, on both databases: applied once, limited, ended, erased."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from discovery.desk.alerts import ANSWER_SECONDS, Asked, Do, Every
from indexer.alerts import outbox
from indexer.alerts import subscriptions as room
from indexer.alerts.subscriptions import Applied, apply, news
from indexer.store.models import ALERT, ALERT_MAIL
from tests.unit.alerts.conftest import NOW, then, wish

DAY = timedelta(days=1)


def state(store: Engine) -> dict[str, int]:
    return {name: number for name, number in room.counts(store).items() if number}


def confirmed(store: Engine, **changes: object) -> Asked:
    asked = wish(**changes)  # type: ignore[arg-type]
    assert apply(store, asked, NOW) is Applied.DONE
    assert apply(store, then(asked.id, Do.CONFIRM), NOW) is Applied.DONE
    return asked


def mails(store: Engine) -> list[tuple[str, str]]:
    with store.connect() as connection:
        return [
            (row.alert_id, row.kind)
            for row in connection.execute(select(ALERT_MAIL).order_by(ALERT_MAIL.c.kind.desc()))
        ]


def test_from_a_wish_to_its_end(store: Engine) -> None:
    asked = wish()
    assert apply(store, asked, NOW) is Applied.DONE
    assert state(store) == {"pending": 1, "mails": 1}
    assert room.due(store, NOW + DAY, 10) == [], "nothing is looked at before it is confirmed"
    apply(store, then(asked.id, Do.CONFIRM), NOW)
    assert [one.id for one in room.due(store, NOW, 10)] == [asked.id]
    apply(store, then(asked.id, Do.STOP), NOW + DAY)
    assert state(store) == {"stopped": 1}
    assert room.due(store, NOW + 9 * DAY, 10) == []


@pytest.mark.parametrize("do", [Do.SUBSCRIBE, Do.CONFIRM, Do.STOP])
def test_a_request_read_twice_is_done_once(store: Engine, do: Do) -> None:
    asked = wish()
    apply(store, asked, NOW)
    if do is not Do.SUBSCRIBE:
        asked = then(asked.id, do)
        apply(store, asked, NOW)
    before = state(store)
    assert apply(store, asked, NOW + timedelta(hours=1)) is Applied.REPEATED
    assert state(store) == before


def test_one_mailbox_is_asked_once_a_day_by_however_many(store: Engine) -> None:
    wishes = [
        wish(address)
        for address in ("ann@mail.example", "ANN+1@mail.example", "ann+2@mail.example") * 3
    ]
    with ThreadPoolExecutor(3) as pool:
        done = [*pool.map(lambda one: apply(store, one, NOW), wishes)]
    assert (done.count(Applied.DONE), done.count(Applied.LIMITED)) == (3, 6)
    assert state(store) == {"pending": 1, "held": 2, "mails": 1}
    assert room.ask_held(store, NOW + DAY - timedelta(seconds=1)) == 0
    assert room.ask_held(store, NOW + DAY) == 1, "the next day, one of the others"
    later = NOW + DAY
    assert apply(store, wish(wishes[0].address, at=int(later.timestamp())), later) in {
        Applied.DONE,
        Applied.LIMITED,
    }
    assert state(store)["mails"] == 2


def test_one_mail_confirms_all_that_waits_for_its_mailbox(store: Engine) -> None:
    first, second = wish(), wish(search="q=jardin")
    other = wish("ann+x@mail.example", search="q=jardin")
    for asked in (first, second, other):
        assert apply(store, asked, NOW) is Applied.DONE
    assert state(store) == {"pending": 2, "held": 1, "mails": 1}
    apply(store, then(first.id, Do.CONFIRM), NOW)
    assert {one.id for one in room.due(store, NOW, 10)} == {first.id, second.id}, (
        "not of an address that nobody proved"
    )
    assert room.ask_held(store, NOW) == 1, "which has its own mail once the mailbox is free"
    assert state(store) == {"pending": 1, "active": 2, "mails": 2}


def test_a_request_whose_mail_is_of_another_day_has_its_own(store: Engine) -> None:
    """Else each request would hide behind the one before, and the only link be too old."""
    apply(store, wish(), NOW)
    for hours, mails_so_far in ((23, 1), (25, 2), (48, 2), (50, 3)):
        now = NOW + timedelta(hours=hours)
        assert apply(store, wish(search=f"q={hours}", at=int(now.timestamp())), now) is Applied.DONE
        assert state(store)["mails"] == mails_so_far


def test_who_asks_for_the_same_search_another_day_has_another_mail(store: Engine) -> None:
    apply(store, wish(), NOW)
    later = NOW + DAY
    assert apply(store, wish(), NOW) is Applied.LIMITED
    assert apply(store, wish(at=int(later.timestamp())), later) is Applied.DONE
    assert state(store) == {"pending": 1, "mails": 2}


def test_a_stranger_can_t_fill_a_mailbox_s_places(store: Engine) -> None:
    for number in range(room.MAX_FOLLOWED + 5):
        assert apply(store, wish(search=f"q={number}"), NOW) is Applied.DONE
    asked = wish(search="q=mine")
    assert apply(store, asked, NOW) is Applied.DONE
    assert state(store) == {"pending": room.MAX_FOLLOWED, "mails": 1}
    assert "q=mine" in [one["search"] for one in room.listed(store)]


def test_mails_of_confirmation_have_an_end_by_domain_and_in_all(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MAX_DOMAIN_MAILS", 2)
    monkeypatch.setattr(room, "MAX_MAILS", 3)
    for name in (
        "a@one.example",
        "b@one.example",
        "c@one.example",
        "a@sub.one.example",
        "a@two.example",
    ):
        assert apply(store, wish(name), NOW) is Applied.DONE
    assert state(store) == {"pending": 3, "held": 2, "mails": 3}
    assert apply(store, wish("a@one.example", search="q=jardin"), NOW) is Applied.DONE
    assert state(store) == {"pending": 4, "held": 2, "mails": 3}, (
        "no mail more: the one of before covers it"
    )
    assert room.ask_held(store, NOW + DAY - timedelta(seconds=1)) == 0
    assert room.ask_held(store, NOW + DAY) == 2, "held, not lost"
    assert state(store) == {"pending": 6, "mails": 5}


def test_the_same_search_is_not_followed_twice(store: Engine) -> None:
    asked = confirmed(store)
    assert apply(store, wish(), NOW) is Applied.LIMITED
    assert apply(store, wish(every=Every.DAY), NOW) is Applied.DONE
    apply(store, then(asked.id, Do.STOP), NOW)


def test_a_mailbox_has_room_for_some_searches(store: Engine) -> None:
    for number in range(room.MAX_FOLLOWED):
        confirmed(store, search=f"q={number}")
    assert apply(store, wish(search="q=more"), NOW) is Applied.LIMITED
    assert apply(store, wish("bob@mail.example", search="q=more"), NOW) is Applied.DONE


@pytest.mark.parametrize("age", [ANSWER_SECONDS, 10 * ANSWER_SECONDS, -7_200])
def test_an_old_wish_is_void(store: Engine, age: int) -> None:
    assert apply(store, wish(at=int(NOW.timestamp()) - age), NOW) is Applied.STALE
    assert state(store) == {}


def test_an_old_end_is_an_end(store: Engine) -> None:
    """However long nobody took requests up."""
    asked = confirmed(store)
    assert apply(store, then(asked.id, Do.STOP), NOW + 30 * DAY) is Applied.DONE


def test_what_has_ended_is_not_confirmed(store: Engine) -> None:
    asked = wish()
    apply(store, asked, NOW)
    apply(store, then(asked.id, Do.STOP), NOW)
    assert apply(store, then(asked.id, Do.CONFIRM), NOW) is Applied.REPEATED
    assert state(store) == {"stopped": 1}


def test_addresses_are_erased_and_nothing_else_kept(store: Engine) -> None:
    kept, ended = confirmed(store), confirmed(store, address="bob@mail.example")
    apply(store, then(ended.id, Do.STOP), NOW)
    pending = wish("eve@mail.example")
    apply(store, pending, NOW)
    assert room.erase_old(store, NOW + 3 * DAY - timedelta(seconds=1)) == 0
    assert room.erase_old(store, NOW + 3 * DAY) == 1
    assert room.erase_old(store, NOW + 30 * DAY - timedelta(seconds=1)) == 0
    assert room.erase_old(store, NOW + 30 * DAY) == 1
    assert [one["id"] for one in room.listed(store)] == [kept.id]
    assert mails(store) == [(kept.id, "opt_in")]
    assert apply(store, pending, NOW + 3 * DAY) is Applied.STALE, (
        "its file, read again, brings no address back"
    )


def test_a_mailbox_is_erased_at_once(store: Engine) -> None:
    confirmed(store)
    confirmed(store, address="Ann+x@mail.example", search="q=jardin")
    confirmed(store, address="bob@mail.example")
    assert room.erase(store, "ANN@mail.example") == 2
    assert [one["address"] for one in room.listed(store)] == ["bob@mail.example"]


def test_a_bounce_ends_what_goes_to_that_address(store: Engine) -> None:
    confirmed(store)
    confirmed(store, search="q=jardin")
    confirmed(store, address="bob@mail.example")
    assert room.bounced(store, "ann@mail.example", NOW) == 2
    assert state(store) == {"active": 1, "bounced": 2, "mails": 1}
    assert {one["ended_why"] for one in room.listed(store)} == {"bounced", ""}


def look(store: Engine, now: datetime, ids: list[str]) -> bool:
    """A look at the one search that is due: whether a mail came of it."""
    (one,) = room.due(store, now, 10)
    new = news(ids, one.known) if one.known is not None else []
    assert room.looked(store, one, ids, {"new": new} if new else None, now)
    return bool(new)


def test_a_digest_and_what_it_tells_are_one(store: Engine) -> None:
    confirmed(store)
    assert not look(store, NOW, ["a", "b"]), "who was there already is no news"
    assert room.due(store, NOW + DAY, 10) == []
    monday = NOW.replace(day=8, hour=5)
    assert look(store, monday, ["c", "a", "b"])
    assert not look(store, monday + 7 * DAY, ["c", "a"])
    assert not look(store, monday + 14 * DAY, []), "an index that is empty for a while"
    assert not look(store, monday + 21 * DAY, ["b", "a", "c"]), "and back"
    assert [kind for _, kind in mails(store)] == ["opt_in", "digest"]


def test_of_two_processes_that_look_one_tells(store: Engine) -> None:
    confirmed(store)
    (one,) = room.due(store, NOW, 10)
    with ThreadPoolExecutor(4) as pool:
        told = [*pool.map(lambda _: room.looked(store, one, ["a"], {"new": ["a"]}, NOW), range(4))]
    assert sorted(told) == [False, False, False, True]
    assert [kind for _, kind in mails(store)] == ["opt_in", "digest"]


def test_who_stops_while_the_service_is_asked_gets_nothing(store: Engine) -> None:
    asked = confirmed(store)
    (one,) = room.due(store, NOW, 10)
    apply(store, then(asked.id, Do.STOP), NOW)
    assert not room.looked(store, one, ["a"], {"new": ["a"]}, NOW)
    assert mails(store) == []


def test_put_off_for_a_while(store: Engine) -> None:
    confirmed(store)
    (one,) = room.due(store, NOW, 10)
    room.put_off(store, one, NOW + DAY)
    assert room.due(store, NOW, 10) == []
    assert room.due(store, NOW + DAY, 10) == [replace(one, due_at=NOW + DAY)]


def test_those_that_wait_longest_come_first(store: Engine) -> None:
    asked = [confirmed(store, search=f"q={number}") for number in range(3)]
    for number, one in enumerate(room.due(store, NOW, 10)):
        room.put_off(
            store, one, NOW + timedelta(hours=3 - [each.id for each in asked].index(one.id))
        )
        assert number < 3
    assert [one.id for one in room.due(store, NOW + DAY, 2)] == [asked[2].id, asked[1].id]


def test_no_address_is_in_what_waits(store: Engine) -> None:
    """A mail's content is what it tells; whom it goes to stands once, and goes with the
    subscription.
    """
    confirmed(store)
    with store.connect() as connection:
        assert "ann" not in str(connection.execute(select(ALERT_MAIL)).one())
        assert connection.execute(select(ALERT.c.address)).scalar_one() == "ann@mail.example"
    mail = outbox.claim(store, NOW)
    assert mail is not None
    assert mail.address == "ann@mail.example"
