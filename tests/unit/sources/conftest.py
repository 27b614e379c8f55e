"""`indexer` run in a home folder of the test's own, and what it left there."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx._transports.default as transport
import pytest
import stamina
from click.testing import CliRunner, Result
from sqlalchemy import select

from indexer.cli import main
from indexer.context import Context
from indexer.record import Status, Supplier
from indexer.sources.fetch import ATTEMPTS
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.models import SUPPLIER

transport.create_ssl_context = cache(transport.create_ssl_context)  # type: ignore[attr-defined]  # 30 ms each
Run = Callable[..., Result]
Given = Callable[..., Path]


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
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result

    return call


@pytest.fixture(scope="session")
def homes() -> dict[str, Path]:
    return {}


@pytest.fixture
def given(
    indexer: Run, homes: dict[str, Path], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Given:
    """Imports a file of rows, then runs other commands; the home that came of it is copied for who
    gives the same.
    """

    def imported(name: str, text: str, *commands: str) -> Path:
        key = "\0".join((name, text, *commands))
        if key not in homes:
            (tmp_path / name).write_text(text, encoding="utf-8")
            for words in (("import", str(tmp_path / name)), *((one,) for one in commands)):
                assert (done := indexer(*words)).exit_code == 0, done.output
            homes[key] = shutil.copytree(
                tmp_path, tmp_path_factory.mktemp("given") / "home", symlinks=True
            )
        else:
            shutil.copytree(homes[key], tmp_path, symlinks=True, dirs_exist_ok=True)
        return tmp_path / name

    return imported


def stored() -> dict[str, Supplier]:
    context = Context()
    with reading(context.store) as connection:
        return repository.load(connection, list(connection.scalars(select(SUPPLIER.c.id))))


def ledger() -> list[Any]:
    with reading(Context().store) as connection:
        return list(
            connection.exec_driver_sql("SELECT supplier_id, revision FROM change_ledger ORDER BY 1")
        )


def live() -> int:
    return sum(one.status is Status.LIVE for one in stored().values())
