"""Drift: every kind of damage is found, named and repaired, on both engines."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from discovery.engine.elasticsearch.connection import connect
from discovery.engine.elasticsearch.indices import alias
from discovery.engine.port import Action, Document, WriteStatus
from discovery.mappings import Settings
from indexer.context import Context
from indexer.indices import drift
from indexer.indices.drift import Difference, Kind, checked, malformed
from indexer.store import ledger, observations, repository
from tests.elasticsearch import GROUP, require_url
from tests.memo import migrated
from tests.unit.indexer.conftest import NOW, Put, file_of, supplier

Damage = Callable[[str, Document], None]
"""Writes a document straight into the index, past our own writer."""


@pytest.fixture(
    params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.xdist_group(GROUP))]
)
def context(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Context]:
    settings = Settings(home=tmp_path)
    if request.param == "elasticsearch":
        settings = replace(
            settings, engine=require_url(), index_prefix=f"check-{random.getrandbits(48):x}"
        )
    with closing(Context(migrated(settings))) as made:
        yield made
        for name in made.catalog.names():
            made.catalog.remove(name)


@pytest.fixture
def damage(context: Context) -> Damage:
    if not context.settings.embedded:
        return lambda id_, document: connect(context.settings).call(  # type: ignore[return-value]
            lambda client: client.index(
                index=alias(context.settings.index_prefix), id=id_, document=document
            )
        )

    def write(id_: str, document: Document) -> None:
        with closing(sqlite3.connect(file_of(context))) as connection, connection:
            known = connection.execute("SELECT row FROM documents WHERE id = ?", (id_,)).fetchone()
            assert known, "of another id a row of our own writer's is altered"
            connection.execute(
                "UPDATE sources SET source = ? WHERE row = ?", (json.dumps(document), *known)
            )

    return write


def differences(context: Context) -> set[Difference]:
    return set(checked(context).differences)


def kinds(context: Context) -> dict[str, Kind]:
    return {one.id: one.kind for one in checked(context).differences}


def held(context: Context, id_: str) -> Document:
    serving = context.catalog.targets().serving
    assert serving is not None
    with closing(context.catalog.writer_of(serving)) as writer:
        return writer.held([id_])[0].document


def test_an_index_in_step_shows_no_difference(context: Context, put: Put) -> None:
    put(*(supplier(f"s{number}") for number in range(5)), supplier("hidden", kind="OPCS"))
    context.synchroniser().drain()
    report = checked(context)
    assert report.differences == ()
    assert report.checked == 6
    assert report.line() == "6 checked, 0 differ"


def test_what_waits_in_the_ledger_is_not_drift(context: Context, put: Put) -> None:
    put(supplier("a"))
    context.synchroniser().drain()
    put(supplier("a", name="Another name"), supplier("b"))
    assert differences(context) == set()
    ghost = context.builder.build(supplier("ghost"))
    context.serving().bulk([Action("ghost", 900, ghost)])
    assert kinds(context) == {"ghost": Kind.GHOST}, "nor does it hide what comes after it"


@pytest.fixture
def damaged(context: Context, put: Put) -> Context:
    put(*(supplier(id_) for id_ in ("altered", "fine", "missing")))
    context.synchroniser().drain()
    other = context.builder.build(supplier("altered", name="Somebody else"))
    ghost = context.builder.build(supplier("ghost"))
    context.serving().bulk(
        [Action("altered", 900, other), Action("missing", 900, None), Action("ghost", 900, ghost)]
    )
    return context


def test_a_repair_is_newer_than_what_the_index_holds(damaged: Context) -> None:
    report = checked(damaged)
    assert drift.repair(damaged.store, report) == 3
    assert ledger.raise_counter(damaged.store, 0) > 900
    damaged.synchroniser().drain()
    assert differences(damaged) == set()


def test_a_version_that_the_store_never_gave_is_told(context: Context, put: Put) -> None:
    """A restored backup: the content may be equal, but the next change would be taken for an old
    one.
    """
    put(supplier("a"))
    context.synchroniser().drain()
    context.serving().bulk([Action("a", 900, context.builder.build(supplier("a")))])
    assert kinds(context) == {"a": Kind.ALTERED}
    drift.repair(context.store, checked(context))
    context.synchroniser().drain()
    put(supplier("a", name="Changed"))
    assert context.synchroniser().drain().indexed == 1
    assert differences(context) == set()


def test_an_older_revision_is_stale(context: Context, put: Put) -> None:
    put(supplier("a"))
    context.synchroniser().drain()
    put(supplier("a", name="Changed"))
    claims = ledger.claim(context.store, 10, 60, NOW)
    ledger.record_outcomes(
        context.store, [ledger.ChangeOutcome(claim, WriteStatus.INDEXED) for claim in claims]
    )
    assert kinds(context) == {"a": Kind.STALE}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"public": {"name": "Somebody else"}}, Kind.ALTERED),
        ({"fingerprint": "0" * 24}, Kind.ALTERED),
        ({"id": "b"}, Kind.MALFORMED),
        ({"live": None}, Kind.MALFORMED),
        ({"public": None, "live": True}, Kind.MALFORMED),
    ],
    ids=str,
)
def test_a_document_written_past_us_is_found(
    change: dict[str, Any], kind: Kind, context: Context, put: Put, damage: Damage
) -> None:
    """None takes the field away."""
    put(supplier("a"))
    context.synchroniser().drain()
    whole = held(context, "a") | change
    damage("a", {name: value for name, value in whole.items() if value is not None})
    assert kinds(context) == {"a": kind}
    drift.repair(context.store, checked(context))
    context.synchroniser().drain()
    assert differences(context) == set()


def test_random_damage_is_found_and_repaired(
    context: Context, put: Put, damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removed, altered, bereft of their form, added: over many pages."""
    monkeypatch.setattr(drift, "BATCH", 7)
    monkeypatch.setattr("discovery.engine.embedded.writer.PAGE", 7)
    monkeypatch.setattr("discovery.engine.elasticsearch.query.lookups.HELD_PAGE", 7)
    draw = random.Random(4)
    ids = [f"s{number:03}" for number in range(60)]
    put(*map(supplier, ids))
    with context.store.begin() as connection:
        for id_ in ids[50:]:
            repository.delist(connection, id_)
    context.synchroniser().drain()
    lost, changed, broken, deep = (
        draw.sample(ids[start : start + 15], 6) for start in range(0, 60, 15)
    )
    ghosts = [f"g{number:03}" for number in range(9)] + [f"z{number:03}" for number in range(9)]
    build = context.builder.build
    context.serving().bulk(
        [Action(id_, 5000, None) for id_ in lost]
        + [Action(id_, 5000, build(supplier(id_, name="x"))) for id_ in changed]
        + [Action(id_, 5000, build(supplier(id_))) for id_ in ghosts]
    )
    for id_ in broken:
        gone = draw.choice(["id", "live", "slug"])
        damage(id_, {name: value for name, value in held(context, id_).items() if name != gone})
    for id_ in deep:
        damage(id_, held(context, id_) | {"slug": f"other-{id_}"})
    report = checked(context)
    expected = dict.fromkeys(lost, Kind.MISSING) | dict.fromkeys([*changed, *deep], Kind.ALTERED)
    expected |= dict.fromkeys(broken, Kind.MALFORMED) | dict.fromkeys(ghosts, Kind.GHOST)
    assert {one.id: one.kind for one in report.differences} == expected
    assert report.checked == 78
    assert list(report.differences) == sorted(report.differences, key=lambda one: one.id)
    assert drift.repair(context.store, report) == len(expected)
    context.synchroniser().drain()
    assert differences(context) == set()


def test_the_last_check_is_kept(damaged: Context) -> None:
    assert observations.last_check(damaged.store) is None
    checked(damaged)
    last = observations.last_check(damaged.store)
    assert last is not None
    assert last.checked == 4
    assert last.differences == {"missing": 1, "stale": 0, "altered": 1, "malformed": 0, "ghost": 1}
    drift.repair(damaged.store, checked(damaged))
    damaged.synchroniser().drain()
    checked(damaged)
    last = observations.last_check(damaged.store)
    assert last is not None
    assert set(last.differences.values()) == {0}


def test_the_form_of_a_document() -> None:
    stub: Document = {"id": "a", "live": False, "slug": "a", "fingerprint": "f"}
    shown = stub | {"live": True, "kind": "EI", "public": {}}
    known = {*shown, "name"}
    assert not malformed("a", stub, known)
    assert not malformed("a", shown, known)
    assert not malformed("a", shown | {"name": "x"}, known)
    assert malformed("b", shown, known)
    assert malformed("a", stub | {"live": True}, known), "a live one says more"
    assert malformed("a", shown | {"more": 1}, known)
    assert malformed("a", [], known)


def test_a_delisting_that_a_wrong_clock_holds_back_is_told(context: Context, put: Put) -> None:
    """It is no difference, for it waits; but for a year, and the supplier still answers."""
    put(supplier("a"))
    context.synchroniser().drain()
    with context.store.begin() as connection:
        repository.delist(connection, "a")
        connection.execute(text("UPDATE change_ledger SET queued_at = '2026-01-01 00:00:00'"))
    assert ledger.claim(context.store, 1, 90, datetime.now(UTC) + timedelta(days=365))
    report = checked(context)
    assert (report.differences, report.late) == ((), 1)
    assert "1 wait for more than 15 minutes" in report.line()
    # A worker of today takes it at once.
    assert context.synchroniser().drain().indexed == 1
    assert checked(context).late == 0
