"""The durable half: one SQLite file (WAL) of document rows, their sources, and the strings they
use.

`seq` counts the transactions that changed a document; every row carries that of its last change,
which makes the table its own change log. A deleted document leaves a tombstone (`packed` null) that
keeps its version, so that an older write arriving late stays stale.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from discovery.engine.definition import ForeignFormatError
from discovery.engine.embedded.layout import FORMAT
from discovery.engine.port import EngineUnavailable
from discovery.model import dataclass

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE);
CREATE TABLE texts (id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE documents (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    live INTEGER NOT NULL,
    slug TEXT,
    siret TEXT,
    siren TEXT,
    name_key TEXT,
    packed BLOB
);
CREATE INDEX documents_seq ON documents (seq);
CREATE TABLE former_slugs (slug TEXT, row INTEGER, PRIMARY KEY (slug, row)) WITHOUT ROWID;
CREATE INDEX former_slugs_row ON former_slugs (row);
CREATE TABLE sources (row INTEGER PRIMARY KEY, source TEXT NOT NULL);
"""

_PAGE_BYTES = 8192
"""A row and a source are about two kilobytes each: on SQLite's own pages of 4,096 most spill over
to a second one.
"""

_MAPPED_BYTES = 1 << 30

FORGET_MS = 1_000

_LOOK_UPS = ("slug", "siret", "siren")
"""Columns that single suppliers are asked for by. Their order is not that of filling: each batch
would write nearly all pages of these indices anew.
"""


@dataclass(frozen=True, slots=True)
class Meta:
    """What the file says of itself. `definition` is the one the index was built with."""

    uuid: str
    fingerprint: str
    definition: Mapping[str, Any]


def connect(path: Path, *, timeout: float, writing: bool) -> sqlite3.Connection:
    """A connection in autocommit mode, durable when a transaction returns (`synchronous=FULL`).

    Transactions are explicit. The file must exist unless writing; sqlite3.OperationalError
    otherwise.
    """
    mode = "rwc" if writing else "rw"  # a WAL reader, too, writes the shared-memory file
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=64,
    )
    if writing:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of a new file; others keep theirs
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "PRAGMA secure_delete = ON"
        )  # what a supplier withdrew is gone from the pages that held it
    else:
        connection.execute("PRAGMA query_only = 1")
    _map(connection, _MAPPED_BYTES)
    return connection


def release(connection: sqlite3.Connection) -> None:
    """Let go of the pages of the file that were read: all of them after a load, and each counts as
    memory of ours.
    """
    _map(connection, 0)
    _map(connection, _MAPPED_BYTES)


def _map(connection: sqlite3.Connection, most: int) -> None:
    connection.execute(f"PRAGMA mmap_size = {most}").fetchall()


def create(connection: sqlite3.Connection, fingerprint: str, definition: Mapping[str, Any]) -> None:
    """Lay the tables, unless another process has; one transaction. `index_look_ups` is for when
    they are filled.
    """
    with _transaction(connection):
        if not _has_tables(connection):
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [
                    ("uuid", uuid.uuid4().hex[:12]),
                    ("format", FORMAT),
                    ("fingerprint", fingerprint),
                    ("definition", json.dumps(definition, ensure_ascii=False)),
                ],
            )


def index_look_ups(connection: sqlite3.Connection) -> None:
    """Index slugs and company numbers, so that suppliers are found by them without looking through
    all; one transaction.
    """
    with _transaction(connection):
        for column in _LOOK_UPS:
            connection.execute(
                f"CREATE INDEX IF NOT EXISTS documents_{column} ON documents ({column}) WHERE {column} IS NOT NULL"
            )


def forget(connection: sqlite3.Connection) -> bool:
    """Take what was replaced or deleted out of the write-ahead log too, which else keeps it until
    it is written over.

    False when a reader is in the way for longer than `FORGET_MS`: then to be tried again.
    """
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {FORGET_MS}")
    try:
        return int(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]) == 0
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _has_tables(connection: sqlite3.Connection) -> bool:
    return (
        connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sources'").fetchone()
        is not None
    )


def read_meta(connection: sqlite3.Connection, path: Path) -> Meta:
    """What the file says of itself. Raises EngineUnavailable when it is no index of a format that
    is read.
    """
    try:
        held = connection.execute("SELECT key, value FROM meta") if _has_tables(connection) else ()
        values: dict[str, str] = dict(held)
    except sqlite3.DatabaseError as error:
        raise EngineUnavailable(
            f"the index file {path.name} can't be read ({error}); rebuild it"
        ) from error
    if not values:
        raise EngineUnavailable(f"the index file {path.name} is empty; rebuild it")
    if values["format"] != FORMAT:
        raise ForeignFormatError(path.stem)
    return Meta(values["uuid"], values["fingerprint"], json.loads(values["definition"]))


def last_seq(connection: sqlite3.Connection) -> int:
    """The number of the last transaction that changed a document; 0 for an empty index."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM documents").fetchone()[0])


def count(connection: sqlite3.Connection) -> int:
    """How many live documents there are."""
    return int(
        connection.execute(
            "SELECT count(*) FROM documents WHERE live AND packed IS NOT NULL"
        ).fetchone()[0]
    )


_CHANGED = "INDEXED BY documents_seq WHERE seq > ?"
"""Without the hint SQLite would rather scan all documents in id order."""

Row = tuple[str, int, str | None, str | None, bytes]
"""id, row number, SIRET, name key, packed."""


def rows_since(connection: sqlite3.Connection, seq: int) -> Iterator[Row]:
    """Rows of present documents changed after `seq`, in id order; read as they are asked for."""
    columns = "SELECT id, row, siret, name_key, packed FROM documents"
    if seq:
        return connection.execute(
            f"{columns} {_CHANGED} AND packed IS NOT NULL ORDER BY id", (seq,)
        )
    return connection.execute(f"{columns} WHERE packed IS NOT NULL ORDER BY id")


def count_since(connection: sqlite3.Connection, seq: int) -> int:
    """How many rows `rows_since` gives."""
    query = f"SELECT count(*) FROM documents {_CHANGED} AND packed IS NOT NULL"
    return int(connection.execute(query, (seq,)).fetchone()[0])


def ids_since(connection: sqlite3.Connection, seq: int) -> list[str]:
    """Ids of the documents changed or deleted after `seq`."""
    return [id_ for (id_,) in connection.execute(f"SELECT id FROM documents {_CHANGED}", (seq,))]


def terms_since(connection: sqlite3.Connection, known: int) -> list[str]:
    """The strings with id >= `known`, in id order; ids are dense from 0."""
    return [
        term
        for (term,) in connection.execute(
            "SELECT term FROM terms WHERE id >= ? ORDER BY id", (known,)
        )
    ]


def texts_since(connection: sqlite3.Connection, known: int) -> list[bytes]:
    """The shared texts with id >= `known`, in id order."""
    return [
        packed
        for (packed,) in connection.execute(
            "SELECT packed FROM texts WHERE id >= ? ORDER BY id", (known,)
        )
    ]


def sources(connection: sqlite3.Connection, rows: list[int]) -> dict[int, dict[str, Any]]:
    """Row number → document, of those asked for."""
    # As bytes: a text would be decoded here, only to be encoded again by the parser.
    query = "SELECT row, CAST(source AS BLOB) FROM sources WHERE row IN (SELECT value FROM json_each(?))"
    return {
        row: orjson.loads(source) for row, source in connection.execute(query, (json.dumps(rows),))
    }


def by_id_or_slug(connection: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    """The document with this id, else slug, else former slug (among namesakes the live one, then
    the smallest id); None when there is none.
    """
    for where in (
        "d.id = ?",
        "d.slug = ?",
        "d.row IN (SELECT row FROM former_slugs WHERE slug = ?)",
    ):
        found = connection.execute(
            f"SELECT source FROM documents d JOIN sources USING (row) WHERE {where} ORDER BY d.live DESC, d.id LIMIT 1",
            (key,),
        ).fetchone()
        if found is not None:
            document: dict[str, Any] = orjson.loads(found[0])
            return document
    return None


def by_company(connection: sqlite3.Connection, column: str, number: str) -> list[dict[str, Any]]:
    """Live documents whose `column` (siret or siren) is `number`, by id."""
    return [
        orjson.loads(source)
        for (source,) in connection.execute(
            f"SELECT source FROM documents d JOIN sources USING (row) WHERE d.live AND d.{column} = ? ORDER BY d.id",
            (number,),
        )
    ]


_HELD = (
    "SELECT id, version, coalesce(source, '{}') "
    "FROM documents LEFT JOIN sources USING (row) WHERE packed IS NOT NULL"
)


def held_after(
    connection: sqlite3.Connection, after: str, limit: int
) -> list[tuple[str, int, Any]]:
    """(id, version, document) of at most `limit` documents behind an id, in id order."""
    return _held(connection.execute(f"{_HELD} AND id > ? ORDER BY id LIMIT ?", (after, limit)))


def held(connection: sqlite3.Connection, ids: Sequence[str]) -> list[tuple[str, int, Any]]:
    """(id, version, document) of these ids, in no order."""
    query = f"{_HELD} AND id IN (SELECT value FROM json_each(?))"
    return _held(connection.execute(query, (json.dumps(list(ids)),)))


def _held(rows: Iterable[tuple[str, int, str]]) -> list[tuple[str, int, Any]]:
    return [(id_, version, json.loads(source)) for id_, version, source in rows]
