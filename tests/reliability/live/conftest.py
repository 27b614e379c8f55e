"""The stacks: the laptop's, that of servers, and that of many machines. Who mixes a store of the
one with an engine of another has what each of them is tested for here.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from discovery.mappings import Settings
from indexer.context import Context
from indexer.store.engine import migrate
from tests.elasticsearch import GROUP

_numbers = count()

LAPTOP, SERVERS, LARGE = (
    "sqlite-embedded",
    "postgresql-elasticsearch",
    "postgresql-elasticsearch-redis",
)


@pytest.fixture
def context(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Context]:
    """Of a stack, given by name as the fixture's parameter; the store is made, the index not."""
    stack = request.param
    asked = request.getfixturevalue
    settings = Settings(
        home=tmp_path,
        database_url=asked("postgresql_url")
        if "postgresql" in stack
        else f"sqlite:///{tmp_path / 'store.sqlite'}",
        engine=asked("elasticsearch_url") if "elasticsearch" in stack else "embedded",
        broker_url=asked("redis_url") if "redis" in stack else "",
        index_prefix=f"live-{os.getpid()}-{next(_numbers)}",
    )
    with closing(Context(settings)) as made:
        migrate(made.store)
        yield made
        for name in made.catalog.names():
            made.catalog.remove(name)


def on(*stacks: str) -> pytest.MarkDecorator:
    """Run the test on these stacks."""
    params = [
        pytest.param(stack, marks=[] if stack == LAPTOP else pytest.mark.xdist_group(GROUP))
        for stack in stacks
    ]
    return pytest.mark.parametrize("context", params, indirect=True)
