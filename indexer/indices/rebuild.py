"""Which index serves: a new one from the current mappings, or the previous one again. On any doubt
what served stays.

    lock → sweep → create, or register → fill, or catch up → finish → verify → promote → prune →
    audit

From its creation (or registration) on, the index takes every change beside the one that serves.
Decision 0006 says why nothing is lost, though nobody waits for the leases of before.

What must hold of an index before it serves: all of the store and nothing else, as the store would
write it today. The walk compares every id and version, and the content of a sample. What is pending
in the ledger is left out of both: a worker will write it to this index too.

New fields of `mappings/suppliers.json` are added to the index that serves, without a rebuild, where
that is enough.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from enum import StrEnum

from sqlalchemy import Engine, func, literal_column, select

from discovery.engine.catalog import Catalog, Reader, Writer, previous, surplus
from discovery.engine.definition import ForeignFormatError
from discovery.engine.port import Action, EngineUnavailable, IndexWriter, WriteOutcome, WriteStatus
from discovery.model import dataclass, field
from indexer.context import Context
from indexer.document.build import DocumentBuilder
from indexer.gc_tuning import collected_rarely
from indexer.indices.drift import as_held
from indexer.lock import SECONDS, Clock, Lock, RebuildRefused, locked, utc
from indexer.record import Status, Supplier
from indexer.store import ledger, repository
from indexer.store.engine import reading
from indexer.store.models import LEDGER, PENDING, SUPPLIER
from indexer.store.sql import keyset_apart
from indexer.targets import Entry, append_entry, requeue_settled, sweep

BATCH = 1000
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before each further try of what an overloaded engine did not take."""
SAMPLE = 50
LOOKS = 4
"""Index and store are read one after the other, while others write: a difference counts when every
look shows it.
"""

FLOOR = 0.8
"""Of the suppliers that serve. A wrong store is empty or old; a true loss of a fifth is for a
person to confirm.
"""

Progress = Callable[[int], None]
Judge = Callable[[str], str | None]
"""Runs the judged queries on the index of that name; a sentence when they do not hold, None when
they do.
"""


def all_ids(store: Engine) -> Iterator[list[str]]:
    """Every id the ledger knows, deleted suppliers included, so that their deletion is told too."""
    return keyset_apart(store, select(LEDGER.c.supplier_id), BATCH)


def write(
    store: Engine,
    writer: IndexWriter,
    builder: DocumentBuilder,
    ids: Sequence[str],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Write these suppliers as they are now. Raises RebuildRefused when the index does not take one
    of them, or none for half a minute.
    """
    with reading(store) as connection:
        suppliers = repository.load(connection, ids)
        revisions = ledger.revisions(connection, ids)
    left = [id_ for id_ in ids if id_ in revisions]
    for seconds in (*PAUSES, None):
        # One after the other, as they are taken: the memory of one is that of the next.
        outcomes = writer.bulk(_action(id_, suppliers, revisions, builder) for id_ in left)
        dead = [one for one in outcomes if one.status is WriteStatus.DEAD]
        again = {one.id for one in outcomes if one.status is WriteStatus.RETRY}
        if dead:
            raise _refused(dead)
        if not again:
            return
        if seconds is None:
            late = next(one for one in outcomes if one.id in again)
            raise RebuildRefused(
                f"{len(again)} documents were not taken in {1 + len(PAUSES)} tries, the first of them {late.id}: "
                f"{late.reason}. See to the search engine, then rebuild again."
            )
        left = [id_ for id_ in left if id_ in again]
        pause(seconds)


def _action(
    id_: str,
    suppliers: Mapping[str, Supplier],
    revisions: Mapping[str, int],
    builder: DocumentBuilder,
) -> Action:
    try:
        document = builder.build(suppliers[id_]) if id_ in suppliers else None
    except Exception as error:  # one record must not end as a stack trace
        raise _refused(
            [WriteOutcome(id_, WriteStatus.DEAD, f"{type(error).__name__}: {error}")]
        ) from error
    return Action(id_, revisions[id_], document)


def _refused(bad: Sequence[WriteOutcome]) -> RebuildRefused:
    return RebuildRefused(
        f"{len(bad)} documents were refused, the first of them {bad[0].id}: {bad[0].reason}. "
        "Mend the record or the mappings, then rebuild again."
    )


def fill(context: Context, name: str, progress: Progress) -> None:
    """Write every supplier into a new index."""
    with closing(context.catalog.writer_of(name)) as writer, collected_rarely():
        for ids in all_ids(context.store):
            write(context.store, writer, context.builder, ids)
            progress(len(ids))


def catch_up(context: Context, name: str, progress: Progress) -> None:
    """Write into an index that served before what it missed since: what changed, came or went.

    Documents whose revision it has stay as they were made, with the mappings of then: that is what
    one goes back to.
    """
    after = ""
    with closing(context.catalog.writer_of(name)) as writer:
        for ids in all_ids(context.store):
            held = writer.versions(after, BATCH)
            with reading(context.store) as connection:
                revisions = ledger.revisions(connection, ids)
            missed = [id_ for id_ in ids if held.get(id_, -1) < revisions.get(id_, 0)]
            if missed:
                write(context.store, writer, context.builder, missed)
            progress(len(ids))
            after = ids[-1]


def verify(
    context: Context, name: str, *, judge: Judge | None, force: bool, content: bool = True
) -> int:
    """Compare a filled index with the store, before it serves. Returns how many suppliers it shows;
    raises RebuildRefused, with the reason, when it must not serve.

    `force`: even with far fewer suppliers than what serves now. `content` False: revisions are
    compared alone.
    """
    catalog = context.catalog
    _still_built(context, name)
    with closing(catalog.writer_of(name)) as writer, closing(catalog.reader_of(name)) as reader:
        with ThreadPoolExecutor(
            1
        ) as aside:  # the database counts; here is walked and loaded meanwhile
            before = aside.submit(_served, context)
            sample = _walk(context, writer)
            documents = _count(context, writer, reader)
            if not force and documents < FLOOR * before.result():
                raise RebuildRefused(
                    f"the new index has {documents} suppliers, the one that serves {before.result()}: if that is "
                    "right, say --force; if not, see DISCOVERY_DATABASE_URL"
                )
        if content:
            _compare(context, name, writer, reader, sample)
    if judge is not None and (fault := judge(name)) is not None:
        raise RebuildRefused(f"the judged queries do not hold on the new index: {fault}")
    _still_built(context, name)
    return documents


def _still_built(context: Context, name: str) -> None:
    if context.catalog.targets().building != name:
        raise RebuildRefused(
            "a worker could not write the new index, and gave it up: its log says why"
        )


def _walk(context: Context, writer: Writer) -> list[str]:
    """Both sides in id order, whole. Returns some ids that the index shows."""
    after, sample = "", list[str]()
    while (page := _page(context, writer, after)) is not None:
        wrong = page.wrong
        for _ in range(LOOKS - 1):
            if wrong and (again := _page(context, writer, after)) is not None:
                # Ids that came meanwhile may have pushed others beyond the end: these are not
                # acquitted.
                wrong &= again.wrong | {id_ for id_ in wrong if id_ > again.end}
        if wrong:
            first = min(wrong)
            raise RebuildRefused(
                f"{len(wrong)} suppliers differ between the store and the new index, the first of them {first}: "
                "not promoted; if it happens again, `indexer check` says what differs in the index that serves"
            )
        sample += random.sample(page.shown, min(2, len(page.shown)))
        after = page.end
    return random.sample(sample, min(SAMPLE, len(sample)))


@dataclass(frozen=True, slots=True)
class _Page:
    """Ids up to `end`: those that the store would show, and those of which the index holds
    something else.
    """

    shown: list[str]
    wrong: set[str]
    end: str


_STORED = (
    select(
        SUPPLIER.c.id,
        SUPPLIER.c.kind,
        func.coalesce(LEDGER.c.revision, 0),
        literal_column(PENDING.text),
    )
    .join_from(SUPPLIER, LEDGER, SUPPLIER.c.id == LEDGER.c.supplier_id, isouter=True)
    .order_by(SUPPLIER.c.id)
)
"""Of each supplier: id, kind, revision, whether it is pending."""


def _page(context: Context, writer: Writer, after: str) -> _Page | None:
    """The next ids of either side; None at the end."""
    hidden = context.mappings.vocabulary.hidden_kinds
    held = writer.versions(after, BATCH)
    with reading(context.store) as connection:
        stored = connection.execute(_STORED.where(SUPPLIER.c.id > after).limit(BATCH)).all()
        if not held and not stored:
            return None
        known = [row[0] for row in stored]
        # Beyond the end of a full batch the other side is not known yet: stop where both are.
        ends = [ids[-1] for ids in (list(held), known) if len(ids) == BATCH]
        end = min(ends) if ends else max((*held, *known))
        due = {
            id_: revision for id_, kind, revision, _ in stored if id_ <= end and kind not in hidden
        }
        wrong = {id_ for id_, _ in due.items() ^ held.items() if id_ <= end}
        pending = {id_ for id_, _, _, pending in stored if pending}
        if gone := wrong.difference(known):  # the ledger outlives its suppliers
            pending |= ledger.pending(connection, sorted(gone))
    return _Page(sorted(due.keys() - pending), wrong - pending, end)


def _count(context: Context, writer: Writer, reader: Reader) -> int:
    """The searching side shows as many as the store has to show, but for those pending."""
    hidden = sorted(context.mappings.vocabulary.hidden_kinds)
    shown = select(func.count()).where(
        SUPPLIER.c.status == Status.LIVE.value,
        SUPPLIER.c.closed.is_not(True),
        SUPPLIER.c.kind.not_in(hidden),
    )
    expected = held = 0
    for _ in range(LOOKS):
        writer.status()  # all that was written can be searched
        status = reader.status()
        if not status.ready:
            raise RebuildRefused(f"the new index can't be searched: {status.reason}")
        with reading(context.store) as connection:
            expected, held = int(connection.execute(shown).scalar_one()), status.documents
        if abs(expected - held) <= ledger.pending_count(context.store):
            return held
    raise RebuildRefused(
        f"the store has {expected} suppliers to show, the new index {held}: not promoted"
    )


def _served(context: Context) -> int:
    """Suppliers in the index that serves; 0 when there is none, or it can't be read: any index is
    better.
    """
    serving = context.catalog.targets().serving
    if serving is None:
        return 0
    try:
        with closing(context.catalog.writer_of(serving)) as writer:
            return writer.status().documents
    except EngineUnavailable:
        return 0


def _compare(context: Context, name: str, writer: Writer, reader: Reader, ids: list[str]) -> None:
    """Documents read back equal those that the store makes, but for what is only searched."""
    mappings = context.catalog.definition_of(name).body["mappings"]
    for _ in range(LOOKS):
        if not ids:
            return
        writer.status()
        found = {id_: reader.get(id_) for id_ in ids}
        with reading(context.store) as connection:
            suppliers = repository.load(connection, ids)
            pending = ledger.pending(connection, ids)
        built = {
            id_: context.builder.build(suppliers[id_]) if id_ in suppliers else None for id_ in ids
        }
        due = {id_: document and as_held(document, mappings) for id_, document in built.items()}
        ids = [id_ for id_ in ids if id_ not in pending and due[id_] != found[id_]]
    if ids:
        raise RebuildRefused(
            f"the document of {ids[0]} is not what the store makes of it: not promoted"
        )


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
    """`judge` and `force` as in `verify`. The others are the tests': who is told of each step, the
    clock and length of the lock.
    """

    judge: Judge | None = None
    force: bool = False
    watch: Callable[[Step], None] = quiet
    clock: Clock = utc
    lock_seconds: float = SECONDS


_PLAIN = Options()


def rebuild(
    context: Context, progress: Progress = quiet, *, fill: Fill = fill, options: Options = _PLAIN
) -> Entry:
    """Build a new index and let it serve. Raises RebuildRefused when it is not what the store says
    it should be.

    Raises LockHeldError when another process is at work on the indices, LockLostError when one took
    over.
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
    """Let the previous index serve again, with what it missed. Raises RebuildRefused."""
    catalog = context.catalog
    with _deed("rollback", context, options) as deed:
        name = previous(catalog.names(), deed.replaced)
        if name is None:
            raise RebuildRefused(
                "there is no previous index to go back to; `indexer rebuild` makes a new one"
            )
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
            # As it was made then: its documents need not be those that the mappings of today would
            # make.
            deed.documents = verify(
                context, name, judge=options.judge, force=options.force, content=False
            )
            deed.promote()
        except BaseException:
            with suppress(EngineUnavailable, OSError):
                catalog.unregister(name)
            raise
    return deed.entry()


@dataclass(slots=True)
class _IndexChange:
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
            append_entry(
                catalog.journal,
                Entry("sweep", left, refused="the process that worked on it had died"),
            )
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
