"""The indices that take writes: which they are at each call, how the first is made, what was done
to them.

The first index is filled by the workers from the ledger, beside everything else, and serves once
all is in it. Until then searches are refused: an index half filled would say of living suppliers
that there are none. Whoever finds it half filled goes on, for **where nothing serves, all that was
settled is queued again before an index is made**: so what the ledger has nothing more to say of is
in the index.
"""

import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select

from discovery.engine.catalog import Catalog, IndexName, Journal, Note, Targets, Writer
from discovery.engine.definition import Definition
from discovery.engine.port import Action, EngineStatus, EngineUnavailable, WriteOutcome, WriteStatus
from indexer.lock import Lock, LockHeldError, locked, utc
from indexer.store import ledger
from indexer.store.engine import reading
from indexer.store.models import LEDGER


@dataclass(frozen=True, slots=True)
class Entry:
    """`deed`: first, rebuild, rollback or sweep. `refused` says why it was not done."""

    deed: str
    index: str
    replaced: str | None = None
    documents: int | None = None
    seconds: float | None = None
    judged: str = ""
    refused: str = ""
    at: datetime = field(default_factory=utc)
    by: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")

    def line(self) -> str:
        when = f"{self.at:%Y-%m-%d %H:%M:%S} UTC  {self.deed}:"
        if self.refused:
            kept = f", {self.replaced} kept" if self.replaced else ""
            return f"{when} not {self.index or 'done'}, {self.refused}{kept}"
        shown = "" if self.documents is None else f" {self.documents} suppliers"
        instead = f", instead of {self.replaced}" if self.replaced else ""
        judged = f", judged queries {self.judged}" if self.judged else ""
        return f"{when} {self.index} serves{shown}{instead}{judged}"


def append_entry(journal: Journal, entry: Entry) -> None:
    journal.append({**asdict(entry), "at": entry.at.isoformat()})


def entries(journal: Journal, limit: int) -> list[Entry]:
    """The newest `limit` entries of the journal, oldest first; lines that can't be read are left
    out.
    """
    return [entry for note in journal.last(limit) if (entry := _entry(note)) is not None]


def _entry(note: Note) -> Entry | None:
    known: Mapping[str, Any] = {
        one.name: note[one.name] for one in fields(Entry) if one.name in note
    }
    try:
        return Entry(**{**known, "at": datetime.fromisoformat(str(note["at"]))})
    except (KeyError, TypeError, ValueError):
        return None


PATIENCE_SECONDS = 10.0
"""For another process that is making it, which takes a second."""

WORK = "first index"


def make_first(catalog: Catalog, definition: Definition, store: Engine) -> None:
    """See that an index of this definition serves or is being filled; of several processes one
    makes it, the others wait for it.

    Raises EngineUnavailable when somebody is at work longer than that, as a rebuild is, and where
    an index serves a version of another format: an upgrade is a rebuild, which lets nothing be
    served half full.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not _there(catalog, definition):
        if foreign := catalog.foreign():  # before the lock, which the rebuild needs
            raise EngineUnavailable(
                f"no index of this version's format: `indexer rebuild` makes it; {foreign[-1]} serves on"
            )
        try:
            with locked(catalog.lock, WORK) as lock:
                if _there(catalog, definition):
                    return
                sweep(catalog)
                requeue_settled(store)
                name = catalog.create(definition, utc())
                _serve(
                    catalog, definition, store, name, lock
                )  # at once, if there is nothing to fill it with
        except LockHeldError as error:
            if time.monotonic() > end:
                raise EngineUnavailable(f"no index serves yet: {error}") from None
            time.sleep(0.1)


def serve_first(catalog: Catalog, definition: Definition, store: Engine) -> None:
    """Let the index that is being filled serve, if none does and all is in it. Another's work is
    left to them.
    """
    if catalog.targets().serving is None and not ledger.unfinished(store, datetime.now(UTC)):
        with suppress(LockHeldError), locked(catalog.lock, WORK) as lock:
            targets = catalog.targets()
            if targets.serving is None and targets.building is not None:
                _serve(catalog, definition, store, targets.building, lock)


def requeue_settled(store: Engine) -> None:
    """Queue again what was settled in an index that is gone. To be called before an index is made
    in its place.
    """
    with reading(store) as connection:
        settled = connection.execute(
            select(LEDGER.c.supplier_id).where(LEDGER.c.settled_revision > 0).limit(1)
        ).first()
    if settled is not None:
        ledger.requeue_all(store)


def _there(catalog: Catalog, definition: Definition) -> bool:
    targets = catalog.targets()
    return targets.serving is not None or may_be_filled(targets.building, definition.fingerprint)


def may_be_filled(name: str | None, fingerprint: str) -> bool:
    """Whether an index that nobody finished can be gone on with, by documents of these mappings."""
    built = None if name is None else IndexName.parse(name)
    return built is not None and built.fingerprint == fingerprint


def _serve(catalog: Catalog, definition: Definition, store: Engine, name: str, lock: Lock) -> None:
    if ledger.unfinished(store, datetime.now(UTC)):
        return
    catalog.finish(name, definition)
    lock.renew()
    catalog.promote(name)
    append_entry(catalog.journal, Entry("first", name))


def sweep(catalog: Catalog) -> list[str]:
    """Remove an index half built, let go of one half caught up for a rollback. Returns what there
    was.

    What is newer than the index that serves was never verified; what is older served once, and
    stays.
    """
    swept: list[str] = []
    while (left := (targets := catalog.targets()).building) is not None:
        known = catalog.names()
        if targets.serving in known and known.index(left) <= known.index(targets.serving):
            catalog.unregister(left)
        else:
            catalog.remove(left)
        swept.append(left)
    return swept


_WORST = (
    WriteStatus.STALE,
    WriteStatus.DELETED,
    WriteStatus.INDEXED,
    WriteStatus.DEAD,
    WriteStatus.RETRY,
)
"""What counts of two outcomes is the later in this list: tried again for one index, a change is
tried for both.
"""


class DualWriter:
    """An `IndexWriter` of the index that serves and, while there is one, of the index that is being
    built.

    They are looked up in each `bulk`, which comes after the claim. So a change that misses an index
    was claimed, hence committed, before that index took writes; and the filling of it, which begins
    later, reads that change.
    """

    def __init__(
        self,
        catalog: Catalog,
        first: Callable[[], None],
        full: Callable[[], None],
        fingerprint: str,
    ) -> None:
        """`first` makes an index to fill where none serves, `full` lets it serve if all is in it;
        `fingerprint` is that of the mappings by which the documents are made.
        """
        self._catalog = catalog
        self._first = first
        self._full = full
        self._fingerprint = fingerprint
        self._open: dict[str, Writer] = {}
        self._put_off: set[str] = set()
        self.targets = Targets()
        """As last looked up."""

    def writer(self) -> Writer:
        """The writer of the index that serves; where none does, of that which will."""
        return self._writer(self._look()[0])

    def idle(self) -> None:
        """Take note that nothing is due: an index that is filled for the first time may be full by
        now, and then serves.
        """
        if self.targets.serving is None:
            self._full()
            self._look()

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """Write to every index that takes writes: for each action the worse of its outcomes. Raises
        EngineUnavailable when an index can't be written at all."""
        given = list(actions)
        serving, *building = self._look()
        outcomes = self._writer(serving).bulk(given)
        for name in building:
            outcomes = [
                worse(*both) for both in zip(outcomes, self._build(name, given), strict=True)
            ]
        return outcomes

    def _build(self, name: str, actions: list[Action]) -> list[WriteOutcome]:
        """What can't be written is built no more: it must not hold up the index that serves, nor
        miss a change.
        """
        foreign = self._foreign(name)
        if foreign and name not in self._put_off:
            self._put_off.add(name)
            raise EngineUnavailable("a rebuild from other mappings began: they are read again")
        try:
            if foreign:
                raise EngineUnavailable(
                    f"{name} is built from other mappings than this process has: bring them to all, then rebuild again"
                )
            return self._writer(name).bulk(actions)
        except EngineUnavailable:
            self._catalog.unregister(name)
            raise

    def _foreign(self, name: str) -> bool:
        """Whether a new index would get documents made by other mappings than its own. (What a
        rollback catches up with, older than what serves, may: it holds what was made by others
        anyway.)
        """
        built, serving = IndexName.parse(name), IndexName.parse(self.targets.serving or "")
        if built is None or serving is None or built.built < serving.built:
            return False
        return built.fingerprint != self._fingerprint

    def status(self) -> EngineStatus:
        return self.writer().status()

    def _look(self) -> list[str]:
        """The targets, that which serves first. Writers of what is none any more are closed."""
        targets = self._catalog.targets()
        if targets.serving is None and not may_be_filled(targets.building, self._fingerprint):
            self._first()
            targets = self._catalog.targets()
        if not targets.names():
            raise EngineUnavailable("no index serves; run `indexer rebuild`")
        for gone in self._open.keys() - set(targets.names()):
            self._open.pop(gone).close()
        self.targets = targets
        return targets.names()

    def _writer(self, name: str) -> Writer:
        if name not in self._open:
            self._open[name] = self._catalog.writer_of(name)
        return self._open[name]

    def close(self) -> None:
        for writer in self._open.values():
            writer.close()
        self._open = {}


def worse(one: WriteOutcome, other: WriteOutcome) -> WriteOutcome:
    """Of one action's outcomes in two indices, the one that says what is left to do."""
    return max(one, other, key=lambda outcome: _WORST.index(outcome.status))
