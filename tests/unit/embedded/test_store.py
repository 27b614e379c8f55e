"""The file keeps what it needs and reads no more than it must."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from discovery.engine.embedded import EmbeddedWriter, store
from discovery.engine.port import Action


@pytest.fixture
def reading(path: Path, writer: EmbeddedWriter) -> Iterator[sqlite3.Connection]:
    writer.bulk(
        [Action("b", 1, {"id": "b", "live": True}), Action("a", 1, {"id": "a", "live": True})]
    )
    writer.bulk([Action("c", 7, {"id": "c", "live": True}), Action("b", 2, None)])
    connection = store.connect(path, timeout=1, writing=False)
    yield connection
    connection.close()


def test_the_table_is_its_own_change_log(reading: sqlite3.Connection) -> None:
    assert store.last_seq(reading) == 2
    assert [row[0] for row in store.rows_since(reading, 0)] == ["a", "c"]
    assert [row[0] for row in store.rows_since(reading, 1)] == ["c"]
    assert sorted(store.ids_since(reading, 1)) == ["b", "c"]
    assert store.count_since(reading, 1) == 1
    assert store.count_since(reading, 2) == 0
    assert store.count(reading) == 2


@pytest.mark.parametrize(
    "read",
    [
        lambda connection: list(store.rows_since(connection, 1)),
        lambda connection: store.count_since(connection, 1),
        lambda connection: store.ids_since(connection, 1),
        store.last_seq,
    ],
    ids=["rows", "count", "ids", "last"],
)
def test_catching_up_reads_only_what_changed(
    reading: sqlite3.Connection, read: Callable[[sqlite3.Connection], object]
) -> None:
    """A scan of all documents at every commit would make each query after one as slow as a start."""
    ran: list[str] = []
    reading.set_trace_callback(ran.append)
    read(reading)
    reading.set_trace_callback(None)
    assert any("documents" in statement for statement in ran)
    for statement in (one for one in ran if "documents" in one):
        plan = [detail for *_, detail in reading.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert any("documents_seq" in step for step in plan), plan
        assert not any(
            step.startswith("SCAN documents USING INDEX sqlite_autoindex") for step in plan
        ), plan


def test_a_reader_can_not_write(reading: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reading.execute("DELETE FROM documents")


def test_sources_beyond_one_statements_parameters(path: Path, writer: EmbeddedWriter) -> None:
    writer.bulk(
        Action(f"d{number}", 1, {"id": f"d{number}", "live": True}) for number in range(1203)
    )
    connection = store.connect(path, timeout=1, writing=False)
    rows = [row for (row,) in connection.execute("SELECT row FROM documents")]
    found = store.sources(connection, rows)
    connection.close()
    assert sorted(found) == sorted(rows)
    assert len({document["id"] for document in found.values()}) == 1203
