"""Sync: whatever happens in the store, the index ends up the same, and every claim is accounted
for.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from discovery.engine.port import Action, EngineUnavailable, WriteOutcome, WriteStatus
from discovery.mappings import Settings
from indexer.context import Context
from indexer.document.build import DocumentBuilder
from indexer.indices.drift import checked
from indexer.record import Supplier
from indexer.store import ledger, repository
from indexer.store.engine import migrate
from indexer.store.sql import LEASE_SECONDS
from indexer.sync import LONGEST_PAUSE_SECONDS, MAX_ATTEMPTS, Pause, Synchroniser
from tests.examples import some
from tests.unit.indexer.conftest import NOW, Put, file_of, indexed, supplier


def test_a_delisted_supplier_stays_as_a_stub_and_comes_back(context: Context, put: Put) -> None:
    put(supplier("a"))
    context.synchroniser().drain()
    with context.store.begin() as connection:
        repository.delist(connection, "a")
    context.synchroniser().drain()
    assert context.serving().status().documents == 0
    assert indexed(context).keys() == {"a"}
    with context.store.begin() as connection:
        repository.restore(connection, "a")
    context.synchroniser().drain()
    assert context.serving().status().documents == 1


class Poisoned(DocumentBuilder):
    def build(self, supplier: Supplier) -> dict[str, object] | None:
        if supplier.id == "poison":
            raise KeyError("a field that this version does not know")
        return super().build(supplier)


def test_one_poison_record_does_not_stop_the_others(context: Context, put: Put) -> None:
    put(supplier("a"), supplier("poison"), supplier("z"))
    poisoned = Poisoned(context.mappings.vocabulary, context.gazetteer, context.mappings.codes)
    report = replace(context.synchroniser(), builder=poisoned).drain()
    assert (report.claimed, report.indexed, report.dead) == (3, 2, 1)
    [letter] = ledger.dead_letters(context.store)
    assert letter.supplier_id == "poison"
    assert "can't be built" in letter.error
    # mended: replaying is enough
    ledger.replay(context.store)
    assert context.synchroniser().drain().indexed == 1
    assert indexed(context).keys() == {"a", "poison", "z"}


class Away:
    """A writer whose engine is away, as the port describes it."""

    def __init__(self, how: Exception | WriteStatus) -> None:
        self.how = how

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        if isinstance(self.how, Exception):
            raise self.how
        return [WriteOutcome(action.id, self.how, "busy") for action in actions]


@pytest.mark.parametrize("how", [EngineUnavailable("no such host"), WriteStatus.RETRY])
def test_an_engine_away_loses_nothing_and_is_tried_again_later(
    context: Context, put: Put, how: Exception | WriteStatus
) -> None:
    now = [NOW]
    put(supplier("a"))
    index: Any = Away(how)
    away = Synchroniser(
        context.store, index, context.builder, clock=lambda: now[0], jitter=lambda: 0.5
    )
    report = away.drain()
    assert (report.claimed, report.retry) == (1, 1)
    assert away.drain().claimed == 0, "not before its time"
    now[0] += timedelta(hours=1)
    back = replace(context.synchroniser(), clock=lambda: now[0])
    assert back.drain().indexed == 1


class Picky(Away):
    """Takes everything but one supplier."""

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        return [
            WriteOutcome(
                one.id, WriteStatus.RETRY if one.id == "poison" else WriteStatus.INDEXED, "busy"
            )
            for one in actions
        ]


def test_what_keeps_failing_among_others_is_set_aside_with_its_reason(
    context: Context, put: Put
) -> None:
    now = [NOW]
    put(supplier("poison"))
    context.synchroniser()  # the index is there before anything is settled
    picky = Synchroniser(
        context.store,
        Picky(WriteStatus.RETRY),  # type: ignore[arg-type]
        context.builder,
        clock=lambda: now[0],
        jitter=lambda: 0.0,
    )
    for number in range(MAX_ATTEMPTS):
        put(supplier("a", name=f"{number}"), supplier("b", name=f"{number}"))
        report = picky.drain()
        assert (report.claimed, report.indexed, report.retry + report.dead) == (3, 2, 1)
        now[0] += timedelta(hours=2)
    [letter] = ledger.dead_letters(context.store)
    assert letter.supplier_id == "poison"
    assert f"given up after {MAX_ATTEMPTS} tries" in letter.error
    put(supplier("poison", name="Changed"))
    assert replace(context.synchroniser(), clock=lambda: now[0]).drain().indexed == 1, (
        "a change gives it another chance"
    )


def test_an_engine_away_for_days_kills_nothing_and_is_not_pressed(
    context: Context, put: Put
) -> None:
    """What waits is tried a batch at a time, more and more rarely; an engine that is back has all
    within a pause.
    """
    now = [NOW]
    put(*(supplier(f"s{number}") for number in range(12)))
    away = Synchroniser(
        context.store,
        Away(WriteStatus.RETRY),  # type: ignore[arg-type]
        context.builder,
        clock=lambda: now[0],
        jitter=lambda: 0.0,  # type: ignore[arg-type]
    )
    pressed = 0
    for _ in range(600):
        while claimed := away.batch(limit=5).claimed:
            pressed += claimed
        now[0] += timedelta(seconds=1)
    assert 0 < pressed < 5 * 600 / (LONGEST_PAUSE_SECONDS / 2) + 5 * 5
    now[0] += timedelta(days=3)
    assert away.batch().retry == 12
    assert ledger.dead_letters(context.store) == []
    back = replace(context.synchroniser(), clock=lambda: now[0])
    now[0] += timedelta(seconds=LONGEST_PAUSE_SECONDS)
    assert back.drain().indexed == 12
    with context.store.connect() as connection:
        assert connection.execute(text("SELECT max(attempts) FROM change_ledger")).scalar_one() == 0


def test_a_late_write_that_undoes_a_deletion_is_made_good(context: Context, put: Put) -> None:
    """The engine has forgotten the version of what was deleted; the lease was lost long ago."""
    now = [NOW]
    put(supplier("a"))
    late = replace(context.synchroniser(), clock=lambda: now[0])
    written = late.writer.bulk

    class Stalled(Away):
        def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
            now[0] += timedelta(seconds=LEASE_SECONDS + 1)
            with context.store.begin() as connection:
                connection.execute(text("DELETE FROM supplier"))
            assert replace(late, writer=context.serving()).drain().deleted == 1
            forget_the_deletion(context)
            return written(actions)

    report = replace(late, writer=Stalled(WriteStatus.INDEXED)).batch()  # type: ignore[arg-type]
    assert (report.claimed, report.lost) == (1, 1)
    assert indexed(context).keys() == {"a"}, "so far it is back"
    assert replace(late, writer=context.serving()).drain().deleted == 1
    assert indexed(context).keys() == set()


def forget_the_deletion(context: Context) -> None:
    """What Elasticsearch does after `index.gc_deletes`."""
    context.forget_writer()
    with closing(sqlite3.connect(file_of(context))) as connection, connection:
        assert connection.execute("DELETE FROM documents WHERE packed IS NULL").rowcount == 1


@settings(max_examples=some(25), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["save", "rename", "delist", "restore", "delete", "sync"]),
            st.sampled_from(["a", "b", "c"]),
        ),
        max_size=14,
    )
)
def test_any_history_ends_with_the_index_equal_to_the_store(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    context = Context(Settings(home=Path(tmp_path_factory.mktemp("history"))))
    migrate(context.store)
    for number, (step, id_) in enumerate(steps):
        if step == "sync":
            context.synchroniser().drain()
            continue
        with context.store.begin() as connection:
            if step == "save":
                repository.save(connection, [supplier(id_)], NOW)
            elif step == "rename":
                repository.save(connection, [supplier(id_, name=f"Nom {number}")], NOW)
            elif step == "delist":
                repository.delist(connection, id_)
            elif step == "restore":
                repository.restore(connection, id_)
            else:
                connection.execute(text("DELETE FROM supplier WHERE id = :id"), {"id": id_})
    context.synchroniser().drain()
    assert checked(context).differences == ()


def test_a_row_written_by_another_program_gets_its_address(context: Context, put: Put) -> None:
    put(supplier("a"))
    with context.store.begin() as connection:
        connection.execute(
            text("INSERT INTO supplier (id, name, kind) VALUES ('raw', 'Menuiserie du Lac', 'EI')")
        )
        connection.execute(text("UPDATE supplier SET name = 'Atelier renommé' WHERE id = 'a'"))
    context.synchroniser().drain()
    with context.store.connect() as connection:
        known = repository.load(connection, ["a", "raw"])
    assert known["raw"].slug.startswith("menuiserie-du-lac")
    assert known["a"].slug.startswith("atelier-renomme")
    assert known["a"].former_slugs, "the old address still leads there"
    assert checked(context).differences == ()


def test_a_pause_of_a_clock_that_was_wrong_is_over() -> None:
    pause = Pause()
    pause.lengthen(NOW + timedelta(days=365), 0.5)
    assert pause.over(NOW)
    pause.lengthen(NOW, 0.5)
    assert not pause.over(NOW)
    assert pause.over(NOW + timedelta(seconds=LONGEST_PAUSE_SECONDS))
