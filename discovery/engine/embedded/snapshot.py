"""What a reader searches: up to three segments, and how it follows the file.

`base` holds nearly everything; `middle` what changed since; `recent` what changed since that,
rebuilt at every commit seen. A document written again is marked superseded in the older tiers, so
no tier ever changes. Statistics are those of an index freshly built from the present documents:
superseded copies never count.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from threading import Lock, Thread
from weakref import ref

import numpy as np

from discovery.engine.embedded import store
from discovery.engine.embedded.arrays import NONE, Bools, Int64s, Ints
from discovery.engine.embedded.build import build
from discovery.engine.embedded.layout import TextField, text_fields
from discovery.engine.embedded.match import View
from discovery.engine.embedded.postings import SharedTexts
from discovery.engine.embedded.segment import ByteBoundedLRU, Segment, room
from discovery.engine.embedded.text import FieldStats, Part, TextPlan
from discovery.engine.port import MAPPED, Document, EngineUnavailable, TextQuery
from discovery.model import dataclass, field, replace

RECENT = 256
"""Documents up to which `recent` is rebuilt at each commit, in a few milliseconds."""

MERGE_SHARE, MERGE_LEAST, MERGE_MOST = 0.05, 500, 5_000
"""Changed documents at which all is rebuilt: a share of the base, within bounds."""

PLANS_BYTES = 4_000_000
"""Least room for bound text queries: a search binds up to four, which 1 MB forgot before they came
back.
"""

MAX_SHOWN = 4_096
"""Documents of which a snapshot keeps what a map shows, about a kilobyte each."""


@dataclass
class Strings:
    """The store's terms: by id, and ids by term; its shared texts. Shared by all snapshots of a
    file; only grows, under a lock.
    """

    texts: list[str] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    shared: SharedTexts = field(default_factory=SharedTexts)

    def extend(self, connection: sqlite3.Connection) -> None:
        """Read the strings and shared texts that the file has since gained."""
        for text in store.terms_since(connection, len(self.texts)):
            self.ids[text] = len(self.texts)
            self.texts.append(text)
        self.shared.extend(store.texts_since(connection, self.shared.count))


@dataclass(frozen=True)
class Tier:
    """A segment with all changes of the file up to `until`, and the copies in it that newer ones
    supersede.
    """

    segment: Segment
    until: int
    superseded: Ints

    @cached_property
    def view(self) -> View:
        """The segment with what newer copies leave of it."""
        segment = self.segment
        if not len(self.superseded):
            return View(segment, segment.live, None)
        present: Bools = np.ones(segment.size, dtype=np.bool_)
        present[self.superseded] = False
        return View(segment, segment.live & present, present)

    @cached_property
    def stats(self) -> tuple[Int64s, Int64s]:
        """(present documents that have it, their tokens), both by text field."""
        gone = self.segment.lengths[:, self.superseded]
        documents, tokens = self.segment.length_stats
        return documents - (gone > 0).sum(axis=1), tokens - gone.sum(axis=1, dtype=np.int64)

    def count(self, word: int) -> int:
        """How many live documents hold a folded word (its term id)."""
        found = self._counts.get(word)
        if found is None:
            found = self._counts[word] = self.segment.count(word, self.view.alive)
        return found

    @cached_property
    def _counts(self) -> dict[int, int]:
        """Of words asked for: no more than there are in the index."""
        return {}

    def supersede(self, ids: list[str]) -> "Tier":
        """The same tier without the copies of these ids."""
        found = [number for id_ in ids if (number := self.segment.find(id_)) is not None]
        if not found:
            return self
        return replace(self, superseded=np.union1d(self.superseded, np.array(found, dtype=np.intp)))


@dataclass(frozen=True)
class Snapshot:
    """An immutable state of the index: that of the file `uuid` after transaction `seq`."""

    uuid: str
    seq: int
    fields: tuple[TextField, ...]
    strings: Strings
    tiers: tuple[Tier, ...]

    @property
    def generation(self) -> str:
        """What tells this state of the index from any other."""
        return f"{self.uuid}-{self.seq}"

    @cached_property
    def views(self) -> tuple[View, ...]:
        return tuple(tier.view for tier in self.tiers)

    @cached_property
    def documents(self) -> int:
        return sum(int(np.count_nonzero(view.alive)) for view in self.views)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What text queries need of each segment."""
        return tuple(Part(v.segment, v.present, {}) for v in self.views)

    @cached_property
    def stats(self) -> tuple[FieldStats, ...]:
        """By text field, what BM25 needs to know of all segments together."""
        documents = np.sum([tier.stats[0] for tier in self.tiers], axis=0)
        tokens = np.sum([tier.stats[1] for tier in self.tiers], axis=0)
        return tuple(map(FieldStats, documents.tolist(), tokens.tolist()))

    def text_plan(self, query: TextQuery) -> TextPlan:
        """The query bound to the segments. Kept: the same words are asked of other places,
        filtered, paged, counted.
        """
        return self._plans.get(
            query, lambda: TextPlan(query, self.parts, self.fields, self.stats, self.strings.ids)
        )

    @cached_property
    def _plans(self) -> ByteBoundedLRU[TextQuery, TextPlan]:
        return ByteBoundedLRU(max(PLANS_BYTES, room(sum(tier.segment.size for tier in self.tiers))))

    def shown(self, connection: sqlite3.Connection, rows: list[int]) -> Mapping[int, Document]:
        """By store row, of each document what a map shows. Kept: a map of the country reads a
        thousand documents, and the next one mostly the same. The connection must be in this
        snapshot's state.
        """
        kept = self._shown
        shown = {row: document for row in rows if (document := kept.get(row)) is not None}
        sources = store.sources(connection, [row for row in rows if row not in shown])
        read = {row: _shown(document) for row, document in sources.items()}
        kept.update(read)
        for row in list(kept)[: max(0, len(kept) - MAX_SHOWN)]:  # the ones read longest ago
            kept.pop(row, None)
        shown |= read
        return {row: shown[row] for row in rows}

    @cached_property
    def _shown(self) -> dict[int, Document]:
        return {}

    @property
    def merge_due(self) -> bool:
        """Whether so much changed that the segments should be made one."""
        base = self.tiers[0]
        changed = max(len(base.superseded), sum(tier.segment.size for tier in self.tiers[1:]))
        return changed > min(MERGE_MOST, max(MERGE_LEAST, MERGE_SHARE * base.segment.size))


def load(
    connection: sqlite3.Connection, uuid: str, fields: tuple[TextField, ...], strings: Strings
) -> Snapshot:
    """The snapshot of the whole file, as one segment. The connection must be in a read transaction."""
    seq = store.last_seq(connection)
    strings.extend(connection)
    segment = build(store.rows_since(connection, 0), strings.texts, strings.shared, len(fields))
    store.release(connection)
    return Snapshot(uuid, seq, fields, strings, (Tier(segment, seq, NONE),))


def catch_up(connection: sqlite3.Connection, snapshot: Snapshot, seq: int) -> Snapshot:
    """The snapshot with what changed until `seq`, the file's state in the connection's read
    transaction.
    """
    strings, width = snapshot.strings, len(snapshot.fields)
    strings.extend(connection)
    changed = store.ids_since(connection, snapshot.seq)
    settled = [tier.supersede(changed) for tier in snapshot.tiers[:2]]
    fresh = store.count_since(connection, settled[-1].until)
    if fresh > RECENT:
        del settled[1:]
    tiers = settled
    if fresh:
        rows = store.rows_since(connection, settled[-1].until)
        tiers = [*settled, Tier(build(rows, strings.texts, strings.shared, width), seq, NONE)]
    return replace(snapshot, seq=seq, tiers=tuple(tiers))


def _shown(document: Document) -> Document:
    shown: Document = {field: document[field] for field in ("id", "kind") if field in document}
    shown["public"] = {
        field: document["public"][field] for field in MAPPED if field in document["public"]
    }
    return shown


_Identity = tuple[int, int, int]
"""Process, device and inode: a connection serves one file in one process."""

BUSY_SECONDS = 5.0

_INHERITED: list[sqlite3.Connection] = []
"""Connections of the parent process, kept so that they are not closed in a forked child: SQLite
forbids it.
"""


@dataclass
class _Open:
    identity: _Identity
    connection: sqlite3.Connection
    meta: store.Meta


Session = tuple[sqlite3.Connection, Snapshot, store.Meta]

Look = Callable[[], AbstractContextManager[Session]]
"""Gives the state of the index to ask."""


def _end_merge(reader: "ref[Reader]") -> None:
    """Before a fork: a thread within SQLite holds its mutexes, which nobody would release in the
    child.
    """
    held = reader()
    if held is not None and held._merger is not None:
        held._merger.join()


def _unlock(reader: "ref[Reader]") -> None:
    """In a forked child the thread that held the lock is gone."""
    held = reader()
    if held is not None:
        held._lock = Lock()


class Reader:
    """Gives each use a connection of its own and the snapshot of the file as it is at that moment.

    `path` may be a symbolic link: when it comes to point to another file, the next use loads that
    one.
    """

    def __init__(self, path: Path, *, background: bool) -> None:
        self._path = path
        self._background = background
        self._idle: list[_Open] = []
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._merger: Thread | None = None
        os.register_at_fork(
            before=partial(_end_merge, ref(self)), after_in_child=partial(_unlock, ref(self))
        )

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
            with (
                self._lock
            ):  # opened under it: no thread may load the old file again after another saw the new
                opened = self._taken()
                opened.connection.execute("BEGIN")
                snapshot = self._current(opened.connection, opened.meta)
            yield opened.connection, snapshot, opened.meta
        except sqlite3.Error as error:
            raise EngineUnavailable(
                f"the index file {self._path.name} can't be read now: {error}"
            ) from error
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
                shared = self._snapshot
                strings = (
                    shared.strings if shared and shared.uuid == opened.meta.uuid else Strings()
                )
                strings.extend(connection)
            merged = load(
                connection, opened.meta.uuid, text_fields(opened.meta.definition), strings
            )
            connection.execute("COMMIT")
            with self._lock:
                connection.execute("BEGIN")
                seq = store.last_seq(connection)
                if self._snapshot is None or self._snapshot.uuid == merged.uuid:
                    self._snapshot = (
                        merged if seq == merged.seq else catch_up(connection, merged, seq)
                    )
        except sqlite3.Error as error:
            raise EngineUnavailable(
                f"the index file {self._path.name} can't be read now: {error}"
            ) from error
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        while self._idle:
            self._idle.pop().connection.close()

    def _current(self, connection: sqlite3.Connection, meta: store.Meta) -> Snapshot:
        """Under the lock: the snapshot of the transaction's state, made when it is not the shared
        one.
        """
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

    def _merge_later(self) -> None:
        with self._lock:
            if self._merger is None or not self._merger.is_alive():
                self._merger = Thread(
                    target=self._merge_quietly, name="embedded-merge", daemon=True
                )
                self._merger.start()

    def _merge_quietly(self) -> None:
        with suppress(
            EngineUnavailable
        ):  # the file is gone or busy: the next search says so, or tries again
            self.merge()

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
                raise EngineUnavailable(
                    f"the index file {self._path.name} can't be opened: {error}"
                ) from error
            if identity == self._identity():
                return _Open(identity, connection, meta)
            connection.close()
        raise EngineUnavailable(f"the index file {self._path.name} is being replaced; try again")
