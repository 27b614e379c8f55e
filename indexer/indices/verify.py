"""What must hold of an index before it serves: all of the store and nothing else, as the store would write it today.

The walk compares every id and version; the content of a sample is compared whole. What is pending in the ledger is
left out of both: a worker will write it to this index too.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import func, literal_column, select

from discovery.engine.catalog import Reader, Writer
from discovery.engine.port import EngineUnavailable
from indexer.context import Context
from indexer.indices.drift import as_held
from indexer.lock import RebuildRefused
from indexer.record import Status
from indexer.store import ledger, repository
from indexer.store.engine import reading
from indexer.store.models import LEDGER, PENDING, SUPPLIER

BATCH = 1000
SAMPLE = 50
LOOKS = 4
"""Index and store are read one after the other, while others write: a difference counts when every look shows it."""

FLOOR = 0.8
"""Of the suppliers that serve. A wrong store is empty or old; a true loss of a fifth is for a person to confirm."""

Judge = Callable[[str], str | None]
"""Runs the judged queries on the index of that name; a sentence when they do not hold, None when they do."""


def verify(context: Context, name: str, *, judge: Judge | None, force: bool, content: bool = True) -> int:
    """The number of suppliers shown. RebuildRefused, with the reason, when the index must not serve.

    `force`: even with far fewer suppliers than what serves now. `content` False: revisions are compared alone.
    """
    catalog = context.catalog
    _still_built(context, name)
    with closing(catalog.writer_of(name)) as writer, closing(catalog.reader_of(name)) as reader:
        with ThreadPoolExecutor(1) as aside:  # the database counts; here is walked and loaded meanwhile
            before = aside.submit(_served, context)
            sample = _walk(context, writer)
            documents = _count(context, writer, reader)
            if not force:
                _floor(documents, before.result())
        if content:
            _compare(context, name, writer, reader, sample)
    if judge is not None and (fault := judge(name)) is not None:
        raise RebuildRefused(f"the judged queries do not hold on the new index: {fault}")
    _still_built(context, name)
    return documents


def _still_built(context: Context, name: str) -> None:
    if context.catalog.targets().building != name:
        raise RebuildRefused("a worker could not write the new index, and gave it up: its log says why")


def _walk(context: Context, writer: Writer) -> list[str]:
    """Both sides in id order, whole. Returns some ids that the index shows."""
    after, sample = "", list[str]()
    while (page := _page(context, writer, after)) is not None:
        wrong = page.wrong
        for _ in range(LOOKS - 1):
            if wrong and (again := _page(context, writer, after)) is not None:
                # Ids that came meanwhile may have pushed others beyond the end: these are not acquitted.
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
    """Ids up to `end`: those that the store would show, and those of which the index holds something else."""

    shown: list[str]
    wrong: set[str]
    end: str


_STORED = (
    select(SUPPLIER.c.id, SUPPLIER.c.kind, func.coalesce(LEDGER.c.revision, 0), literal_column(PENDING.text))
    .join_from(SUPPLIER, LEDGER, SUPPLIER.c.id == LEDGER.c.supplier_id, isouter=True)
    .order_by(SUPPLIER.c.id)
)
"""Of each supplier: id, kind, revision, whether it is pending."""


def _page(context: Context, writer: Writer, after: str) -> _Page | None:
    """The next ids of either side; None at the end."""
    hidden = context.mappings.vocabulary.hidden_kinds
    held = {id_: version for id_, version, _ in writer.versions(after, BATCH)}
    with reading(context.store) as connection:
        stored = connection.execute(_STORED.where(SUPPLIER.c.id > after).limit(BATCH)).all()
        if not held and not stored:
            return None
        known = [row[0] for row in stored]
        # Beyond the end of a full batch the other side is not known yet: stop where both are.
        ends = [ids[-1] for ids in (list(held), known) if len(ids) == BATCH]
        end = min(ends) if ends else max((*held, *known))
        due = {id_: revision for id_, kind, revision, _ in stored if id_ <= end and kind not in hidden}
        wrong = {id_ for id_, _ in due.items() ^ held.items() if id_ <= end}
        pending = {id_ for id_, _, _, pending in stored if pending}
        if gone := wrong.difference(known):  # the ledger outlives its suppliers
            pending |= ledger.pending(connection, sorted(gone))
    return _Page(sorted(due.keys() - pending), wrong - pending, end)


def _count(context: Context, writer: Writer, reader: Reader) -> int:
    """The searching side shows as many as the store has to show, but for those pending."""
    hidden = sorted(context.mappings.vocabulary.hidden_kinds)
    shown = select(func.count()).where(
        SUPPLIER.c.status == Status.LIVE.value, SUPPLIER.c.closed.is_not(True), SUPPLIER.c.kind.not_in(hidden)
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
    raise RebuildRefused(f"the store has {expected} suppliers to show, the new index {held}: not promoted")


def _served(context: Context) -> int:
    """Suppliers in the index that serves; 0 when there is none, or it can't be read: any index is better."""
    serving = context.catalog.targets().serving
    if serving is None:
        return 0
    try:
        with closing(context.catalog.writer_of(serving)) as writer:
            return writer.status().documents
    except EngineUnavailable:
        return 0


def _floor(documents: int, before: int) -> None:
    if documents < FLOOR * before:
        raise RebuildRefused(
            f"the new index has {documents} suppliers, the one that serves {before}: if that is right, "
            "say --force; if not, see DISCOVERY_DATABASE_URL"
        )


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
        built = {id_: context.builder.build(suppliers[id_]) if id_ in suppliers else None for id_ in ids}
        due = {id_: document and as_held(document, mappings) for id_, document in built.items()}
        ids = [id_ for id_ in ids if id_ not in pending and due[id_] != found[id_]]
    if ids:
        raise RebuildRefused(f"the document of {ids[0]} is not what the store makes of it: not promoted")
