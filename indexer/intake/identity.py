"""Which supplier a row is, and what an import remembers of the rows that it has met, in a file of
its own.

Which supplier a row is: one id per row of a file, found again at the next import.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import cast

import orjson
from sqlalchemy import Connection, select

from indexer.intake.findings import Code
from indexer.intake.precedence import Draft
from indexer.store.models import SUPPLIER
from indexer.store.sql import ids_in

CACHE_KIB = 8192


@contextmanager
def memory() -> Iterator[sqlite3.Connection]:
    """A database that only this process sees, in a temporary file that SQLite makes when its cache
    is full and removes.

    One transaction that never ends: nothing here is to outlive the import.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for statement in (
            "PRAGMA journal_mode = OFF",
            f"PRAGMA cache_size = -{CACHE_KIB}",
            "BEGIN",
        ):
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
        self._connection.executemany(
            "INSERT OR IGNORE INTO met VALUES (?)", ((each,) for each in ids)
        )

    def refuse(self, supplier_id: str, siret: str) -> None:
        """Remember a row that is rejected for a fault: its supplier is not absent and must not be
        delisted. "" = not known.
        """
        if supplier_id:
            self.add([supplier_id])
        if siret:
            self._connection.execute("INSERT OR IGNORE INTO refused VALUES (?)", (siret,))

    def absent(self, ids: Sequence[str]) -> list[str]:
        """Those of these ids that no row told of, in their order. An id made of the SIRET of a row
        that was refused counts as told of.
        """
        query = """
            SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM met)
               AND substr(value, 1, instr(value || '-', '-') - 1) NOT IN (SELECT siret FROM refused) ORDER BY key"""
        return [each for (each,) in self._connection.execute(query, (json.dumps(list(ids)),))]


Key = tuple[str, str]

# Word for word the condition of the partial index, without which SQLite would not use it.
_OF_KEY = "FROM seen WHERE siret <> '' AND siret = ? AND kind = ?"


class Identities:
    """The ids of one file, given out in the order of its rows. What it keeps of each stands in
    `memory`.

    A row that repeats another word for word changes nothing. With an id of its own that is another
    row's, it is rejected: neither of the two can be preferred. Without one, SIRET and kind make the
    id, and a second row of the same SIRET and kind gets a counter: registers do list two places of
    one establishment.
    """

    def __init__(self, memory: sqlite3.Connection) -> None:
        self._memory = memory
        memory.execute("DROP TABLE IF EXISTS seen")
        memory.execute(
            "CREATE TABLE seen (id TEXT, given INT, siret TEXT, kind TEXT, line INT, content INT)"
        )
        memory.execute("CREATE INDEX seen_id ON seen (id)")
        memory.execute("CREATE INDEX seen_key ON seen (siret, kind, content) WHERE siret <> ''")

    def claim(self, draft: Draft, line: int) -> bool:
        """Give the draft its id, with what is to be said of it. False when it repeats an earlier
        row exactly.
        """
        content = _digest(draft.values)
        warn, (siret, kind) = draft.findings.warn, draft.key
        if draft.id_given:
            earlier = self._one("SELECT line, content FROM seen WHERE id = ? AND given", draft.id)
            if earlier and earlier[1] == content:
                warn(Code.ROW_REPEATED, line=str(earlier[0]))
                return False
            if earlier:
                draft.findings.reject(Code.ID_REPEATED, "id", draft.id, line=str(earlier[0]))
                return True
        elif same := self._one(
            f"SELECT min(line) {_OF_KEY} AND content = ? HAVING count(*)", siret, kind, content
        ):
            warn(Code.ROW_REPEATED, line=str(same[0]))
            return False
        others = (
            self._one(f"SELECT count(*), min(line) {_OF_KEY} HAVING count(*)", siret, kind)
            if siret
            else None
        )
        if others:
            warn(Code.SIRET_REPEATED, "siret", siret, line=str(others[1]))
            if not draft.id_given:
                draft.id = f"{draft.id}-{others[0] + 1}"
        self._keep(draft.id, draft.id_given, siret, kind, line, content)
        return True

    def use(self, supplier_id: str) -> None:
        """A row is this supplier, though it bears another id or none."""
        self._keep(supplier_id, False, "", "", 0, 0)

    def _keep(self, *values: object) -> None:
        self._memory.execute("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?)", values)

    def _one(self, query: str, *values: object) -> tuple[int, ...] | None:
        return cast("tuple[int, ...] | None", self._memory.execute(query, values).fetchone())

    def match(self, draft: Draft, candidates: Iterable[str], prefix: str) -> str:
        """The id of the supplier that the store knows under this SIRET and kind, or the draft's
        own.

        Only when there is exactly one that no row of this file is, and that was not made from such
        a file: those are found by their own ids. `prefix`: with what made ids start, if not with
        SIRET and kind.
        """
        made = re.compile(
            re.escape(prefix) if prefix else re.escape("-".join(draft.key)) + r"(-\d+)?$"
        )
        used = "SELECT 1 FROM seen WHERE id = ?"
        free = [
            each for each in candidates if self._one(used, each) is None and not made.match(each)
        ]
        return free[0] if len(free) == 1 else draft.id


def _digest(values: Mapping[str, object]) -> int:
    """Of 64 bits, the same for the same content. (Python's own `hash` is the same for -1.0 and
    -2.0, longitudes.)
    """
    text = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)


def ids_by_key(connection: Connection, sirets: Iterable[str]) -> dict[Key, list[str]]:
    """The ids of the store's suppliers with these SIRETs, by SIRET and kind; one query."""
    query = select(SUPPLIER.c.siret, SUPPLIER.c.kind, SUPPLIER.c.id).order_by(SUPPLIER.c.id)
    found: dict[Key, list[str]] = {}
    for siret, kind, supplier_id in connection.execute(
        query.where(ids_in(connection, SUPPLIER.c.siret, [*sirets]))
    ):
        found.setdefault((siret, kind), []).append(supplier_id)
    return found


def ids_by_siret(connection: Connection, sirets: Sequence[str]) -> list[str]:
    """The ids of the store's suppliers with these SIRETs, live or delisted."""
    query = select(SUPPLIER.c.id).where(ids_in(connection, SUPPLIER.c.siret, sirets))
    return list(connection.execute(query.order_by(SUPPLIER.c.id)).scalars())
