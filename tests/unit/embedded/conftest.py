"""A writer and an engine over one file, with the plainest analysis."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from tests.contract.worlds import DEFINITION, Split


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture
def writer(path: Path) -> Iterator[EmbeddedWriter]:
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f1")) as writer:
        yield writer


@pytest.fixture
def engine(path: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(path, Split(), background=False)
    yield engine
    engine.close()
