"""Rebuild and rollback: only a verified index ever serves, and no change is lost on the way. On
both engines.
"""

import copy
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from discovery.engine.catalog import Targets, previous
from discovery.engine.port import Action, WriteOutcome, WriteStatus
from discovery.mappings import packaged_mappings
from indexer.context import Context
from indexer.document.build import DocumentBuilder
from indexer.indices import rebuild as verification
from indexer.indices.rebuild import Options, Step, rebuild, rollback, write
from indexer.lock import (
    LockHeldError,
    LockLostError,
    RebuildRefused,
    acquire,
    holder_of,
    locked,
    utc,
)
from indexer.record import Supplier
from indexer.store import repository
from indexer.store.models import SUPPLIER
from indexer.targets import entries
from tests.unit.indexer.conftest import file_of, indexed, supplier
from tests.unit.lifecycle.conftest import Put, in_step, serving

Build = Callable[[DocumentBuilder, Supplier], dict[str, object] | None]


@pytest.fixture
def filled(context: Context, put: Put) -> Context:
    put(supplier("a"), supplier("b"), supplier("hidden", kind="RESERVED"))
    context.synchroniser().drain()
    return context


def building_with(context: Context, build: Build) -> Context:
    """Another process's context, whose documents are made by `build`."""

    class Builder(DocumentBuilder):
        def build(self, supplier_: Supplier) -> dict[str, object] | None:
            return build(context.builder, supplier_)

    made = Context(context.settings)
    made.__dict__["builder"] = Builder(
        context.mappings.vocabulary, context.gazetteer, context.mappings.codes
    )
    return made


def history(context: Context) -> list[tuple[str, bool]]:
    """Deeds, and whether they were refused."""
    return [(entry.deed, bool(entry.refused)) for entry in entries(context.catalog.journal, 20)]


def test_a_rebuild_serves_the_same_suppliers_from_a_new_index(filled: Context) -> None:
    before = serving(filled)
    done = rebuild(filled)
    assert (done.documents, done.replaced, done.refused) == (2, before, "")
    assert filled.catalog.targets() == Targets(done.index, None)
    assert done.index != before == previous(filled.catalog.names(), done.index)
    assert filled.catalog.lock.read()[0] is None
    assert in_step(filled)
    assert history(filled) == [("first", False), ("rebuild", False)]


# Nothing is lost


def test_a_worker_writes_its_changes_to_both(filled: Context, put: Put) -> None:
    """It settles a change after the fill has read that supplier, and never again looks at it."""
    before, worker = serving(filled), Context(filled.settings)

    def change(step: Step) -> None:
        if step is Step.FILLED:
            put(supplier("a", name="Changed meanwhile"), supplier("new"))
            with filled.store.begin() as connection:
                repository.delist(connection, "b")
            assert worker.synchroniser().drain().indexed == 3

    done = rebuild(filled, options=Options(watch=change))
    assert done.documents == 2
    assert in_step(filled)
    with (
        closing(filled.catalog.writer_of(before)) as old,
        closing(filled.catalog.writer_of(done.index)) as new,
    ):
        of_old, of_new = (
            {one.id: one for page in side.everything() for one in page} for side in (old, new)
        )
        assert of_old == of_new
    worker.close()


def test_an_index_that_a_writer_gave_up_is_not_promoted(filled: Context, put: Put) -> None:
    before, worker = serving(filled), Context(filled.settings)

    def damage(step: Step) -> None:
        if step is Step.FILLED:
            put(supplier("c"))
            synchroniser = worker.synchroniser()
            building = filled.catalog.targets().building
            assert building is not None
            filled.catalog.unregister(building)
            assert synchroniser.drain().indexed == 1

    with pytest.raises(RebuildRefused):
        rebuild(filled, options=Options(watch=damage))
    assert filled.catalog.names() == [before]
    worker.close()


def test_what_can_not_be_written_does_not_hold_up_what_serves(filled: Context, put: Put) -> None:
    """An index of another format, left by another version: one batch is put off, the next goes on
    without it.
    """
    body = copy.deepcopy(filled.definition.body)
    body["mappings"]["_meta"]["format"] = 99
    name = filled.catalog.create(replace(filled.definition, body=body), utc())
    assert filled.catalog.targets().building == name
    put(supplier("c"))
    assert filled.synchroniser().batch().retry == 1
    assert filled.catalog.targets().building is None
    later = replace(filled.synchroniser(), clock=lambda: utc() + timedelta(hours=1))
    assert later.batch().indexed == 1
    assert "c" in indexed(filled)


# Any doubt: what served still serves


def assert_untouched(context: Context, before: str) -> None:
    assert context.catalog.targets() == Targets(before, None)
    assert context.catalog.names() == [before], "the half-built index is gone"
    assert context.catalog.lock.read()[0] is None
    assert history(context)[-1] == ("rebuild", True)
    assert in_step(context)


def test_a_record_that_the_index_refuses(filled: Context) -> None:
    before = serving(filled)
    broken = building_with(
        filled, lambda own, one: (built := own.build(one)) and built | {"colour": "blue"}
    )
    with pytest.raises(RebuildRefused, match="colour"):
        rebuild(broken)
    assert_untouched(filled, before)


def test_an_index_that_lacks_a_supplier(filled: Context) -> None:
    before = serving(filled)
    forgetful = building_with(filled, lambda own, one: None if one.id == "b" else own.build(one))
    with pytest.raises(
        RebuildRefused, match=r"1 suppliers differ .* the first of them b: not promoted"
    ):
        rebuild(forgetful)
    assert_untouched(filled, before)


def test_an_index_that_can_be_read_but_not_searched(filled: Context) -> None:
    if not filled.settings.embedded:
        pytest.skip("rows of the embedded engine's file are damaged")
    before = serving(filled)

    def damage(step: Step) -> None:
        if step is Step.FILLED:
            file = file_of(filled).with_stem(str(filled.catalog.targets().building))
            with closing(sqlite3.connect(file)) as connection, connection:
                assert connection.execute(
                    "UPDATE documents SET packed = zeroblob(4) WHERE live"
                ).rowcount

    with pytest.raises(
        RebuildRefused, match="can't be searched: rows of the index don't have the shape"
    ):
        rebuild(filled, options=Options(watch=damage))
    assert_untouched(filled, before)


def test_one_that_left_the_store_meanwhile_is_the_workers_to_take_out(filled: Context) -> None:
    def remove(step: Step) -> None:
        if step is Step.FILLED:
            with filled.store.begin() as connection:
                connection.execute(delete(SUPPLIER).where(SUPPLIER.c.id == "b"))

    rebuild(filled, options=Options(watch=remove))
    assert indexed(filled).keys() == {"a", "b"}
    filled.synchroniser().drain()
    assert in_step(filled)


def test_one_that_left_before_its_turn_is_taken_out(filled: Context) -> None:
    taken: dict[str, object] = {}

    class Taking:
        def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
            taken.update((one.id, one.document) for one in actions)
            return []

    with filled.store.begin() as connection:
        connection.execute(delete(SUPPLIER).where(SUPPLIER.c.id == "b"))
    write(filled.store, Taking(), filled.builder, ["a", "b"])  # type: ignore[arg-type]
    assert [(name, document is None) for name, document in taken.items()] == [
        ("a", False),
        ("b", True),
    ]


def test_a_document_that_is_not_what_the_store_makes(filled: Context) -> None:
    """Right id, right revision, other content: what a worker with other mappings would write."""
    before = serving(filled)

    def add(step: Step) -> None:
        if step is Step.FILLED:
            with closing(
                filled.catalog.writer_of(filled.catalog.targets().building or "")
            ) as writer:
                document = filled.builder.build(supplier("a", name="Somebody else"))
                writer.bulk([Action("a", indexed(filled)["a"], document)])

    with pytest.raises(RebuildRefused, match="the document of a is not what the store makes"):
        rebuild(filled, options=Options(watch=add))
    assert_untouched(filled, before)


def test_far_fewer_suppliers_than_before_must_be_meant(context: Context, put: Put) -> None:
    ids = [f"s{number:02}" for number in range(10)]
    put(*map(supplier, ids))
    context.synchroniser().drain()
    before = serving(context)
    with context.store.begin() as connection:
        for id_ in ids[:3]:
            repository.delist(connection, id_)
    with pytest.raises(RebuildRefused, match=r"7 suppliers, the one that serves 10: .*--force"):
        rebuild(context)
    assert serving(context) == before
    assert rebuild(context, options=Options(force=True)).documents == 7


def test_the_judged_queries_have_the_last_word(filled: Context) -> None:
    before, asked = serving(filled), list[str]()

    def judge(name: str) -> str | None:
        asked.append(name)
        with closing(filled.catalog.reader_of(name)) as reader:
            assert reader.status().documents == 2, "it can be searched before it serves"
        assert serving(filled) == before
        return "nettoyage: 0.41, it was 0.93" if len(asked) == 1 else None

    with pytest.raises(RebuildRefused, match=r"nettoyage: 0.41"):
        rebuild(filled, options=Options(judge=judge))
    assert_untouched(filled, before)
    done = rebuild(filled, options=Options(judge=judge))
    assert asked[1] == done.index == serving(filled)
    assert done.judged == "held"


# One at a time; a fault at any step


def test_while_one_works_another_is_told(filled: Context) -> None:
    before = serving(filled)
    with locked(filled.catalog.lock, "rebuild"):
        for work in (rebuild, rollback):
            with pytest.raises(LockHeldError, match=r"rebuild by process .* since"):
                work(filled)
    assert (serving(filled), filled.catalog.names()) == (before, [before])


def test_one_whose_lock_was_taken_promotes_nothing(filled: Context) -> None:
    """It slept longer than its lock; by now another one is at work."""
    before = serving(filled)

    def sleep(step: Step) -> None:
        if step is Step.VERIFIED:
            _, mark = filled.catalog.lock.read()
            assert filled.catalog.lock.write({"token": "thief"}, mark)

    with pytest.raises(LockLostError):
        rebuild(filled, options=Options(watch=sleep))
    assert serving(filled) == before


class Fault(Exception):
    pass


@pytest.mark.parametrize("at", list(Step))
def test_a_fault_at_any_step(at: Step, filled: Context, put: Put) -> None:
    before = serving(filled)

    def fail(step: Step) -> None:
        if step is at:
            raise Fault

    with pytest.raises(Fault):
        rebuild(filled, options=Options(watch=fail))
    promoted = at in (Step.PROMOTED, Step.PRUNED, Step.AUDITED)
    assert (serving(filled) != before) == promoted
    assert filled.catalog.targets().building is None
    assert len(filled.catalog.names()) == 1 + promoted
    assert filled.catalog.lock.read()[0] is None
    assert in_step(filled)
    put(supplier("later"))
    rebuild(filled)
    assert in_step(filled)
    assert len(filled.catalog.names()) == 2


@pytest.mark.parametrize(
    "at", [step for step in Step if step is not Step.PRUNED and step is not Step.FINISHED]
)
def test_a_fault_at_any_step_of_a_rollback(at: Step, filled: Context) -> None:
    first, second = serving(filled), rebuild(filled).index

    def fail(step: Step) -> None:
        if step is at:
            raise Fault

    with pytest.raises(Fault):
        rollback(filled, options=Options(watch=fail))
    assert serving(filled) == (first if at in (Step.PROMOTED, Step.AUDITED) else second)
    assert filled.catalog.names() == [first, second], "what served once stays"
    assert filled.catalog.targets().building is None
    assert in_step(filled)


def test_what_a_dead_rebuild_left_is_swept_by_the_next(filled: Context, put: Put) -> None:
    before = serving(filled)
    left = filled.catalog.create(filled.definition, utc())
    acquire(filled.catalog.lock, "rebuild", seconds=-1)
    put(supplier("c"))
    filled.synchroniser().drain()  # writes to both, and is none the worse for it
    done = rebuild(filled)
    assert filled.catalog.names() == [before, done.index]
    assert [
        entry.index for entry in entries(filled.catalog.journal, 5) if entry.deed == "sweep"
    ] == [left]
    assert in_step(filled)


# The way back


def test_a_rollback_serves_the_previous_index_with_what_it_missed(
    filled: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BATCH", 1)
    first, second = serving(filled), rebuild(filled).index
    put(supplier("late"), supplier("a", name="Changed"))
    with filled.store.begin() as connection:
        repository.delist(connection, "b")
    filled.synchroniser().drain()
    done = rollback(filled)
    assert (done.index, done.replaced, done.documents) == (first, second, 2)
    assert filled.catalog.targets() == Targets(first, None)
    with closing(filled.catalog.reader_of(first)) as reader:
        assert (reader.get("b") or {})["live"] is False, "nobody is served who asked to be gone"
    assert in_step(filled)
    assert history(filled)[-1] == ("rollback", False)


def test_a_rollback_leaves_documents_as_the_mappings_of_then_made_them(
    filled: Context, put: Put
) -> None:
    """What one flees from is often the mappings: the way back must not lead through them."""
    rebuild(filled)
    put(supplier("late"))
    other = building_with(
        filled, lambda own, one: (built := own.build(one)) and built | {"completeness": 1}
    )
    first = rollback(other).index
    with closing(filled.catalog.reader_of(first)) as reader:
        found = {id_: (reader.get(id_) or {})["completeness"] for id_ in ("a", "late")}
    assert found["late"] == 1 != found["a"]


def test_a_rollback_that_can_not_be_verified_is_not_promoted(filled: Context) -> None:
    first, second = serving(filled), rebuild(filled).index
    with closing(filled.catalog.writer_of(first)) as writer:
        writer.bulk([Action("ghost", 900, filled.builder.build(supplier("ghost")))])
    with pytest.raises(RebuildRefused, match="ghost"):
        rollback(filled)
    assert (serving(filled), filled.catalog.names()) == (second, [first, second])
    assert history(filled)[-1] == ("rollback", True)


def test_without_a_previous_index_there_is_nothing_to_go_back_to(context: Context) -> None:
    with pytest.raises(RebuildRefused, match="no previous index"):
        rollback(context)
    assert holder_of(context.catalog.lock.read()[0]) is None


class Away:
    """An engine that does not answer."""

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        return [
            WriteOutcome(one.id, WriteStatus.RETRY, "the search engine can't be reached")
            for one in actions
        ]


def test_an_engine_that_stays_away_is_not_told_as_a_fault_of_records(filled: Context) -> None:
    with pytest.raises(RebuildRefused, match=r"can't be reached\. See to the search engine, then"):
        write(filled.store, Away(), filled.builder, ["a", "b"], lambda _: None)  # type: ignore[arg-type]


# Mappings that change under a worker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_mappings(), tmp_path / "mappings"))


def edit(folder: Path) -> None:
    file = folder / "vocabulary" / "sectors" / "hygiene-et-proprete.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("Nettoyage de locaux", "Nettoyage de bureaux", 1), encoding="utf-8"
    )


def test_a_worker_follows_the_mappings_of_a_rebuild(
    filled: Context, put: Put, folder: Path
) -> None:
    """It was started before the edit. Whether a change comes during the rebuild or after, its
    document is new.
    """
    settings = replace(filled.settings, mappings=folder)
    worker = Context(settings)
    worker.synchroniser()
    edit(folder)

    def change(step: Step) -> None:
        if step is Step.CREATED:
            put(supplier("a", name="Changed meanwhile"))
            first = worker.synchroniser()
            assert first.drain().claimed == 1
            assert worker.definition.fingerprint == operator.definition.fingerprint

    operator = Context(settings)
    rebuild(operator, options=Options(watch=change))
    put(supplier("new"))
    worker.synchroniser().drain()
    assert in_step(operator)
    worker.close()
    operator.close()


def test_a_worker_without_the_new_mappings_ends_the_rebuild(
    filled: Context, put: Put, folder: Path
) -> None:
    """On another machine, say: its documents must not be mixed with the new ones, and it must not
    stop working.
    """
    before = serving(filled)
    edit(folder)
    operator = Context(replace(filled.settings, mappings=folder))

    def change(step: Step) -> None:
        if step is Step.FILLED:
            put(supplier("a", name="Changed meanwhile"))
            for hours in range(3):
                later = replace(
                    filled.synchroniser(), clock=lambda hours=hours: utc() + timedelta(hours=hours)
                )
                later.batch()

    with pytest.raises(RebuildRefused, match="gave it up"):
        rebuild(operator, options=Options(watch=change))
    assert serving(filled) == before
    assert in_step(filled)
    operator.close()


def test_a_walk_of_many_pages_finds_each_difference(
    context: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BATCH", 7)
    ids = [f"s{number:03}" for number in range(50)]
    put(*map(supplier, ids))
    context.synchroniser().drain()
    assert rebuild(context).documents == 50
    for id_ in (ids[0], ids[6], ids[7], ids[-1]):

        def damage(step: Step, id_: str = id_) -> None:
            if step is Step.FILLED:
                with closing(
                    context.catalog.writer_of(context.catalog.targets().building or "")
                ) as writer:
                    writer.bulk([Action(id_, 900, None)])

        with pytest.raises(RebuildRefused, match=f"1 suppliers differ .* the first of them {id_}"):
            rebuild(context, options=Options(watch=damage))


def test_after_a_rollback_the_next_way_back_does_not_lead_to_what_one_fled_from(
    filled: Context,
) -> None:
    first, fled = serving(filled), rebuild(filled).index
    assert rollback(filled).index == first
    third = rebuild(filled).index
    assert filled.catalog.names() == [first, third]
    assert fled not in filled.catalog.names()
    assert rollback(filled).index == first
