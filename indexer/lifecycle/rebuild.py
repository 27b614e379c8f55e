"""A new index from the current mappings: built aside, caught up, verified, then promoted. On any doubt the old stays.

    new file → fill → catch up → verify → promote → wait for older leases → catch up → prune

Workers go on writing the serving index meanwhile. What they settle there after the fill has read it has a revision
above the one noted at the start, so the catching up finds it; it is done once more after the promotion, when the leases
taken before it are over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select

from discovery.engine.embedded import EmbeddedWriter
from discovery.engine.port import Action, IndexWriter, OutcomeStatus
from indexer.context import Context
from indexer.document import DocumentBuilder
from indexer.record import Status
from indexer.store import ledger, repository
from indexer.store.engine import reading
from indexer.store.sql import LEDGER, SUPPLIER

BATCH = 1000
LEASE_PATIENCE_SECONDS = 120.0


class RebuildRefused(RuntimeError):
    """The new index was not promoted, and is gone; the message says why. What served still serves."""


@dataclass(frozen=True, slots=True)
class Built:
    file: Path
    documents: int
    replaced: Path | None


Fill = Callable[[Context, Path, Callable[[int], None]], None]


def fill(context: Context, file: Path, progress: Callable[[int], None]) -> None:
    """Write every supplier into a new index file."""
    with context.writer_of(file) as writer:
        for ids in all_ids(context.store):
            write(context.store, writer, context.builder, ids)
            progress(len(ids))


def rebuild(context: Context, progress: Callable[[int], None] = lambda _: None, *, fill: Fill = fill) -> Built:
    """Build and promote. RebuildRefused when the new index is not what the store says it should be."""
    definition, folder = context.definition, context.folder
    file = folder.new(definition.fingerprint, datetime.now(UTC))
    replaced = folder.current()
    try:
        with EmbeddedWriter(file, definition.body, definition.analysis, definition.fingerprint) as writer:
            reached = ledger.counter(context.store)
            fill(context, file, progress)
            reached = _catch_up(context.store, writer, context.builder, reached)
            documents = _verify(context, writer)
            folder.promote(file)
            _wait_for_leases(context.store)
            _catch_up(context.store, writer, context.builder, reached)
    except BaseException:
        if folder.current() != file:
            folder.remove(file)
        raise
    folder.prune(keep=2)
    return Built(file, documents, replaced)


def rollback(context: Context) -> Path:
    """Serve the previous index again, with the changes it missed. RebuildRefused when there is none, or it can't be."""
    previous = context.folder.previous()
    if previous is None:
        raise RebuildRefused("there is no previous index to go back to; `indexer rebuild` makes a new one")
    with context.writer_of(previous) as writer:
        for ids in all_ids(context.store):
            write(context.store, writer, context.builder, ids)
        context.folder.promote(previous)
    return previous


def all_ids(store: Engine) -> Iterator[list[str]]:
    """Every id the ledger knows, deleted suppliers included, so that their deletion is told too."""
    after = ""
    while True:
        query = select(LEDGER.c.supplier_id).where(LEDGER.c.supplier_id > after).order_by(LEDGER.c.supplier_id)
        with reading(store) as connection:
            ids = list(connection.execute(query.limit(BATCH)).scalars())
        if not ids:
            return
        yield ids
        after = ids[-1]


def _catch_up(store: Engine, writer: IndexWriter, builder: DocumentBuilder, since: int) -> int:
    """Write what changed after revision `since`; returns the revision reached."""
    while True:
        query = select(LEDGER.c.supplier_id, LEDGER.c.revision).where(LEDGER.c.revision > since)
        with reading(store) as connection:
            changed = connection.execute(query.order_by(LEDGER.c.revision).limit(BATCH)).all()
        if not changed:
            return since
        write(store, writer, builder, [row.supplier_id for row in changed])
        since = changed[-1].revision


def write(store: Engine, writer: IndexWriter, builder: DocumentBuilder, ids: Sequence[str]) -> None:
    with reading(store) as connection:
        suppliers = repository.load(connection, ids)
        revisions = ledger.revisions(connection, ids)
    actions = [
        Action(id_, revisions[id_], builder.build(suppliers[id_]) if id_ in suppliers else None)
        for id_ in ids
        if id_ in revisions
    ]
    bad = [one for one in writer.bulk(actions) if one.status in (OutcomeStatus.DEAD, OutcomeStatus.RETRY)]
    if bad:
        raise RebuildRefused(
            f"{len(bad)} documents were refused, the first of them {bad[0].id}: {bad[0].reason}. "
            "Mend the record or the mappings, then rebuild again."
        )


def _verify(context: Context, writer: IndexWriter) -> int:
    """Counts must agree: what the store would show, and what the index holds. Returns how many."""
    hidden = sorted(context.mappings.vocabulary.hidden_kinds)
    shown = select(func.count()).where(SUPPLIER.c.status == Status.LIVE.value, SUPPLIER.c.kind.not_in(hidden))
    with reading(context.store) as connection:
        expected = int(connection.execute(shown).scalar_one())
    held = writer.status().documents
    # A writer may have added or removed a few since the catch-up: those are caught up with after the promotion.
    if abs(expected - held) > ledger.pending_count(context.store):
        raise RebuildRefused(f"the store has {expected} suppliers to show, the new index {held}: not promoted")
    return held


def _wait_for_leases(store: Engine) -> None:
    """Until the claims made before the promotion are settled: their worker may still write to the old index."""
    older = ledger.open_leases(store, datetime.now(UTC))
    end = time.monotonic() + LEASE_PATIENCE_SECONDS
    while older & ledger.open_leases(store, datetime.now(UTC)) and time.monotonic() < end:
        time.sleep(0.1)
