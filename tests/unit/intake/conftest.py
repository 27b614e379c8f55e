"""Real mappings, real gazetteer, and a store of one's own for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from discovery.mappings import Mappings
from discovery.places import Gazetteer
from indexer.intake.check import Check
from indexer.intake.precedence import Draft
from indexer.store.engine import open_store
from tests.memo import empty_store
from tests.unit.intake.support import TODAY, VALID, Intake


@pytest.fixture(scope="session")
def check(mappings: Mappings, places: Gazetteer) -> Check:
    return Check(mappings.vocabulary, places, TODAY)


@pytest.fixture
def checked(check: Check) -> Callable[..., Draft]:
    """`checked(kind="XX")`: the draft of a valid record with these fields changed."""
    return lambda **changed: check({**VALID, **changed})


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "store.sqlite"
    shutil.copy(empty_store(), path)
    engine = open_store(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def intake(engine: Engine, tmp_path: Path, mappings: Mappings, places: Gazetteer) -> Intake:
    return Intake(engine, tmp_path, mappings, places)
