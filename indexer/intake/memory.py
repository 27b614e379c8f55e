"""What an import has to remember of every row: kept in a file of its own, so that a million rows hold no more memory
than a thousand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

CACHE_KIB = 8192


@contextmanager
def memory() -> Iterator[sqlite3.Connection]:
    """A database that only this process sees, in a temporary file that SQLite makes when its cache is full and removes.

    One transaction that never ends: nothing here is to outlive the import.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for statement in ("PRAGMA journal_mode = OFF", f"PRAGMA cache_size = -{CACHE_KIB}", "BEGIN"):
            connection.execute(statement)
        yield connection


class Met:
    """The suppliers that the files of one import tell of, for knowing those that they don't."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for name in ("met", "refused"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute("CREATE TABLE met (id TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("CREATE TABLE refused (siret TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, ids: Iterable[str]) -> None:
        """Remember ids that rows told of."""
        self._connection.executemany("INSERT OR IGNORE INTO met VALUES (?)", ((each,) for each in ids))

    def refuse(self, supplier_id: str, siret: str) -> None:
        """Remember a row that is rejected for a fault: its supplier is not absent and must not be delisted. "" = not
        known."""
        if supplier_id:
            self.add([supplier_id])
        if siret:
            self._connection.execute("INSERT OR IGNORE INTO refused VALUES (?)", (siret,))

    def absent(self, ids: Sequence[str]) -> list[str]:
        """Those of these ids that no row told of, in their order. An id made of the SIRET of a row that was refused
        counts as told of."""
        query = """
            SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM met)
               AND substr(value, 1, instr(value || '-', '-') - 1) NOT IN (SELECT siret FROM refused) ORDER BY key"""
        return [each for (each,) in self._connection.execute(query, (json.dumps(list(ids)),))]
