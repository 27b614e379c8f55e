"""Connections and the shared snapshot: how threads of one process read a file that others write and replace."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from weakref import ref

from discovery.engine.embedded import store
from discovery.engine.embedded.layout import text_fields
from discovery.engine.embedded.snapshot import Snapshot, Strings, catch_up, load
from discovery.engine.port import EngineUnavailable

_Identity = tuple[int, int, int]
"""Process, device and inode: a connection serves one file in one process."""

BUSY_SECONDS = 5.0

_INHERITED: list[sqlite3.Connection] = []
"""Connections of the parent process, kept so that they are not closed in a forked child: SQLite forbids it."""


@dataclass
class _Open:
    identity: _Identity
    connection: sqlite3.Connection
    meta: store.Meta


Session = tuple[sqlite3.Connection, Snapshot, store.Meta]

Look = Callable[[], AbstractContextManager[Session]]
"""Gives the state of the index to ask."""


def _unlock(reader: ref[Reader]) -> None:
    """In a forked child the thread that held the lock is gone."""
    held = reader()
    if held is not None:
        held._lock = Lock()
        held._merging = False


class Reader:
    """Gives each use a connection of its own and the snapshot of the file as it is at that moment.

    `path` may be a symbolic link: when it comes to point to another file, the next use loads that one.
    """

    def __init__(self, path: Path, *, background: bool) -> None:
        self._path = path
        self._background = background
        self._idle: list[_Open] = []
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._merging = False
        os.register_at_fork(after_in_child=partial(_unlock, ref(self)))

    def would_wait(self, seconds: float) -> bool:
        """Whether a look would take longer than that, because another thread loads the index."""
        if not self._lock.acquire(timeout=seconds):
            return True
        self._lock.release()
        return False

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A read transaction and the snapshot of exactly its state. Raises EngineUnavailable."""
        opened: _Open | None = None
        try:
            with self._lock:  # opened under it: no thread may load the old file again after another saw the new
                opened = self._taken()
                opened.connection.execute("BEGIN")
                snapshot = self._current(opened.connection, opened.meta)
            yield opened.connection, snapshot, opened.meta
        except sqlite3.Error as error:
            raise EngineUnavailable(f"the index file {self._path.name} can't be read now: {error}") from error
        finally:
            if opened is not None:
                if opened.connection.in_transaction:
                    opened.connection.execute("COMMIT")
                self._idle.append(opened)
        if self._background and snapshot.merge_due:
            self._merge_later()

    def merge(self) -> None:
        """Rebuild the snapshot as one segment. Queries go on meanwhile."""
        opened = self._open()
        connection = opened.connection
        try:
            connection.execute("BEGIN")
            with self._lock:
                strings = self._strings(opened.meta)
                strings.extend(connection)
            merged = load(connection, opened.meta.uuid, text_fields(opened.meta.definition), strings)
            connection.execute("COMMIT")
            with self._lock:
                connection.execute("BEGIN")
                seq = store.last_seq(connection)
                if self._snapshot is None or self._snapshot.uuid == merged.uuid:
                    self._snapshot = merged if seq == merged.seq else catch_up(connection, merged, seq)
        except sqlite3.Error as error:
            raise EngineUnavailable(f"the index file {self._path.name} can't be read now: {error}") from error
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        while self._idle:
            self._idle.pop().connection.close()

    def _current(self, connection: sqlite3.Connection, meta: store.Meta) -> Snapshot:
        """Under the lock: the snapshot of the transaction's state, made when it is not the shared one."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.uuid != meta.uuid:
            snapshot = load(connection, meta.uuid, text_fields(meta.definition), Strings())
        else:
            seq = store.last_seq(connection)
            if seq == snapshot.seq:
                return snapshot
            snapshot = catch_up(connection, snapshot, seq)
        self._snapshot = snapshot
        return snapshot

    def _strings(self, meta: store.Meta) -> Strings:
        shared = self._snapshot
        return shared.strings if shared is not None and shared.uuid == meta.uuid else Strings()

    def _merge_later(self) -> None:
        with self._lock:
            if self._merging:
                return
            self._merging = True
        Thread(target=self._merge_quietly, name="embedded-merge", daemon=True).start()

    def _merge_quietly(self) -> None:
        try:
            self.merge()
        except EngineUnavailable:
            pass  # the file is gone or busy: the next search says so, or tries again
        finally:
            self._merging = False

    def _taken(self) -> _Open:
        """Under the lock: a connection that nobody uses, to today's file, or a new one."""
        identity = self._identity()
        while self._idle:
            opened = self._idle.pop()
            if opened.identity == identity:
                return opened
            if opened.identity[0] == os.getpid():
                opened.connection.close()
            else:
                _INHERITED.append(opened.connection)
        return self._open()

    def _identity(self) -> _Identity:
        try:
            status = os.stat(self._path)
        except OSError as error:
            raise EngineUnavailable(
                f"there is no index file {self._path.name} yet; `indexer rebuild` makes it"
            ) from error
        return os.getpid(), status.st_dev, status.st_ino

    def _open(self) -> _Open:
        for _ in range(5):
            identity = self._identity()
            try:
                connection = store.connect(self._path, timeout=BUSY_SECONDS, writing=False)
                meta = store.read_meta(connection, self._path)
            except sqlite3.Error as error:
                raise EngineUnavailable(f"the index file {self._path.name} can't be opened: {error}") from error
            if identity == self._identity():
                return _Open(identity, connection, meta)
            connection.close()
        raise EngineUnavailable(f"the index file {self._path.name} is being replaced; try again")
