"""An upgrade to a version of another format: its index is built beside the one that services of
before read.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.context import open_engine
from discovery.engine import definition
from discovery.engine.elasticsearch import indices
from discovery.engine.embedded import folder, store
from discovery.engine.port import EngineUnavailable, SearchRequest
from discovery.mappings import Settings, packaged_mappings
from indexer.context import Context
from indexer.indices import status
from indexer.indices.rebuild import rebuild, rollback
from indexer.lock import RebuildRefused
from tests.unit.indexer.conftest import supplier
from tests.unit.lifecycle.conftest import Put, in_step, serving

NUMBER = definition.DOCUMENT_FORMAT + 1


@contextmanager
def next_version() -> Iterator[None]:
    """Inside, the program is one whose documents have another format."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definition, "DOCUMENT_FORMAT", NUMBER)
        for module in (definition, indices, folder, store):
            patch.setattr(module, "FORMAT", f"{NUMBER}-next")
        yield


@pytest.fixture
def upgraded(context: Context, put: Put, tmp_path: Path) -> Iterator[Context]:
    """Of the version after, to be used inside `next_version`; the version before has two suppliers."""
    put(supplier("a"), supplier("b"))
    context.synchroniser().drain()
    mappings = shutil.copytree(packaged_mappings(), tmp_path / "mappings")
    file = mappings / "suppliers.json"
    body = json.loads(file.read_text(encoding="utf-8"))
    body["mappings"]["_meta"]["format"] = NUMBER
    file.write_text(json.dumps(body), encoding="utf-8")
    made = Context(replace(context.settings, mappings=mappings))
    yield made
    made.close()


def total(settings: Settings) -> int:
    with closing(open_engine(settings)) as engine:  # type: ignore[type-var]
        assert engine.status().ready, engine.status().reason
        return engine.search(SearchRequest()).total


def test_services_of_both_versions_answer_while_one_replaces_the_other(
    context: Context, put: Put, upgraded: Context
) -> None:
    before = serving(context)
    with next_version():
        assert not open_engine(upgraded.settings).status().ready
        assert upgraded.rebuild_needed
        assert f"rebuild needed; {before} serves" in "\n".join(status.lines(status.look(upgraded)))
        rebuild(upgraded)
        put(supplier("c"))
        upgraded.synchroniser().drain()
        assert in_step(upgraded)  # which waits for what was written to be searchable
        assert total(upgraded.settings) == 3
        assert not upgraded.rebuild_needed
    assert serving(context) == before
    assert total(context.settings) == 2


def test_a_worker_makes_no_index_beside_one_of_another_format(
    context: Context, upgraded: Context
) -> None:
    """It would serve once it is full, and a rebuild then remove what services of the version before
    read.
    """
    with (
        next_version(),
        pytest.raises(EngineUnavailable, match=f"indexer rebuild.*{serving(context)}"),
    ):
        upgraded.synchroniser()
    assert total(context.settings) == 2


def test_a_rollback_to_another_format_is_refused_and_says_what_to_do(
    context: Context, upgraded: Context
) -> None:
    with next_version():
        now = rebuild(upgraded).index
        with pytest.raises(
            RebuildRefused, match=r"bring back the version that made it.*indexer rebuild"
        ):
            rollback(upgraded)
        assert serving(upgraded) == now
    assert total(context.settings) == 2


def test_the_index_of_the_format_before_goes_with_the_next_rebuild(
    context: Context, upgraded: Context
) -> None:
    with next_version():
        names = [rebuild(upgraded).index for _ in range(2)]
        assert upgraded.catalog.names() == names
        assert upgraded.catalog.foreign() == []
    assert context.catalog.targets().serving is None


def test_an_index_without_an_attribute_is_of_another_format() -> None:
    body = {
        "settings": {},
        "mappings": {"_meta": {"format": definition.DOCUMENT_FORMAT}, "properties": {}},
    }
    with pytest.raises(definition.ForeignFormatError, match="suppliers-1"):
        definition.stored("suppliers-1", body, "f")
