"""Store against index: every difference found by one walk over both, in id order.

The walk reads a batch of ids at a time and judges each from its ledger revision and the content it would have now, so
it may run while others write: what is still pending in the ledger is not drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, select

from discovery.engine.port import IndexWriter
from indexer.document import DocumentBuilder
from indexer.store import ledger, repository
from indexer.store.engine import reading
from indexer.store.sql import LEDGER, PENDING, ids_in

BATCH = 1000


class Kind(StrEnum):
    """MISSING: not in the index. STALE: an older revision is. ALTERED: other content at this revision or a later one.
    GHOST: in the index, not to be found in the store."""

    MISSING = "missing"
    STALE = "stale"
    ALTERED = "altered"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True)
class Difference:
    id: str
    kind: Kind
    version: int
    """The index's; 0 when missing."""


@dataclass(frozen=True, slots=True)
class Report:
    """`checked` counts ids met in the store or the index."""

    checked: int
    differences: tuple[Difference, ...]

    def counts(self) -> dict[str, int]:
        return dict(Counter(str(one.kind) for one in self.differences))


def check(
    store: Engine, writer: IndexWriter, builder: DocumentBuilder, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Walk both. Nothing is changed; `repair` queues what this finds."""
    found: list[Difference] = []
    checked = 0
    after = ""
    while (batch := _batch(store, writer, after)) is not None:
        ids, held = batch
        differences = _judge(store, builder, ids, held)
        if differences:
            # Index and store are read one after the other: what a worker settled in between differs only once.
            again = {id_: state for id_, state in _held(writer, after).items() if id_ <= ids[-1]}
            differences &= _judge(store, builder, ids, again)
        found += sorted(differences, key=lambda one: one.id)
        checked += len(ids)
        progress(len(ids))
        after = ids[-1]
    return Report(checked, tuple(found))


def repair(store: Engine, report: Report) -> int:
    """Queue every difference at a new revision, above any version met in the index. Returns how many."""
    if report.differences:
        # A restored backup may hold revisions older than what the index has seen.
        ledger.raise_counter(store, max(one.version for one in report.differences))
        ledger.requeue(store, [one.id for one in report.differences])
    return len(report.differences)


Held = dict[str, tuple[int, str]]
"""Version and content fingerprint by id."""


def _held(writer: IndexWriter, after: str) -> Held:
    return {id_: (version, content) for id_, version, content in writer.versions(after, BATCH)}


def _batch(store: Engine, writer: IndexWriter, after: str) -> tuple[list[str], Held] | None:
    """The next ids of either side, in order, with what the index holds of them; None at the end."""
    held = _held(writer, after)
    with reading(store) as connection:
        stored = next(repository.stream_ids(connection, BATCH, after), [])
    if not held and not stored:
        return None
    # Beyond the end of a full batch the other side is not known yet: stop where both are.
    ends = [ids[-1] for ids in (list(held), stored) if len(ids) == BATCH]
    end = min(ends) if ends else max((*held, *stored))
    return sorted({id_ for id_ in (*held, *stored) if id_ <= end}), held


def _judge(store: Engine, builder: DocumentBuilder, ids: list[str], held: Held) -> set[Difference]:
    with reading(store) as connection:
        suppliers = repository.load(connection, ids)
        revisions = ledger.revisions(connection, ids)
        pending = set(
            connection.execute(
                select(LEDGER.c.supplier_id).where(PENDING, ids_in(connection, LEDGER.c.supplier_id, ids))
            ).scalars()
        )
    found = set()
    for id_ in ids:
        if id_ in pending:
            continue
        supplier = suppliers.get(id_)
        document = builder.build(supplier) if supplier else None
        version, content = held.get(id_, (0, ""))
        if document is None:
            if id_ in held:
                found.add(Difference(id_, Kind.GHOST, version))
        elif id_ not in held:
            found.add(Difference(id_, Kind.MISSING, 0))
        elif version < revisions.get(id_, 0):
            found.add(Difference(id_, Kind.STALE, version))
        elif content != document["fingerprint"]:
            found.add(Difference(id_, Kind.ALTERED, version))
    return found
