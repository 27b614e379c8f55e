"""The store written into an index: every supplier that the ledger knows, deleted ones included."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing

from sqlalchemy import Engine, select

from discovery.engine.port import Action, IndexWriter, WriteOutcome, WriteStatus
from indexer.context import Context
from indexer.document.build import DocumentBuilder
from indexer.gc_tuning import collected_rarely
from indexer.lock import RebuildRefused
from indexer.record import Supplier
from indexer.store import ledger, repository
from indexer.store.engine import reading
from indexer.store.models import LEDGER
from indexer.store.sql import keyset_apart

BATCH = 1000
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before each further try of what an overloaded engine did not take."""

Progress = Callable[[int], None]


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
    """Write these suppliers as they are now. Raises RebuildRefused when the index does not take one of them, or none
    for half a minute."""
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
    id_: str, suppliers: Mapping[str, Supplier], revisions: Mapping[str, int], builder: DocumentBuilder
) -> Action:
    try:
        document = builder.build(suppliers[id_]) if id_ in suppliers else None
    except Exception as error:  # one record must not end as a stack trace
        raise _refused([WriteOutcome(id_, WriteStatus.DEAD, f"{type(error).__name__}: {error}")]) from error
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

    Documents whose revision it has stay as they were made, with the mappings of then: that is what one goes back to.
    """
    after = ""
    with closing(context.catalog.writer_of(name)) as writer:
        for ids in all_ids(context.store):
            held = {id_: version for id_, version, _ in writer.versions(after, BATCH)}
            with reading(context.store) as connection:
                revisions = ledger.revisions(connection, ids)
            missed = [id_ for id_ in ids if held.get(id_, -1) < revisions.get(id_, 0)]
            if missed:
                write(context.store, writer, context.builder, missed)
            progress(len(ids))
            after = ids[-1]
