"""How things stand: store, ledger, indices, and what was done to them."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime

from discovery.engine.catalog import previous
from discovery.model import dataclass
from indexer.context import Context
from indexer.lock import Clock, Holder, holder_of, utc
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.observations import figures
from indexer.targets import Entry, entries

ENTRIES = 10
EMBEDDED_SUPPLIERS = 300_000
"""Beyond, searches and starts take longer than a cluster's: docs/operate/start.md, Sizes."""


@dataclass(frozen=True, slots=True)
class Status:
    """`sources` counts live suppliers by source; `index` and `documents` None = nothing serves;
    `foreign`: what serves versions of another format. `lock`: who is at work, if anybody.
    """

    live: int
    delisted: int
    sources: Mapping[str, int]
    waiting: int
    waiting_since: datetime | None
    dead: int
    index: str | None
    foreign: list[str]
    embedded: bool
    documents: int | None
    rebuild_needed: bool
    previous: str | None
    building: str | None
    lock: Holder | None
    history: list[Entry]


def look(context: Context, clock: Clock = utc) -> Status:
    """What the store holds, which indices take writes, who holds the lock. Nothing is changed."""
    catalog, store = context.catalog, context.store
    with reading(store) as connection:
        counts = repository.counts(connection)
    ledger = figures(store, clock())
    targets = catalog.targets()
    documents = None
    if targets.serving is not None:
        with closing(catalog.writer_of(targets.serving)) as writer:
            documents = writer.status().documents
    holder = holder_of(catalog.lock.read()[0])
    return Status(
        live=counts.live,
        delisted=counts.delisted,
        sources=dict(sorted(counts.sources.items())),
        waiting=ledger.due + ledger.delayed + ledger.leased,
        waiting_since=ledger.oldest,
        dead=ledger.dead,
        index=targets.serving,
        foreign=catalog.foreign(),
        embedded=context.settings.embedded,
        documents=documents,
        rebuild_needed=context.rebuild_needed,
        previous=previous(catalog.names(), targets.serving) if targets.serving else None,
        building=targets.building,
        lock=holder if holder is not None and holder.holds(clock()) else None,
        history=entries(catalog.journal, ENTRIES),
    )


def lines(status: Status) -> Iterator[str]:
    yield f"store: {status.live} live, {status.delisted} delisted"
    for source, number in status.sources.items():
        yield f"  {source}: {number}"
    since = (
        f", the oldest since {status.waiting_since:%Y-%m-%d %H:%M:%S} UTC"
        if status.waiting_since
        else ""
    )
    yield f"ledger: {status.waiting} waiting{since}, {status.dead} dead"
    if status.index is None and status.building:
        yield "index: none serves yet; the first is being filled by workers, or by `indexer sync`"
    elif status.index is None and status.foreign:
        yield f"index: none of this version's format, rebuild needed; {status.foreign[-1]} serves the version before"
    elif status.index is None:
        yield "index: none yet; `indexer sync` or a worker makes it"
    else:
        needed = ", rebuild needed" if status.rebuild_needed else ""
        yield f"index: {status.index}, {status.documents} suppliers{needed}"
        yield f"  previous: {status.previous or 'none'}"
        if status.embedded and (status.documents or 0) > EMBEDDED_SUPPLIERS:
            yield f"  more than {EMBEDDED_SUPPLIERS:,}: the embedded engine is past its line (docs/operate/start.md)"
    if status.building:
        left = (
            " (left by a process that died; the next rebuild sweeps it)"
            if status.index and not status.lock
            else ""
        )
        yield f"  building: {status.building}{left}"
    if status.lock:
        yield f"  at work: {status.lock}"
    if status.history:
        yield "history:"
        yield from (f"  {entry.line()}" for entry in status.history)
