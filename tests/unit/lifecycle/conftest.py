"""A real store in a folder of the test's own, and a place for indices on each engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from discovery.config import Settings
from indexer.context import Context
from indexer.drift.run import checked
from indexer.record import Supplier
from indexer.store import repository
from indexer.store.migrate import migrate
from tests import elasticsearch
from tests.unit.indexer.conftest import NOW

ENGINES = ("embedded", pytest.param("elasticsearch", marks=pytest.mark.xdist_group(elasticsearch.GROUP)))
HERE = Path(__file__).parent
IN_SHORT = {"created", "verified", "promoted"}
"""Steps at which a fault is tried on the server in the short run; `--all` tries every step on both."""

Put = Callable[..., None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and "_fault_" in item.name and "[elasticsearch-" in item.name:
            step = item.name.partition("[elasticsearch-")[2].partition("]")[0]
            if step not in IN_SHORT or "rollback" in item.name:
                item.add_marker(pytest.mark.slow)


_numbers = count()


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Of a store and an engine without any index."""
    if request.param == "embedded":
        yield Settings(home=tmp_path)
        return
    url = request.getfixturevalue("elasticsearch_url")
    prefix = f"tests-{os.getpid()}-{next(_numbers)}"
    yield Settings(home=tmp_path, engine=url, index_prefix=prefix)
    with Elasticsearch(url, request_timeout=60) as client:
        for index in client.indices.get_alias(index=f"{prefix}-*"):
            client.indices.delete(index=index)


@pytest.fixture
def context(settings: Settings) -> Iterator[Context]:
    made = Context(settings)
    migrate(made.store)
    yield made
    made.close()


@pytest.fixture
def put(context: Context) -> Put:
    def save(*suppliers: Supplier) -> None:
        with context.store.begin() as connection:
            repository.save(connection, suppliers, NOW)

    return save


def in_step(context: Context) -> bool:
    """Whether the index that serves holds all of the store, and nothing else."""
    return checked(context).differences == ()


def serving(context: Context) -> str:
    name = context.catalog.targets().serving
    assert name is not None
    return name
