"""A node of Elasticsearch that a test may kill and start again."""

from collections.abc import Iterator

import pytest

from tests.elasticsearch import EngineAbsentError, Node, absent
from tests.servers import free_port


@pytest.fixture
def node() -> Iterator[Node]:
    """One that keeps its address when it is started again."""
    node = Node(http__port=str(free_port()))
    try:
        node.start()
        yield node
    except EngineAbsentError as error:
        absent(error)
    finally:
        node.stop()
