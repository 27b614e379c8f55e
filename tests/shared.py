"""What each process that runs tests holds for all of them, and the servers that any test may ask
for by name.
"""

import gc

import pytest

import tests.examples  # noqa: F401  (how many examples)
from discovery.http.requests import configure_logs
from discovery.mappings import Mappings, load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer
from tests.chromium import browser
from tests.elasticsearch import elasticsearch_url
from tests.memo import remember_mappings
from tests.servers import postgresql_server, postgresql_url, redis_server, redis_url

gc.disable()  # until all is collected, which stays: a quarter of a run went into visiting it
remember_mappings()
# before a test that captures logs: structlog takes that for a host program's own configuration
configure_logs()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 10, 3)  # now and then whole: files stay open in what is not collected
    gc.enable()


# What the package brings, read once a process; a folder of tests that has its own says so in its
# `conftest.py`.


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load_mappings()


@pytest.fixture(scope="session")
def vocabulary(mappings: Mappings) -> Vocabulary:
    return mappings.vocabulary


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def places(gazetteer: Gazetteer) -> Gazetteer:
    return gazetteer


__all__ = [
    "browser",
    "elasticsearch_url",
    "postgresql_server",
    "postgresql_url",
    "redis_server",
    "redis_url",
]
