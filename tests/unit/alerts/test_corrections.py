"""Records corrected by those they are of, on both databases: proven or approved, before all
sources, and taken back.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from discovery.desk.alerts import ANSWER_SECONDS, TOKEN, Asked, Do, Signer, new_id
from discovery.model.attributes import ITSELF
from indexer.alerts import corrections as room
from indexer.alerts import outbox, subscriptions
from indexer.alerts.corrections import CorrectionRefused
from indexer.alerts.subscriptions import Applied
from indexer.intake.precedence import Draft, Precedence, merge, owner, without
from indexer.record import Activity, Provenance, Scope, Supplier, Zone
from indexer.store import repository
from indexer.store.engine import migrate, open_store, reading
from indexer.store.models import ALERT_MAIL
from tests.examples import some
from tests.unit.alerts.conftest import NOW, then, wish
from tests.unit.indexer.conftest import supplier

SIGNER = Signer(lambda: "a secret of some length")
OTHER = Signer(lambda: "another secret as long")
AT = int(NOW.timestamp()) - 5
CHANGES = (
    *(("sector", "espaces-verts"), ("zone", "radius"), ("km", "40"), ("insertion", "14")),
    *(("orders", "no"), ("phone", "01 99 00 12 34")),
)


def put(store: Engine, *suppliers: Supplier) -> None:
    with store.begin() as connection:
        repository.save(connection, suppliers, NOW)


def get(store: Engine, id_: str = "a") -> Supplier:
    with reading(store) as connection:
        return repository.load(connection, [id_])[id_]


def asked(
    do: Do = Do.CORRECT,
    pairs: tuple[tuple[str, str], ...] = CHANGES,
    token: str = "",
    id_: str = "a",
    at: int = AT,
) -> Asked:
    search = [("supplier", id_), *pairs, (TOKEN, token)]
    return Asked(do, new_id(), at, search=urlencode(search))


def take(store: Engine, one: Asked) -> Applied:
    return room.take(store, one, SIGNER, NOW)


def proof(id_: str = "a") -> str:
    return SIGNER.correcting(id_, AT)


def waiting(store: Engine) -> list[room.Listed]:
    with reading(store) as connection:
        return [one for one in room.listed(connection) if not one.holds]


def test_a_proven_correction_holds_at_once_as_the_supplier_s_own(store: Engine) -> None:
    put(store, supplier("a", email="ann@mail.example"))
    one = asked(token=proof())
    assert take(store, one) is Applied.DONE
    now = get(store)
    assert now.activities == (Activity("espaces-verts", (), Zone(Scope.RADIUS, 40)),)
    assert (now.employees_insertion, now.takes_orders, now.phone) == (14, False, "01 99 00 12 34")
    assert (now.email, now.contact_public) == ("ann@mail.example", False), (
        "its mailbox stays, and is not published"
    )
    told = {
        name
        for name in ("activities", "employees", "takes_orders", "contact", "name")
        if owner(now, name) == ITSELF
    }
    assert told == {"activities", "employees", "takes_orders", "contact"}
    assert [one.seen for one in now.provenance] == [NOW.date()]
    assert take(store, one) is Applied.REPEATED, "a request may be read twice"


def test_what_is_left_out_stays_and_a_trade_that_stays_keeps_its_zone(store: Engine) -> None:
    before = supplier("a")
    put(store, before)
    take(
        store,
        asked(
            pairs=(("sector", "nettoyage-de-locaux"), ("sector", "espaces-verts")), token=proof()
        ),
    )
    assert get(store).activities == (*before.activities, Activity("espaces-verts"))
    assert owner(get(store), "employees") == before.source


def test_without_proof_it_waits_for_a_yes(store: Engine) -> None:
    put(store, supplier("a"))
    before = get(store)
    assert take(store, asked()) is Applied.DONE
    room.refuse(store, waiting(store)[0].id)
    assert (get(store), waiting(store)) == (before, []), "a no changes nothing"
    take(store, asked())
    assert get(store) == before
    [one] = waiting(store)
    assert one.changes["takes_orders"] == (None, False)
    assert room.approve(store, one.id, NOW) == "a"
    assert get(store).takes_orders is False
    assert waiting(store) == []
    with pytest.raises(CorrectionRefused):
        room.approve(store, one.id, NOW)


def test_strangers_fill_no_store(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, supplier("a"), supplier("b"))
    monkeypatch.setattr(room, "MAX_WAITING", 4)
    done = [take(store, asked(id_=id_)) for id_ in "aaaabb"]
    assert done == [Applied.DONE] * 3 + [Applied.LIMITED, Applied.DONE, Applied.LIMITED]
    assert take(store, asked(token=proof())) is Applied.DONE, (
        "who proves it does not wait behind them"
    )
    assert len(waiting(store)) == 4


def test_every_source_comes_after(store: Engine) -> None:
    put(store, replace(supplier("a"), source="les-emplois"))
    take(store, asked(token=proof()))
    own = get(store)
    told = {
        "name": "New name", "commune": own.commune, "phone": "0199009999", "takes_orders": True,
        "activities": (Activity("restauration"),), "employees_insertion": 99,
    }  # fmt: skip
    everybody = Precedence(("decp", "finess"), {"activities": ("decp",), "employees": ("finess",)})
    after = own
    for source in ("decp", "finess", "canonical", "les-emplois", "a-file-of-theirs"):
        after = merge(Draft(values=told), "a", after, source, everybody, date(2027, 1, 1))
    for name in ("activities", "takes_orders", "phone", "employees_insertion"):
        assert getattr(after, name) == getattr(own, name)
    assert after.name == "New name", "what it said nothing of is told by sources as before"
    left = without(own, "les-emplois", everybody)
    assert left is None, "nobody is listed for having corrected its record"


def test_it_is_taken_back_whole(store: Engine) -> None:
    put(
        store,
        replace(
            supplier("a", employees_insertion=5),
            provenance=(Provenance("finess", NOW.date(), ("employees",)),),
        ),
    )
    before = get(store)
    take(store, asked(token=proof()))
    take(store, asked(pairs=(("permanent", "3"),), token=proof()))
    assert (get(store).employees_permanent, get(store).takes_orders) == (3, False)
    put(store, replace(get(store), turnover=1000))
    assert take(store, asked(Do.WITHDRAW)) is Applied.STALE, "not without proof"
    assert take(store, asked(Do.WITHDRAW, token=proof())) is Applied.DONE
    assert get(store) == replace(before, turnover=1000)
    with pytest.raises(CorrectionRefused):
        room.withdraw(store, "a", NOW)


def test_the_link_goes_to_the_mailbox_of_the_record_once_a_day(store: Engine) -> None:
    put(
        store,
        supplier("a", email="ann@mail.example"),
        supplier("b", email="ann@mail.example"),
        supplier("c"),
    )
    link = Asked(
        Do.LINK, new_id(), AT, address="eve@mail.example", search=urlencode({"supplier": "a"})
    )
    for one in (link, replace(link, id=new_id()), replace(link, id=new_id(), search="supplier=b")):
        subscriptions.apply(store, one, NOW)
    assert (
        subscriptions.apply(store, replace(link, id=new_id(), search="supplier=c"), NOW)
        is Applied.STALE
    )
    assert (
        subscriptions.apply(store, replace(link, id=new_id(), search="supplier=x"), NOW)
        is Applied.STALE
    )
    with store.connect() as connection:
        assert connection.execute(select(ALERT_MAIL.c.kind)).scalars().all() == [outbox.LINK]
    mail = outbox.claim(store, NOW)
    assert mail is not None
    assert (mail.address, mail.search) == ("ann@mail.example", "supplier=a")
    assert subscriptions.ask_held(store, NOW + timedelta(days=1)) == 1, (
        "the other record's, the next day"
    )


def test_a_link_confirms_no_alert_and_an_alert_s_mail_is_no_link(store: Engine) -> None:
    put(store, supplier("a", email="ann@mail.example"))
    follow = wish()
    subscriptions.apply(store, Asked(Do.LINK, new_id(), AT, search="supplier=a"), NOW)
    subscriptions.apply(store, follow, NOW)
    assert subscriptions.counts(store)["mails"] == 2, "each has its own"
    subscriptions.apply(store, then(follow.id, Do.CONFIRM), NOW)
    assert subscriptions.counts(store)["active"] == 1


@pytest.fixture(scope="module")
def kept() -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        migrate(engine)
        put(engine, supplier("a"), supplier("b"))
        yield engine
        engine.dispose()


_GOOD = proof()
TOKENS = st.one_of(
    st.just(""),
    st.text(max_size=80),
    st.integers(0, len(_GOOD) - 1).flatmap(
        lambda at: st.characters(codec="ascii").map(lambda one: _GOOD[:at] + one + _GOOD[at + 1 :])
    ).filter(lambda one: one != _GOOD),
    st.integers(1, len(_GOOD) - 1).map(lambda end: _GOOD[:end]),
    st.sampled_from([proof("b"), OTHER.correcting("a", AT), SIGNER.confirming("a", AT), SIGNER.stopping("a")]),
    st.integers(ANSWER_SECONDS, 10**9).map(lambda age: SIGNER.correcting("a", AT - age)),
    st.integers(7_200, 10**9).map(lambda ahead: SIGNER.correcting("a", AT + ahead)),
)  # fmt: skip


@settings(max_examples=some(150), deadline=None)
@given(token=TOKENS, do=st.sampled_from((Do.CORRECT, Do.WITHDRAW)), late=st.booleans())
def test_nothing_changes_without_proof(kept: Engine, token: str, do: Do, late: bool) -> None:
    before = get(kept)
    try:
        one = asked(do, token=token, at=AT - ANSWER_SECONDS - 60 if late else AT)
    except UnicodeEncodeError:
        return
    take(kept, one)
    assert get(kept) == before


NAMES = ("sector", "zone", "km", "place", "insertion", "capacity", "orders", "phone", "x")
SAID = st.lists(
    st.tuples(st.sampled_from(NAMES), st.text(st.characters(codec="utf-8"), max_size=20)),
    max_size=8,
)


@settings(max_examples=some(100), deadline=None)
@given(pairs=SAID)
def test_whatever_is_said_can_be_taken_back(pairs: list[tuple[str, str]]) -> None:
    before = supplier("a")
    told = {name: [value for key, value in pairs if key == name] for name, _ in pairs}
    after = room.corrected(before, told, NOW)
    assert room.withdrawn(after, before) == before
