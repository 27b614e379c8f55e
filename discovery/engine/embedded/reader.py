"""Connections and the shared snapshot: how threads of one process read a file that others write and replace."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock, Thread, local
from weakref import ref

from discovery.engine import formats
from discovery.engine.embedded import store
from discovery.engine.embedded.layout import text_fields
from discovery.engine.embedded.snapshot import Snapshot, Strings, catch_up, load
from discovery.engine.port import EngineUnavailable
from discovery.engine.turns import Turns

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


@dataclass
class _Held:
    """The one look of a thread that asks several things; None until the first of them."""

    until: ExitStack
    session: Session | None = None


def _unlock(reader: ref[Reader]) -> None:
    """In a forked child the thread that held the lock is gone."""
    held = reader()
    if held is not None:
        held._lock = Lock()
        held._merging = False


class Reader:
    """Gives each thread a connection and, at each use, the snapshot of the file as it is at that moment.

    `path` may be a symbolic link: when it comes to point to another file, the next use loads that one.
    """

    def __init__(self, path: Path, *, background: bool) -> None:
        self._path = path
        self._background = background
        self._local = local()
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._merging = False
        self._turns = Turns()
        os.register_at_fork(after_in_child=partial(_unlock, ref(self)))

    @contextmanager
    def held(self) -> Iterator[None]:
        """`pinned`, one thread of a process at a time: they can't compute side by side, and would take turns at
        Python's own lock hundreds of times an answer (a fifth of all that is answered).
        """
        with self.turn(), self.pinned():
            yield

    @contextmanager
    def turn(self, *, patient: bool = False) -> Iterator[None]:
        """The calling thread's turn to compute, unless it has it. `patient`: those who answer go first."""
        if getattr(self._local, "at_it", False):
            yield
            return
        with self._turns.taken(patient=patient):
            self._local.at_it = True
            try:
                yield
            finally:
                self._local.at_it = False

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """The calling thread's sessions within are one, of the file's state at the first of them."""
        if getattr(self._local, "held", None) is not None:
            yield
            return
        with ExitStack() as until:
            self._local.held = _Held(until)
            try:
                yield
            finally:
                self._local.held = None

    def session(self) -> AbstractContextManager[Session]:
        """A read transaction and the snapshot of exactly its state. Raises EngineUnavailable."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None:
            return self._look()
        if held.session is None:
            held.session = held.until.enter_context(self._look())
        return nullcontext(held.session)

    def would_wait(self, seconds: float) -> bool:
        """Whether a look would take longer than that, because another thread loads the index."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is not None and held.session is not None:
            return False
        if not self._lock.acquire(timeout=seconds):
            return True
        self._lock.release()
        return False

    @contextmanager
    def _look(self) -> Iterator[Session]:
        opened: _Open | None = None
        try:
            with self._lock:  # opened under it: no thread may load the old file again after another saw the new
                opened = self._opened()
                opened.connection.execute("BEGIN")
                snapshot = self._current(opened.connection, opened.meta)
            yield opened.connection, snapshot, opened.meta
        except sqlite3.Error as error:
            raise EngineUnavailable(f"the index file {self._path.name} can't be read now: {error}") from error
        finally:
            if opened is not None and opened.connection.in_transaction:
                opened.connection.execute("COMMIT")
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
        """Of the calling thread; the others' connections close with them."""
        opened: _Open | None = getattr(self._local, "opened", None)
        if opened is not None:
            opened.connection.close()
            del self._local.opened

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

    def _opened(self) -> _Open:
        opened: _Open | None = getattr(self._local, "opened", None)
        if opened is not None and opened.identity == self._identity():
            return opened
        if opened is not None:
            if opened.identity[0] == os.getpid():
                opened.connection.close()
            else:
                _INHERITED.append(opened.connection)
        opened = self._local.opened = self._open()
        return opened

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
                formats.check(meta.definition, self._path.name)
            except sqlite3.Error as error:
                raise EngineUnavailable(f"the index file {self._path.name} can't be opened: {error}") from error
            if identity == self._identity():
                return _Open(identity, connection, meta)
            connection.close()
        raise EngineUnavailable(f"the index file {self._path.name} is being replaced; try again")
