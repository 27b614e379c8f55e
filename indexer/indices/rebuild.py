"""Which index serves: a new one from the current mappings, or the previous one again. On any doubt what served stays.

    lock → sweep → create, or register → fill, or catch up → finish → verify → promote → prune → audit

From its creation (or registration) on, the index takes every change beside the one that serves. Decision 0006 says why
nothing is lost, though nobody waits for the leases of before.

New fields of `mappings/suppliers.json` are added to the index that serves, without a rebuild, where that is enough.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from discovery.engine.catalog import Catalog, previous, surplus
from discovery.engine.definition import ForeignFormatError, Need, need
from discovery.engine.port import EngineUnavailable
from indexer.context import Context
from indexer.indices.fill import Progress, catch_up, fill
from indexer.indices.verify import Judge, verify
from indexer.lock import SECONDS, Clock, Lock, RebuildRefused, locked, utc
from indexer.store import ledger
from indexer.targets import Entry, append_entry, requeue_settled, sweep


class Step(StrEnum):
    """Each names what has just been done."""

    LOCKED = "locked"
    CREATED = "created"
    FILLED = "filled"
    FINISHED = "finished"
    VERIFIED = "verified"
    PROMOTED = "promoted"
    PRUNED = "pruned"
    AUDITED = "audited"


Fill = Callable[[Context, str, Progress], None]


def quiet(_: object) -> None:
    """Progress that tells nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """`judge` and `force` as in `verify`. The others are the tests': who is told of each step, the clock and length of
    the lock."""

    judge: Judge | None = None
    force: bool = False
    watch: Callable[[Step], None] = quiet
    clock: Clock = utc
    lock_seconds: float = SECONDS


_PLAIN = Options()


def rebuild(context: Context, progress: Progress = quiet, *, fill: Fill = fill, options: Options = _PLAIN) -> Entry:
    """Build a new index and let it serve. Raises RebuildRefused when it is not what the store says it should be.

    Raises LockHeldError when another process is at work on the indices, LockLostError when one took over.
    """
    catalog, definition = context.catalog, context.definition
    with _deed("rebuild", context, options) as deed:
        name = deed.index = catalog.create(definition, options.clock())
        try:
            options.watch(Step.CREATED)
            fill(context, name, progress)
            options.watch(Step.FILLED)
            catalog.finish(name, definition)
            options.watch(Step.FINISHED)
            deed.documents = verify(context, name, judge=options.judge, force=options.force)
            deed.promote()
        except BaseException:
            with suppress(EngineUnavailable, OSError):  # then the next one sweeps it
                if catalog.targets().serving != name:
                    catalog.remove(name)
            raise
        for old in surplus(catalog.names(), name, deed.replaced):
            catalog.remove(old)
        options.watch(Step.PRUNED)
    return deed.entry()


def rollback(context: Context, progress: Progress = quiet, *, options: Options = _PLAIN) -> Entry:
    """Let the previous index serve again, with what it missed. Raises RebuildRefused when there is none, or it
    can't."""
    catalog = context.catalog
    with _deed("rollback", context, options) as deed:
        name = previous(catalog.names(), deed.replaced)
        if name is None:
            raise RebuildRefused("there is no previous index to go back to; `indexer rebuild` makes a new one")
        try:
            catalog.definition_of(name)
        except ForeignFormatError as error:
            raise RebuildRefused(str(error)) from error
        deed.index = name
        catalog.register(name)
        try:
            options.watch(Step.CREATED)
            catch_up(context, name, progress)
            options.watch(Step.FILLED)
            # As it was made then: its documents need not be those that the mappings of today would make.
            deed.documents = verify(context, name, judge=options.judge, force=options.force, content=False)
            deed.promote()
        except BaseException:
            with suppress(EngineUnavailable, OSError):
                catalog.unregister(name)
            raise
    return deed.entry()


@dataclass(slots=True)
class _IndexChange:
    """A change of index under way."""

    work: str
    catalog: Catalog
    options: Options
    lock: Lock
    replaced: str | None
    index: str = ""
    documents: int | None = None
    started: float = field(default_factory=time.monotonic)
    promoted: bool = False

    def promote(self) -> None:
        self.options.watch(Step.VERIFIED)
        self.lock.renew()  # whoever took a lock that ran out may have made another index serve
        self.catalog.promote(self.index)
        self.promoted = True
        self.options.watch(Step.PROMOTED)

    def entry(self, refused: str = "") -> Entry:
        judged = "held" if self.options.judge is not None and self.promoted else ""
        seconds = round(time.monotonic() - self.started, 3)
        return Entry(self.work, self.index, self.replaced, self.documents, seconds, judged, refused)


@contextmanager
def _deed(work: str, context: Context, options: Options) -> Iterator[_IndexChange]:
    """Hold the lock for the body; write down what came of it."""
    catalog = context.catalog
    with locked(catalog.lock, work, clock=options.clock, seconds=options.lock_seconds) as lock:
        options.watch(Step.LOCKED)
        for left in sweep(catalog):
            append_entry(catalog.journal, Entry("sweep", left, refused="the process that worked on it had died"))
        deed = _IndexChange(work, catalog, options, lock, catalog.targets().serving)
        if deed.replaced is None:
            requeue_settled(context.store)
        try:
            yield deed
        except Exception as error:
            with suppress(EngineUnavailable, OSError):
                append_entry(catalog.journal, deed.entry("" if deed.promoted else str(error)))
            raise
        append_entry(catalog.journal, deed.entry())
        options.watch(Step.AUDITED)


def needed(context: Context) -> Need:
    """What must be done to the serving index for it to hold what today's mappings say; REBUILD when none serves."""
    serving = context.catalog.targets().serving
    return Need.REBUILD if serving is None else need(context.catalog.definition_of(serving), context.definition)


def extend(context: Context) -> int:
    """Add the fields, and queue every supplier to be written again. Returns how many; 0 when nothing is needed.

    Raises RebuildRefused when the change needs a rebuild; on the embedded engine every change does.
    """
    catalog, definition = context.catalog, context.definition
    with locked(catalog.lock, "extend"):
        serving, wanted = catalog.targets().serving, needed(context)
        if wanted is Need.NOTHING:
            return 0
        if wanted is Need.REBUILD or serving is None:
            raise RebuildRefused("more changed than fields that this index can take while it serves: `indexer rebuild`")
        catalog.extend(serving, definition)
        append_entry(catalog.journal, Entry("extend", serving))
    return ledger.requeue_all(context.store)
