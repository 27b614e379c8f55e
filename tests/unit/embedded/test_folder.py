"""The embedded catalog: files, and links that move atomically.
`tests/unit/lifecycle/test_catalog.py` has the rest.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from discovery.engine.catalog import Targets
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings
from indexer.context import Context

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index", "suppliers")


def made(folder: IndexFolder, *minutes: int) -> list[str]:
    """Names of indices that are there, as far as their names and links go."""
    folder.path.mkdir(exist_ok=True)
    names = [
        f"suppliers-0123456789abcdef-{NOW + timedelta(minutes=minute):%Y%m%d-%H%M%S%f}"
        for minute in minutes
    ]
    for name in names:
        folder.file(name).touch()
        folder.file(name).with_name(f"{name}.sqlite-wal").touch()
    return names


def test_a_file_that_was_lost_serves_nothing(folder: IndexFolder) -> None:
    [name] = made(folder, 0)
    folder.promote(name)
    assert folder.current() == folder.file(name)
    folder.file(name).unlink()
    assert folder.current() is None
    assert folder.targets() == Targets()


def test_the_alias_never_points_nowhere(folder: IndexFolder) -> None:
    first, second = made(folder, 0, 1)
    folder.promote(first)
    folder.remove(second)
    with pytest.raises(FileNotFoundError):
        folder.promote(second)
    assert folder.link.resolve() == folder.file(first).resolve()


def test_a_removed_index_takes_its_companions_along(folder: IndexFolder) -> None:
    [name] = made(folder, 0)
    folder.remove(name)
    assert list(folder.path.iterdir()) == []


def test_a_finished_index_finds_one_supplier_without_looking_through_all(
    folder: IndexFolder,
) -> None:
    definition = Context(Settings()).definition
    name = folder.create(definition, NOW)
    folder.finish(name, definition)
    with closing(sqlite3.connect(folder.file(name))) as connection:
        for column in ("id", "slug", "siret", "siren"):
            query = f"EXPLAIN QUERY PLAN SELECT row FROM documents WHERE {column} = ?"
            assert "USING" in connection.execute(query, ("x",)).fetchone()[3], column
