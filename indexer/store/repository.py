"""Suppliers in and out of the store. Every function works in the caller's transaction.

Write in `with engine.begin() as connection`, read in `with reading(engine) as connection`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, select, update

from indexer.record import Status, Supplier
from indexer.store import merged, slugs
from indexer.store.models import ProvenanceRow
from indexer.store.rows import (
    CHILDREN,
    SCALARS,
    child_rows,
    group,
    same_content,
    same_scalars,
    supplier_row,
    to_supplier,
)
from indexer.store.slugs import SLUG, Named
from indexer.store.sql import SUPPLIER, ids_in, insert_rows, stream_ids, table, update_rows

__all__ = [
    "Counts",
    "Saved",
    "counts",
    "delist",
    "existing",
    "find_ids",
    "ids_of_source",
    "load",
    "restore",
    "same_content",
    "save",
    "sirets",
    "stream_ids",
]

BATCH = 1000
PROVENANCE = table(ProvenanceRow)


@dataclass(slots=True)
class Saved:
    """The ids of what was saved, in the order given, by what became of it."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Counts:
    """Suppliers kept: `live` and `delisted` add up to all; `sources` counts the live ones by source."""

    live: int
    delisted: int
    sources: dict[str, int]


def load(connection: Connection, ids: Sequence[str]) -> dict[str, Supplier]:
    """The suppliers of these ids, live or delisted, with their children, in the order of the ids' code
    points; absent ids are left out.

    A query a table, however many the ids; all of them see one moment in a `reading` transaction.
    """
    names = (*SCALARS, "first_listed_at", "slug")
    columns = [*(SUPPLIER.c[name] for name in names[:-1]), SLUG.c.slug]
    with_slug = SUPPLIER.outerjoin(SLUG, (SLUG.c.supplier_id == SUPPLIER.c.id) & SLUG.c.current)
    rows = connection.execute(
        select(*columns).select_from(with_slug).where(ids_in(connection, SUPPLIER.c.id, ids)).order_by(SUPPLIER.c.id)
    ).all()
    children = {}
    for child in CHILDREN:
        owner = child.table.c.supplier_id
        query = select(owner, *(child.table.c[name] for name in child.columns))
        query = query.where(ids_in(connection, owner, ids))
        found = connection.execute(query.order_by(owner, child.table.c.position, child.table.c.id)).all()
        children[child.field] = group(child, found)
    former = select(SLUG.c.supplier_id, SLUG.c.slug).where(~SLUG.c.current).order_by(SLUG.c.slug)
    children["former_slugs"] = defaultdict(list)
    for supplier_id, slug in connection.execute(former.where(ids_in(connection, SLUG.c.supplier_id, ids))):
        children["former_slugs"][supplier_id].append(slug)
    loaded = {row[0]: to_supplier(dict(zip(names, row, strict=True)), children) for row in rows}
    gone = [id_ for id_, each in loaded.items() if each.status is Status.DELISTED]
    into = merged.direct(connection, gone) if gone else {}
    return loaded | {id_: replace(loaded[id_], merged_into=into[id_]) for id_ in gone if id_ in into}


existing = load


def save(connection: Connection, suppliers: Iterable[Supplier], now: datetime, batch: int = BATCH) -> Saved:
    """Insert or update these suppliers, `batch` at a time; an unchanged one is not written, so nothing is queued.

    `now` becomes `first_listed_at` of new ones. Slugs are the store's: those of the records are not looked at. An id
    that comes twice is saved twice, in order. Children are replaced where they differ.
    """
    saved = Saved()
    for group_ in _batches(suppliers, batch):
        before = load(connection, list(group_))
        new = [each for key, each in group_.items() if key not in before]
        changed = [each for key, each in group_.items() if key in before and not same_content(before[key], each)]
        _insert(connection, new, now)
        _update(connection, changed, before)
        renamed = [each for each in changed if Named.of(each).name != Named.of(before[each.id]).name]
        slugs.assign(connection, map(Named.of, [*new, *renamed]))
        saved.created += [each.id for each in new]
        saved.updated += [each.id for each in changed]
        touched = {each.id for each in (*new, *changed)}
        saved.unchanged += [key for key in group_ if key not in touched]
    return saved


def _batches(suppliers: Iterable[Supplier], size: int) -> Iterator[dict[str, Supplier]]:
    """Batches in the order of the ids, within each, so that two writers lock in the same order."""
    waiting: dict[str, Supplier] = {}
    for supplier in suppliers:
        if supplier.id in waiting or len(waiting) == size:
            yield dict(sorted(waiting.items()))
            waiting = {}
        waiting[supplier.id] = supplier
    if waiting:
        yield dict(sorted(waiting.items()))


def _insert(connection: Connection, new: list[Supplier], now: datetime) -> None:
    insert_rows(connection, SUPPLIER, [supplier_row(each) | {"first_listed_at": now} for each in new])
    for child in CHILDREN:
        insert_rows(connection, child.table, child_rows(child, new))


def _update(connection: Connection, changed: list[Supplier], before: dict[str, Supplier]) -> None:
    differing = [each for each in changed if not same_scalars(each, before[each.id])]
    update_rows(connection, SUPPLIER, [supplier_row(each) for each in differing])
    for child in CHILDREN:
        differ = [each for each in changed if getattr(each, child.field) != getattr(before[each.id], child.field)]
        if differ:
            owners = [each.id for each in differ]
            connection.execute(delete(child.table).where(ids_in(connection, child.table.c.supplier_id, owners)))
            insert_rows(connection, child.table, child_rows(child, differ))


def delist(connection: Connection, supplier_id: str) -> bool:
    """Take a supplier out of the answers; its row and its address stay. False if it is not there, or not live."""
    return _set_status(connection, supplier_id, Status.LIVE, Status.DELISTED)


def restore(connection: Connection, supplier_id: str) -> bool:
    """Undo `delist`. False if it is not there, or not delisted."""
    return _set_status(connection, supplier_id, Status.DELISTED, Status.LIVE)


def _set_status(connection: Connection, supplier_id: str, before: Status, after: Status) -> bool:
    statement = update(SUPPLIER).where(SUPPLIER.c.id == supplier_id, SUPPLIER.c.status == before.value)
    return connection.execute(statement.values(status=after.value)).rowcount == 1


def find_ids(connection: Connection, siret: str, kind: str) -> list[str]:
    """The ids with this SIRET and kind, sorted: there may be several."""
    query = select(SUPPLIER.c.id).where(SUPPLIER.c.siret == siret, SUPPLIER.c.kind == kind)
    return list(connection.execute(query.order_by(SUPPLIER.c.id)).scalars())


def sirets(connection: Connection) -> list[str]:
    """The SIRETs of live suppliers, each once, sorted."""
    query = select(SUPPLIER.c.siret).where(SUPPLIER.c.siret != "", SUPPLIER.c.status == Status.LIVE.value)
    return list(connection.execute(query.distinct().order_by(SUPPLIER.c.siret)).scalars())


def websites(connection: Connection) -> dict[str, str]:
    """SIRET → site, of live suppliers that have both."""
    query = select(SUPPLIER.c.siret, SUPPLIER.c.website).where(
        SUPPLIER.c.siret != "", SUPPLIER.c.website != "", SUPPLIER.c.status == Status.LIVE.value
    )
    return {row.siret: row.website for row in connection.execute(query.order_by(SUPPLIER.c.siret, SUPPLIER.c.id))}


def ids_of_source(connection: Connection, source: str, batch: int = BATCH) -> Iterator[list[str]]:
    """The ids of the live suppliers of which this source tells, in code-point order, at most `batch` at a time.

    Each batch is a query of its own, so those given may be changed meanwhile.
    """
    further = select(PROVENANCE.c.supplier_id).where(PROVENANCE.c.source == source)
    told = (SUPPLIER.c.source == source) | SUPPLIER.c.id.in_(further)
    query = select(SUPPLIER.c.id).where(told, SUPPLIER.c.status == Status.LIVE.value)
    query = query.order_by(SUPPLIER.c.id).limit(batch)
    ids = list(connection.execute(query).scalars())
    while ids:
        yield ids
        ids = list(connection.execute(query.where(SUPPLIER.c.id > ids[-1])).scalars())


def counts(connection: Connection) -> Counts:
    """Count the suppliers of the store: live, delisted (closed ones too), and the live ones by source."""
    shown = case((SUPPLIER.c.closed.is_(True), Status.DELISTED.value), else_=SUPPLIER.c.status).label("shown")
    rows = connection.execute(select(SUPPLIER.c.source, shown, func.count()).group_by(SUPPLIER.c.source, shown)).all()
    live = {source: count for source, status, count in rows if status == Status.LIVE.value}
    total = sum(count for *_, count in rows)
    return Counts(sum(live.values()), total - sum(live.values()), live)
