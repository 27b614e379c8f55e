"""Suppliers in and out of the store, and which were merged into which. Each function works in the
caller's transaction.

Write in `with engine.begin() as connection`, read in `with reading(engine) as connection`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import Connection, Table, case, delete, func, select, update

from indexer import record
from indexer.record import Activity, LocationSource, Scope, Status, Supplier, Zone
from indexer.store import models, slugs
from indexer.store.models import MERGED, PROVENANCE, SLUG, SUPPLIER
from indexer.store.slugs import Named
from indexer.store.sql import ids_in, insert_rows, keyset, update_rows

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """Suppliers kept: `live` and `delisted` add up to all; `sources` counts the live ones by
    source.
    """

    live: int
    delisted: int
    sources: dict[str, int]


def load(connection: Connection, ids: Sequence[str]) -> dict[str, Supplier]:
    """The suppliers of these ids, live or delisted, with their children, in the order of the ids'
    code points; absent ids are left out.

    A query a table, however many the ids; all of them see one moment in a `reading` transaction.
    """
    names = (*SCALARS, "first_listed_at", "slug")
    columns = [*(SUPPLIER.c[name] for name in names[:-1]), SLUG.c.slug]
    with_slug = SUPPLIER.outerjoin(SLUG, (SLUG.c.supplier_id == SUPPLIER.c.id) & SLUG.c.current)
    rows = connection.execute(
        select(*columns)
        .select_from(with_slug)
        .where(ids_in(connection, SUPPLIER.c.id, ids))
        .order_by(SUPPLIER.c.id)
    ).all()
    children = {}
    for child in CHILDREN:
        owner = child.table.c.supplier_id
        query = select(owner, *(child.table.c[name] for name in child.columns))
        query = query.where(ids_in(connection, owner, ids))
        found = connection.execute(
            query.order_by(owner, child.table.c.position, child.table.c.id)
        ).all()
        children[child.field] = group(child, found)
    former = select(SLUG.c.supplier_id, SLUG.c.slug).where(~SLUG.c.current).order_by(SLUG.c.slug)
    children["former_slugs"] = defaultdict(list)
    for supplier_id, slug in connection.execute(
        former.where(ids_in(connection, SLUG.c.supplier_id, ids))
    ):
        children["former_slugs"][supplier_id].append(slug)
    loaded = {row[0]: to_supplier(dict(zip(names, row, strict=True)), children) for row in rows}
    gone = [id_ for id_, each in loaded.items() if each.status is Status.DELISTED]
    into = direct(connection, gone) if gone else {}
    return loaded | {
        id_: replace(loaded[id_], merged_into=into[id_]) for id_ in gone if id_ in into
    }


def save(
    connection: Connection, suppliers: Iterable[Supplier], now: datetime, batch: int = BATCH
) -> list[str]:
    """Insert or update these suppliers, `batch` at a time; an unchanged one is not written, so
    nothing is queued.

    `now` becomes `first_listed_at` of new ones. Slugs are the store's: those of the records are not
    looked at. An id that comes twice is saved twice, in order. Children are replaced where they
    differ. Returns the ids written.
    """
    written: list[str] = []
    for group_ in _batches(suppliers, batch):
        before = load(connection, list(group_))
        new = [each for key, each in group_.items() if key not in before]
        changed = [
            each
            for key, each in group_.items()
            if key in before and not same_content(before[key], each)
        ]
        _insert(connection, new, now)
        _update(connection, changed, before)
        renamed = [
            each for each in changed if Named.of(each).name != Named.of(before[each.id]).name
        ]
        slugs.assign(connection, map(Named.of, [*new, *renamed]))
        written += [each.id for each in (*new, *changed)]
    return written


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
    insert_rows(
        connection, SUPPLIER, [supplier_row(each) | {"first_listed_at": now} for each in new]
    )
    for child in CHILDREN:
        insert_rows(connection, child.table, child_rows(child, new))


def _update(connection: Connection, changed: list[Supplier], before: dict[str, Supplier]) -> None:
    differing = [each for each in changed if _scalars(each) != _scalars(before[each.id])]
    update_rows(connection, SUPPLIER, [supplier_row(each) for each in differing])
    for child in CHILDREN:
        differ = [
            each
            for each in changed
            if getattr(each, child.field) != getattr(before[each.id], child.field)
        ]
        if differ:
            owners = [each.id for each in differ]
            connection.execute(
                delete(child.table).where(ids_in(connection, child.table.c.supplier_id, owners))
            )
            insert_rows(connection, child.table, child_rows(child, differ))


def delist(connection: Connection, supplier_id: str) -> bool:
    """Take a supplier out of the answers; its row and its address stay. False if it is not there,
    or not live.
    """
    return _set_status(connection, supplier_id, Status.LIVE, Status.DELISTED)


def restore(connection: Connection, supplier_id: str) -> bool:
    """Undo `delist`. False if it is not there, or not delisted."""
    return _set_status(connection, supplier_id, Status.DELISTED, Status.LIVE)


def _set_status(connection: Connection, supplier_id: str, before: Status, after: Status) -> bool:
    statement = update(SUPPLIER).where(
        SUPPLIER.c.id == supplier_id, SUPPLIER.c.status == before.value
    )
    return connection.execute(statement.values(status=after.value)).rowcount == 1


def sirets(connection: Connection) -> list[str]:
    """The SIRETs of live suppliers, each once, sorted."""
    query = select(SUPPLIER.c.siret).where(
        SUPPLIER.c.siret != "", SUPPLIER.c.status == Status.LIVE.value
    )
    return list(connection.execute(query.distinct().order_by(SUPPLIER.c.siret)).scalars())


def open_sirets(connection: Connection, sirets: Sequence[str]) -> list[str]:
    """Those of the SIRETs that are a live supplier's which nobody says is closed, each once."""
    live = (SUPPLIER.c.status == Status.LIVE.value) & SUPPLIER.c.closed.is_not(True)
    query = select(SUPPLIER.c.siret).where(live, ids_in(connection, SUPPLIER.c.siret, sirets))
    return list(connection.execute(query.distinct()).scalars())


def websites(connection: Connection) -> dict[str, str]:
    """SIRET → site, of live suppliers that have both."""
    query = select(SUPPLIER.c.siret, SUPPLIER.c.website).where(
        SUPPLIER.c.siret != "", SUPPLIER.c.website != "", SUPPLIER.c.status == Status.LIVE.value
    )
    return {
        row.siret: row.website
        for row in connection.execute(query.order_by(SUPPLIER.c.siret, SUPPLIER.c.id))
    }


def ids_of_source(connection: Connection, source: str) -> Iterator[list[str]]:
    """The ids of the live suppliers of which this source tells, in code-point order, some at a
    time. Those given may be changed meanwhile.
    """
    further = select(PROVENANCE.c.supplier_id).where(PROVENANCE.c.source == source)
    told = (SUPPLIER.c.source == source) | SUPPLIER.c.id.in_(further)
    return keyset(
        connection, select(SUPPLIER.c.id).where(told, SUPPLIER.c.status == Status.LIVE.value), BATCH
    )


def counts(connection: Connection) -> Counts:
    """Count the suppliers of the store: live, delisted (closed ones too), and the live ones by
    source.
    """
    shown = case(
        (SUPPLIER.c.closed.is_(True), Status.DELISTED.value), else_=SUPPLIER.c.status
    ).label("shown")
    rows = connection.execute(
        select(SUPPLIER.c.source, shown, func.count()).group_by(SUPPLIER.c.source, shown)
    ).all()
    live = {source: count for source, status, count in rows if status == Status.LIVE.value}
    total = sum(count for *_, count in rows)
    return Counts(sum(live.values()), total - sum(live.values()), live)


# --- Suppliers to rows and back ---

# The store sets these; what a record says of them is not looked at.
STORE_OWNED = ("slug", "former_slugs", "first_listed_at", "merged_into")

SCALARS: tuple[str, ...] = tuple(
    column.name for column in SUPPLIER.c if column.name != "first_listed_at"
)

_content = attrgetter(*(field.name for field in fields(Supplier) if field.name not in STORE_OWNED))
_scalars = attrgetter(*SCALARS)

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A tuple of the record, kept in a table of its own: `columns` of the row, in the order of
    `split` and `join`.
    """

    field: str
    table: Table
    columns: tuple[str, ...]
    split: Callable[[Any], Values]
    join: Callable[..., Any]


def _split_activity(activity: Activity) -> Values:
    zone = activity.zone
    return activity.sector, activity.service_types, zone.scope.value, zone.radius_km, zone.places


def _join_activity(
    sector: str,
    service_types: tuple[str, ...],
    scope: str,
    radius_km: int | None,
    places: tuple[str, ...],
) -> Activity:
    return Activity(sector, service_types, Zone(Scope(scope), radius_km, places))


def _alone(value: str) -> Values:
    return (value,)


def _child(
    field: str, table: Table, join: Callable[..., Any], split: Callable[[Any], Values] | None = None
) -> Child:
    """A child whose columns are the fields of its record, in their order, unless `split` tells
    them.
    """
    columns = tuple(
        column.name for column in table.c if column.name not in ("id", "supplier_id", "position")
    )
    return Child(field, table, columns, split or attrgetter(*columns), join)


CHILDREN: tuple[Child, ...] = (
    _child("activities", models.ACTIVITY, _join_activity, _split_activity),
    _child("offers", models.OFFER, record.Offer),
    *(_child(field, codes, str, _alone) for field, codes in models.CODE_LISTS.items()),
    _child("jobs", models.JOB, record.Job),
    _child("contracts", models.CONTRACT, record.Contract),
    _child("site_trades", models.SITE_TRADE, record.SiteTrade),
    _child("provenance", models.PROVENANCE, record.Provenance),
    _child("client_references", models.CLIENT_REFERENCE, str, _alone),
)


def same_content(one: Supplier, other: Supplier) -> bool:
    return bool(_content(one) == _content(other))


def supplier_row(supplier: Supplier) -> dict[str, Any]:
    """The columns and values of a supplier's own row, without `first_listed_at`."""
    return dict(zip(SCALARS, _scalars(supplier), strict=True))


def child_rows(child: Child, suppliers: Iterable[Supplier]) -> list[dict[str, Any]]:
    return [
        {"supplier_id": supplier.id, "position": position}
        | dict(zip(child.columns, child.split(value), strict=True))
        for supplier in suppliers
        for position, value in enumerate(getattr(supplier, child.field))
    ]


def group(child: Child, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """Gather rows of (supplier id, *columns), which come in order, into each supplier's values, by
    id.
    """
    found: defaultdict[str, list[Any]] = defaultdict(list)
    join = child.join
    for row in rows:
        found[row[0]].append(join(*row[1:]))
    return found


def to_supplier(
    values: dict[str, Any], children: Mapping[str, Mapping[str, list[Any]]]
) -> Supplier:
    """Make a supplier of its row's values (by field name, slugs included) and of its children (by
    field, then by id).
    """
    supplier_id = values["id"]
    values["slug"] = values["slug"] or ""
    values["status"] = Status(values["status"])
    values["location_source"] = (
        LocationSource(values["location_source"]) if values["location_source"] else None
    )
    for name, found in children.items():
        values[name] = tuple(found.get(supplier_id, ()))
    return Supplier(**values)


def direct(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Those of the ids that are merged → the ids of what took them in, which may have been merged
    since.
    """
    query = select(MERGED.c.absorbed_id, MERGED.c.into_id).where(
        ids_in(connection, MERGED.c.absorbed_id, ids)
    )
    return {row.absorbed_id: row.into_id for row in connection.execute(query)}


def aliases(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Those of the ids that are merged → the ids under which they are found, through however many
    merges.
    """
    found: dict[str, str] = {}
    asked = list(ids)
    while asked:
        step = direct(connection, asked)
        found = {one: step.get(into, into) for one, into in found.items()}
        found |= {one: into for one, into in step.items() if one in ids and one not in found}
        asked = [into for into in step.values() if into not in asked]
    return found


def thawed(held: Any, shape: Any = Supplier) -> Any:
    """Make a value of this type of the plain ones that `orjson` made of it. A field that a record
    no longer has is left out.
    """
    if held is None:
        return None
    if get_origin(shape) is tuple:
        return tuple(thawed(one, get_args(shape)[0]) for one in held)
    if isinstance(shape, UnionType):
        return thawed(held, get_args(shape)[0])
    if is_dataclass(shape) and isinstance(shape, type):
        hints = get_type_hints(shape)
        return shape(
            **{name: thawed(value, hints[name]) for name, value in held.items() if name in hints}
        )
    return shape.fromisoformat(held) if issubclass(shape, date) else shape(held)
