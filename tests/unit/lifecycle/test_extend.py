"""What a change of the index's definition needs, and fields added to an index while it serves."""

import copy
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from discovery.engine.definition import Definition, Need, define, need
from discovery.engine.port import Action
from discovery.mappings import load_mappings, packaged_mappings
from indexer.context import Context
from indexer.indices.rebuild import extend, needed
from indexer.lock import RebuildRefused, utc
from indexer.store import ledger
from indexer.targets import entries
from tests.unit.indexer.conftest import supplier
from tests.unit.lifecycle.conftest import Put, in_step, serving

Edit = Callable[[dict[str, Any]], None]


def edited(folder: Path, edit: Edit) -> Definition:
    """The packaged definition after an edit of its `suppliers.json`."""
    shutil.copytree(packaged_mappings(), folder, dirs_exist_ok=True)
    file = folder / "suppliers.json"
    body = json.loads(file.read_text(encoding="utf-8"))
    edit(body)
    file.write_text(json.dumps(body), encoding="utf-8")
    return define(load_mappings(folder))


@pytest.fixture(scope="module")
def packaged() -> Definition:
    return define(load_mappings())


def fields(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["mappings"]["properties"]
    return found


def add_keyword(body: dict[str, Any]) -> None:
    fields(body)["colour"] = {"type": "keyword"}


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        pytest.param(lambda body: None, Need.NOTHING, id="nothing"),
        pytest.param(add_keyword, Need.LIVE, id="a new field"),
        pytest.param(
            lambda body: fields(body)["activities"]["properties"].update(since={"type": "date"}),
            Need.LIVE,
            id="a new field of the activities",
        ),
        pytest.param(lambda body: fields(body).update(motto={"type": "text"}), Need.REBUILD, id="a new text"),
        pytest.param(
            lambda body: fields(body).update(more={"properties": {"motto": {"type": "text"}}}),
            Need.REBUILD,
            id="a new text deep in an object",
        ),
        pytest.param(lambda body: fields(body)["kind"].update(type="text"), Need.REBUILD, id="another type"),
        pytest.param(lambda body: fields(body).pop("networks"), Need.REBUILD, id="a field less"),
        pytest.param(
            lambda body: fields(body)["activities"]["properties"].pop("sector"), Need.REBUILD, id="one less inside"
        ),
        pytest.param(
            lambda body: body["settings"]["analysis"]["filter"]["french_elision"]["articles"].pop(),
            Need.REBUILD,
            id="another analysis",
        ),
        pytest.param(lambda body: body["settings"].update(number_of_shards=2), Need.REBUILD, id="more shards"),
        pytest.param(
            lambda body: body["mappings"]["_source"]["excludes"].pop(), Need.REBUILD, id="another stored source"
        ),
        pytest.param(
            lambda body: (add_keyword(body), fields(body)["kind"].update(doc_values=False)),
            Need.REBUILD,
            id="a field more and another changed",
        ),
    ],
)
def test_what_an_edit_needs(edit: Edit, wanted: Need, packaged: Definition, tmp_path: Path) -> None:
    assert need(packaged, edited(tmp_path, edit)) is wanted


def test_an_index_tells_the_fields_that_it_was_made_from(context: Context) -> None:
    name = context.catalog.create(context.definition, utc())
    held = context.catalog.definition_of(name)
    assert held.body["mappings"] == context.definition.body["mappings"]
    assert need(held, context.definition) is Need.NOTHING


@pytest.fixture
def with_a_field_more(context: Context, put: Put, tmp_path: Path) -> Context:
    """Of a program whose mappings have a new field; what serves was built before."""
    put(supplier("a"), supplier("b"))
    context.synchroniser().drain()
    edited(tmp_path / "mappings", add_keyword)
    return Context(replace(context.settings, mappings=tmp_path / "mappings"))


def test_new_fields_are_taken_live_where_the_engine_can(context: Context, with_a_field_more: Context) -> None:
    before = serving(context)
    if context.settings.embedded:
        with pytest.raises(RebuildRefused, match="indexer rebuild"):
            extend(with_a_field_more)
        assert with_a_field_more.rebuild_needed
        return
    assert needed(with_a_field_more) is Need.LIVE
    assert extend(with_a_field_more) == ledger.pending_count(context.store) == 2
    assert serving(context) == before
    assert (needed(with_a_field_more), with_a_field_more.rebuild_needed) == (Need.NOTHING, False)
    with_a_field_more.synchroniser().drain()
    assert in_step(with_a_field_more)
    document = copy.deepcopy(context.builder.build(supplier("a")) or {}) | {"colour": "blue"}
    with closing(context.catalog.writer_of(before)) as writer:
        assert writer.bulk([Action("a", 900, document)])[0].status.value == "indexed"
    assert extend(with_a_field_more) == 0
    assert entries(context.catalog.journal, 1)[0].deed == "extend"
    with_a_field_more.close()


def test_what_needs_a_rebuild_is_said(context: Context, put: Put, tmp_path: Path) -> None:
    with pytest.raises(RebuildRefused, match="indexer rebuild"):
        extend(context)
    put(supplier("a"))
    context.synchroniser().drain()
    edited(tmp_path / "mappings", lambda body: fields(body).update(motto={"type": "text"}))
    other = Context(replace(context.settings, mappings=tmp_path / "mappings"))
    with pytest.raises(RebuildRefused, match="indexer rebuild"):
        extend(other)
    assert ledger.pending_count(context.store) == 0
    other.close()
