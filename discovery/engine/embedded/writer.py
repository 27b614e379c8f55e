"""The writing side: checks and analyses documents, then writes them in one transaction a batch."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from discovery.engine.analysis import Analysis
from discovery.engine.embedded import postings, store
from discovery.engine.embedded.arrays import Interner, Renumbering
from discovery.engine.embedded.prepare import (
    Counted,
    InvalidDocumentError,
    Prepared,
    Preparer,
    as_list,
    counted,
    pack,
)
from discovery.engine.json_safety import PLAIN
from discovery.engine.port import (
    Action,
    EngineStatus,
    EngineUnavailable,
    Held,
    WriteOutcome,
    WriteStatus,
)
from discovery.mappings.secrets import private_folder
from discovery.model import dataclass

BUSY_SECONDS = 30.0
"""How long to wait for another writer. A batch holds the lock for milliseconds: longer means it is
stuck.
"""

PAGE = 500
"""Documents read at once by a walk over all of them."""

_DELETE = (
    "INSERT INTO documents (id, version, seq, live) VALUES (?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET version = "
    "excluded.version, seq = excluded.seq, live = 0, slug = NULL, siret = NULL, siren = NULL, name_key = NULL, "
    "packed = NULL"
)
_WRITE = (
    "INSERT INTO documents (row, id, version, seq, live, slug, siret, siren, name_key, packed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (row) DO UPDATE SET version = excluded.version, "
    "seq = excluded.seq, live = excluded.live, slug = excluded.slug, "
    "siret = excluded.siret, siren = excluded.siren, name_key = excluded.name_key, packed = excluded.packed"
)


@dataclass(slots=True)
class _Ready:
    """An action after the slow part; neither `prepared` nor `reason` for a deletion."""

    id: str
    version: int
    prepared: Prepared | None = None
    source: str = ""
    reason: str = ""


class EmbeddedWriter:
    """Writes the index file at `path`, made when absent. One per process; any number of processes
    may write.

    `definition` is an index definition with its files inlined, `fingerprint` that of the mappings
    it was read from. An existing file keeps the fingerprint it was built with: a writer that has
    another one gets RETRY for every action, because two analyses must not mix in one index. Raises
    EngineUnavailable on a file of a format that is not read.
    """

    def __init__(
        self, path: Path, definition: Mapping[str, Any], analysis: Analysis, fingerprint: str
    ) -> None:
        self._path = path
        self._excluded = frozenset(definition["mappings"].get("_source", {}).get("excludes", ()))
        private_folder(path.parent)
        try:
            self._connection = store.connect(path, timeout=BUSY_SECONDS, writing=True)
            store.create(self._connection, fingerprint, definition)
        except sqlite3.Error as error:
            raise EngineUnavailable(
                f"the index file {path.name} can't be written: {error}"
            ) from error
        self._meta = store.read_meta(self._connection, path)
        self._prepare = Preparer(definition, analysis)
        self._fingerprint = fingerprint
        self._replaced = False
        """Whether the write-ahead log holds what was replaced or deleted since."""
        self._ids: Interner[str] = Interner()
        """The store's terms."""
        self._texts: Interner[bytes] = Interner()
        """The store's shared texts."""
        self._renumber = Renumbering(self._prepare.numbers, self._ids, str)
        self._of_texts = Renumbering(
            self._prepare.shared,
            self._texts,
            lambda content: postings.stored(content, self._renumber),
        )

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """One outcome per action, in order. Durable when it returns; all RETRY when the file can't
        be written.
        """
        ready = [self._ready(action) for action in actions]
        if not ready:
            return []
        if self._meta.fingerprint != self._fingerprint:
            return _retry(
                ready,
                f"the index was built with mappings {self._meta.fingerprint}, this process has "
                f"{self._fingerprint}: rebuild the index",
            )
        batch = counted(
            [one.prepared for one in ready if one.prepared is not None], self._prepare.fields
        )
        try:
            return self._write(ready, batch)
        except sqlite3.OperationalError as error:
            return _retry(ready, f"the index file {self._path.name} can't be written now: {error}")
        except sqlite3.DatabaseError as error:
            raise EngineUnavailable(
                f"the index file {self._path.name} is damaged ({error}); rebuild it"
            ) from error

    def versions(self, after: str = "", limit: int = 1000) -> dict[str, int]:
        query = "SELECT id, version FROM documents WHERE id > ? AND packed IS NOT NULL ORDER BY id LIMIT ?"
        return dict(self._connection.execute(query, (after, limit)).fetchall())

    def everything(self) -> Iterator[list[Held]]:
        after = ""
        while page := [Held(*one) for one in store.held_after(self._connection, after, PAGE)]:
            yield page
            after = page[-1].id

    def held(self, ids: Sequence[str]) -> list[Held]:
        return [Held(*one) for one in store.held(self._connection, ids)]

    def status(self) -> EngineStatus:
        seq = store.last_seq(self._connection)
        return EngineStatus(
            ready=True,
            engine="embedded",
            index=self._path.name,
            documents=store.count(self._connection),
            generation=f"{self._meta.uuid}-{seq}",
            fingerprint=self._meta.fingerprint,
        )

    def close(self) -> None:
        if self._replaced:
            store.forget(self._connection)
        self._connection.close()

    def _ready(self, action: Action) -> _Ready:
        id_, version, document = action.id, action.version, action.document
        if not -(2**63) <= version < 2**63:
            return _Ready(id_, version, reason=f"version: {version} has more than 64 bits")
        if document is None:
            return _Ready(id_, version)
        try:
            prepared = self._prepare(id_, document)
            # What is only searched (`_source.excludes`) would be most of every source read for a
            # page of hits.
            kept = {name: value for name, value in document.items() if name not in self._excluded}
            source = orjson.dumps(kept, option=PLAIN).decode()
        except InvalidDocumentError as error:
            return _Ready(id_, version, reason=str(error))
        except (TypeError, ValueError, RecursionError) as error:
            return _Ready(id_, version, reason=f"the document can't be stored as JSON: {error}")
        return _Ready(id_, version, prepared, source)

    def _write(self, ready: list[_Ready], batch: Counted) -> list[WriteOutcome]:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        known, texts = len(self._ids), len(self._texts)
        try:
            for term in store.terms_since(connection, known):
                self._ids[term]
            for text in store.texts_since(connection, texts):
                self._texts[text]
            known, texts = len(self._ids), len(self._texts)
            outcomes = self._apply(ready, batch, store.last_seq(connection) + 1)
            connection.executemany("INSERT INTO terms VALUES (?, ?)", self._ids.since(known))
            if len(self._texts) > texts:
                connection.executemany("INSERT INTO texts VALUES (?, ?)", self._texts.since(texts))
            connection.execute("COMMIT")
        except BaseException:
            self._ids.forget(known)
            self._renumber.forget(known)
            self._texts.forget(texts)
            self._of_texts.forget(texts)
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if self._replaced:
            self._replaced = not store.forget(connection)
        return outcomes

    def _apply(self, ready: list[_Ready], batch: Counted, seq: int) -> list[WriteOutcome]:
        """Decide each action in order (an id may come twice), then write the last state of each id."""
        held = self._held({one.id for one in ready})
        last: dict[str, _Ready] = {}
        outcomes = []
        for one in ready:
            id_, version = one.id, one.version
            if one.reason:
                outcomes.append(WriteOutcome(id_, WriteStatus.DEAD, one.reason))
                continue
            if id_ in held and version < held[id_][1]:
                reason = f"version {held[id_][1]} is already there"
                outcomes.append(WriteOutcome(id_, WriteStatus.STALE, reason))
                continue
            held[id_] = (held[id_][0] if id_ in held else None, version)
            last[id_] = one
            deleted = one.prepared is None
            outcomes.append(
                WriteOutcome(id_, WriteStatus.DELETED if deleted else WriteStatus.INDEXED)
            )
        self._store(last, batch, held, seq)
        return outcomes

    def _held(self, ids: set[str]) -> dict[str, tuple[int | None, int]]:
        """Row number and version of the ids that have a row, tombstones included."""
        query = (
            "SELECT id, row, version FROM documents WHERE id IN (SELECT value FROM json_each(?))"
        )
        rows = self._connection.execute(query, (orjson.dumps([*ids]).decode(),))
        return {id_: (row, version) for id_, row, version in rows}

    def _store(
        self,
        last: dict[str, _Ready],
        batch: Counted,
        held: dict[str, tuple[int | None, int]],
        seq: int,
    ) -> None:
        connection = self._connection
        next_row = connection.execute("SELECT coalesce(max(row), 0) + 1 FROM documents").fetchone()[
            0
        ]
        prepared = [one.prepared for one in last.values() if one.prepared is not None]
        if [*map(id, prepared)] != [*map(id, batch.documents)]:  # some were stale, or came twice
            batch = counted(prepared, self._prepare.fields)
        packed = iter(pack(batch, self._ids.__getitem__, self._renumber, self._of_texts))
        written, slugs, sources, replaced, deleted = [], [], [], [], []
        for id_, one in last.items():
            row, version = held[id_]
            if row is not None:
                replaced.append((row,))
            if one.prepared is None:
                deleted.append((id_, version, seq))
                continue
            if row is None:
                row, next_row = next_row, next_row + 1
            document = one.prepared.document
            names = map(document.get, ("slug", "siret", "siren", "name_key"))
            written.append(
                (row, id_, version, seq, document.get("live") is True, *names, next(packed))
            )
            sources.append((row, one.source))
            slugs += [(slug, row) for slug in as_list(document.get("former_slugs"))]
        self._replaced = self._replaced or bool(replaced)
        connection.executemany("DELETE FROM former_slugs WHERE row = ?", replaced)
        connection.executemany("DELETE FROM sources WHERE row = ?", replaced)
        connection.executemany(_WRITE, written)
        connection.executemany(_DELETE, deleted)
        connection.executemany("INSERT INTO sources VALUES (?, ?)", sources)
        connection.executemany("INSERT OR IGNORE INTO former_slugs VALUES (?, ?)", slugs)


def _retry(ready: list[_Ready], reason: str) -> list[WriteOutcome]:
    """A document that is dead stays so: writing it again would not help."""
    dead, retry = WriteStatus.DEAD, WriteStatus.RETRY
    return [
        WriteOutcome(one.id, dead if one.reason else retry, one.reason or reason) for one in ready
    ]
