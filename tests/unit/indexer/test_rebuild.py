"""Rebuild: the alias moves only to a verified index, and no change is lost on the way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.config import packaged_mappings
from discovery.engine.names import previous
from indexer.context import Context
from indexer.document import DocumentBuilder
from indexer.drift import check
from indexer.lifecycle.errors import RebuildRefused
from indexer.lifecycle.rebuild import rebuild, rollback
from indexer.record import Supplier
from tests.unit.indexer.conftest import Put, indexed, supplier


@pytest.fixture
def filled(context: Context, put: Put) -> Context:
    put(supplier("a"), supplier("b"), supplier("hidden", kind="RESERVED"))
    context.synchroniser().drain()
    return context


def in_step(context: Context) -> bool:
    return check.check(context.store, context.serving(), context.builder).differences == ()


def test_a_rebuild_serves_the_same_suppliers_from_a_new_file(filled: Context) -> None:
    before = filled.catalog.targets().serving
    built = rebuild(filled)
    assert built.documents == 2
    assert filled.catalog.targets().serving == built.index != before
    assert previous(filled.catalog.names(), built.index) == before
    assert in_step(filled)


def test_only_two_indices_are_kept(filled: Context) -> None:
    for _ in range(3):
        rebuild(filled)
    assert len(filled.catalog.names()) == 2


def test_changed_mappings_need_a_rebuild_and_get_one(filled: Context, tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    shutil.copytree(packaged_mappings(), folder)
    file = folder / "vocabulary" / "sectors" / "hygiene-et-proprete.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Nettoyage de locaux", "Nettoyage de bureaux", 1), encoding="utf-8")
    edited = Context(replace(filled.settings, mappings=folder))
    assert not filled.rebuild_needed
    assert edited.rebuild_needed
    rebuild(edited)
    assert not edited.rebuild_needed
    assert filled.rebuild_needed


def test_changes_made_before_the_rebuild_are_in_it_though_nobody_indexed_them(filled: Context, put: Put) -> None:
    put(supplier("c"), supplier("a", name="Changed"))
    rebuild(filled)
    assert indexed(filled).keys() == {"a", "b", "c"}


def test_a_change_settled_in_the_old_index_during_the_fill_is_caught_up(filled: Context, put: Put) -> None:
    """The worker goes on while the new index is filled: here it indexes a change after its batch was read."""

    class Busy(DocumentBuilder):
        done = False

        def build(self, supplier_: Supplier) -> dict[str, object] | None:
            document = super().build(supplier_)
            if not self.done:
                self.done = True
                put(supplier("a", name="Changed meanwhile"), supplier("new"))
                filled.synchroniser().drain()
            return document

    meanwhile = Context(filled.settings)
    meanwhile.__dict__["builder"] = Busy(filled.mappings.vocabulary, filled.gazetteer)
    rebuild(meanwhile)
    assert indexed(filled).keys() == {"a", "b", "new"}
    assert in_step(filled)


def test_a_record_that_the_index_refuses_leaves_the_old_one_serving(filled: Context) -> None:
    class Bad(DocumentBuilder):
        def build(self, supplier_: Supplier) -> dict[str, object] | None:
            document = super().build(supplier_)
            return document and document | {"colour": "blue"}

    before = filled.catalog.targets().serving
    broken = Context(filled.settings)
    broken.__dict__["builder"] = Bad(filled.mappings.vocabulary, filled.gazetteer)
    with pytest.raises(RebuildRefused, match="colour"):
        rebuild(broken)
    assert filled.catalog.targets().serving == before
    assert filled.catalog.names() == [before], "the half-built index is gone"


def test_an_index_with_too_few_suppliers_is_not_promoted(filled: Context) -> None:
    class Forgetful(DocumentBuilder):
        def build(self, supplier_: Supplier) -> dict[str, object] | None:
            return None if supplier_.id == "b" else super().build(supplier_)

    before = filled.catalog.targets().serving
    forgetful = Context(filled.settings)
    forgetful.__dict__["builder"] = Forgetful(filled.mappings.vocabulary, filled.gazetteer)
    with pytest.raises(RebuildRefused, match="not promoted"):
        rebuild(forgetful)
    assert filled.catalog.targets().serving == before


def test_a_rollback_serves_the_previous_index_with_what_it_missed(filled: Context, put: Put) -> None:
    first = filled.catalog.targets().serving
    rebuild(filled)
    put(supplier("late"))
    filled.synchroniser().drain()
    assert rollback(filled).index == first == filled.catalog.targets().serving
    assert in_step(filled)


def test_without_a_previous_index_there_is_nothing_to_go_back_to(context: Context) -> None:
    with pytest.raises(RebuildRefused, match="no previous index"):
        rollback(context)
