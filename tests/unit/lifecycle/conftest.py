"""A real store in a folder of the test's own, and a place for indices on each engine."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from discovery.mappings import Settings
from indexer.context import Context
from tests import elasticsearch
from tests.memo import migrated
from tests.unit.indexer.conftest import Put, in_step, put

__all__ = ["Put", "in_step", "put"]

ENGINES = (
    "embedded",
    pytest.param("elasticsearch", marks=pytest.mark.xdist_group(elasticsearch.GROUP)),
)
HERE = Path(__file__).parent
IN_SHORT = (
    "test_a_rebuild_serves_the_same", "test_a_worker_writes_its_changes_to_both", "test_what_a_dead_rebuild_left_is_sw",
    "test_a_rollback_serves_the_previous", "test_a_fault_at_any_step[elasticsearch-verified]",
    "test_one_deleted_under_the_service", "test_services_of_both_versions",
)  # fmt: skip
"""Of the rebuilds, what is tried on the server in the short run too; `--all` tries all of it on
both engines.
"""

REBUILDS = frozenset({"test_first.py", "test_rebuild.py", "test_commands.py", "test_formats.py"})


_numbers = count()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        on_server = (
            item.path.parent == HERE
            and item.path.name in REBUILDS
            and "[elasticsearch" in item.name
        )
        if on_server and not item.name.startswith(IN_SHORT):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Of a store and an engine without any index."""
    if request.param == "embedded":
        yield Settings(home=tmp_path)
        return
    url = request.getfixturevalue("elasticsearch_url")
    prefix = f"lives-{os.getpid()}-{next(_numbers)}"
    yield Settings(
        home=tmp_path, engine=url, index_prefix=prefix, engine_timeout=30
    )  # a busy machine is no outage
    with Elasticsearch(url, request_timeout=60) as client:
        for index in client.indices.get_alias(index=f"{prefix}-*"):
            client.indices.delete(index=index)


@pytest.fixture
def context(settings: Settings) -> Iterator[Context]:
    made = Context(migrated(settings))
    yield made
    made.close()


def serving(context: Context) -> str:
    name = context.catalog.targets().serving
    assert name is not None
    return name
