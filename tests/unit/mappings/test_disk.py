"""Refusals of a real disk, each with its remedy."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from discovery.errors import remedy


def test_a_full_disk() -> None:
    with (
        pytest.raises(OSError) as error,
        open("/dev/full", "wb", buffering=0) as full,
    ):  # Linux: never has room
        full.write(b"x")
    assert "free some space" in remedy(str(error.value.strerror))


def test_a_full_database(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "full.sqlite")) as database:
        database.execute("PRAGMA max_page_count = 2")
        database.execute("CREATE TABLE rows (text)")
        with pytest.raises(sqlite3.OperationalError) as error:
            database.execute("INSERT INTO rows VALUES (?)", ("x" * 100_000,))
    assert "free some space" in remedy(str(error.value))


def test_a_database_that_may_not_be_written(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "read.sqlite").close()
    reading = sqlite3.connect(f"file:{tmp_path / 'read.sqlite'}?mode=ro", uri=True)
    with closing(reading) as database, pytest.raises(sqlite3.OperationalError) as error:
        database.execute("CREATE TABLE rows (text)")
    assert "DISCOVERY_HOME" in remedy(str(error.value))
