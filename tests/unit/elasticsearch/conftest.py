"""Tests of the Elasticsearch adapter: pure ones, and ones on a real node (xdist group
`elasticsearch`).
"""

import os
from collections.abc import Iterator
from itertools import count

import pytest
from elasticsearch import Elasticsearch

from discovery.engine.definition import Definition, define
from discovery.mappings import load_mappings

_numbers = count()


@pytest.fixture(scope="session")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def packaged() -> Definition:
    """The project's own index definition."""
    return define(load_mappings())


@pytest.fixture
def index_name(client: Elasticsearch) -> Iterator[str]:
    """A name that is free, of an index that the test may make."""
    name = f"test-{os.getpid()}-{next(_numbers)}"
    yield name
    client.indices.delete(index=name, ignore_unavailable=True)
