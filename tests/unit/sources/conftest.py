"""`indexer` run in a home folder of the test's own, and what it left there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina
from click.testing import CliRunner, Result

from indexer.cli import main
from indexer.context import Context
from indexer.record import Status, Supplier
from indexer.sources.fetch import ATTEMPTS
from indexer.store import repository
from indexer.store.engine import reading

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Retries without their waits."""
    stamina.set_testing(True, attempts=ATTEMPTS)
    yield
    stamina.set_testing(False)


@pytest.fixture
def indexer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "ENGINE", "BROKER_URL", "MAPPINGS", "INDEX_PREFIX"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)

    def call(*words: str) -> Result:
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return call


def stored() -> dict[str, Supplier]:
    context = Context()
    with reading(context.store) as connection:
        return repository.load(connection, [one for ids in repository.stream_ids(connection) for one in ids])


def ledger() -> list[Any]:
    with reading(Context().store) as connection:
        return list(connection.exec_driver_sql("SELECT supplier_id, revision FROM change_ledger ORDER BY 1"))


def live() -> int:
    return sum(one.status is Status.LIVE for one in stored().values())
