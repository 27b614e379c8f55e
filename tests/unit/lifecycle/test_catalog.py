"""Both catalogs: which index serves, which takes writes, which are there."""

import copy
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from discovery.engine.catalog import Catalog, Targets
from discovery.engine.definition import Definition
from discovery.engine.port import Action
from discovery.mappings import Settings
from indexer.context import Context
from tests import elasticsearch
from tests.unit.indexer.conftest import supplier

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def catalog(settings: Settings) -> Iterator[Catalog]:
    made = Context(settings).catalog
    yield made
    made.close()


@pytest.fixture(scope="module")
def definition() -> Definition:
    return Context(Settings()).definition


def test_from_birth_to_service(catalog: Catalog, definition: Definition) -> None:
    first = catalog.create(definition, NOW)
    assert catalog.targets() == Targets(None, first)
    catalog.finish(first, definition)
    catalog.promote(first)
    assert catalog.targets() == Targets(first, None)
    second = catalog.create(definition, NOW + DAY)
    assert catalog.targets() == Targets(first, second)
    assert catalog.targets().names() == catalog.names() == [first, second]
    catalog.promote(second)
    assert catalog.targets() == Targets(second, None)
    catalog.register(first)
    assert catalog.targets() == Targets(second, first)
    catalog.unregister(first)
    assert catalog.targets() == Targets(second, None)
    catalog.remove(first)
    assert catalog.names() == [second]


def test_a_clock_set_back_makes_no_older_index(catalog: Catalog, definition: Definition) -> None:
    names = [catalog.create(definition, NOW - number * DAY) for number in range(3)]
    assert catalog.names() == names
    assert catalog.targets().building == names[-1]


def test_an_index_keeps_the_definition_that_it_was_made_from(
    catalog: Catalog, definition: Definition
) -> None:
    other = replace(definition, fingerprint="f" * 16)
    name = catalog.create(other, NOW)
    assert catalog.definition_of(name).fingerprint == "f" * 16
    assert catalog.definition_of(name).body["mappings"] == definition.body["mappings"]


def test_what_was_written_is_read_once_it_is_finished(catalog: Catalog, context: Context) -> None:
    name = catalog.create(context.definition, NOW)
    document = context.builder.build(supplier("a"))
    with closing(catalog.writer_of(name)) as writer:
        writer.bulk([Action("a", 1, document)])
    catalog.finish(name, context.definition)
    with closing(catalog.reader_of(name)) as reader:
        assert reader.status().documents == 1
        found = reader.get("a")
        assert found is not None
        assert found["public"] == (document or {})["public"]
        assert reader.get(found["slug"]) == found
    catalog.finish(name, context.definition)  # again does no harm


def test_prefixes_do_not_see_each_other(
    settings: Settings, catalog: Catalog, definition: Definition
) -> None:
    longer = Context(replace(settings, index_prefix=f"{settings.index_prefix}-test")).catalog
    theirs = longer.create(definition, NOW)
    longer.promote(theirs)
    assert (catalog.names(), catalog.targets()) == ([], Targets())
    ours = catalog.create(definition, NOW)
    catalog.promote(ours)
    assert longer.targets().serving == theirs
    longer.close()


@pytest.mark.xdist_group(elasticsearch.GROUP)
def test_a_cluster_fills_without_copies_and_refreshes_then_has_both(
    elasticsearch_url: str, tmp_path: Path
) -> None:
    settings = Settings(
        home=tmp_path, engine=elasticsearch_url, index_prefix=f"tests-{os.getpid()}-copies"
    )
    made = Context(settings)
    body = copy.deepcopy(made.definition.body)
    body["settings"] |= {"number_of_replicas": 1}
    definition = replace(made.definition, body=body)
    with (
        closing(made.catalog) as catalog,
        Elasticsearch(elasticsearch_url, request_timeout=60) as client,
    ):
        name = catalog.create(definition, NOW)
        try:
            filling = client.indices.get_settings(index=name)[name]["settings"]["index"]
            assert (filling["number_of_replicas"], filling["refresh_interval"]) == ("0", "-1")
            catalog.finish(name, definition)
            served = client.indices.get_settings(index=name)[name]["settings"]["index"]
            assert served["number_of_replicas"] == "1"
            assert "refresh_interval" not in served
        finally:
            catalog.remove(name)
