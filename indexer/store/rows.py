"""Suppliers to rows and back. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import Table

from indexer.record import (
    Activity,
    Contract,
    Job,
    LocationSource,
    Offer,
    Provenance,
    Scope,
    SiteTrade,
    Status,
    Supplier,
    Zone,
)
from indexer.store import models
from indexer.store.sql import SUPPLIER, table

# The store sets these; what a record says of them is not looked at.
STORE_OWNED = ("slug", "former_slugs", "first_listed_at", "merged_into")

SCALARS: tuple[str, ...] = tuple(column.name for column in SUPPLIER.c if column.name != "first_listed_at")

_content = attrgetter(*(field.name for field in fields(Supplier) if field.name not in STORE_OWNED))
_scalars = attrgetter(*SCALARS)

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A tuple of the record, kept in a table of its own: `columns` of the row, in the order of `split` and `join`."""

    field: str
    table: Table
    columns: tuple[str, ...]
    split: Callable[[Any], Values]
    join: Callable[..., Any]


def _split_activity(activity: Activity) -> Values:
    zone = activity.zone
    return activity.sector, activity.service_types, zone.scope.value, zone.radius_km, zone.places


def _join_activity(
    sector: str, service_types: tuple[str, ...], scope: str, radius_km: int | None, places: tuple[str, ...]
) -> Activity:
    return Activity(sector, service_types, Zone(_SCOPES[scope], radius_km, places))


def _split_offer(offer: Offer) -> Values:
    return offer.name, offer.description


def _split_one(value: str) -> Values:
    return (value,)


def _whole(field: str, row: type[models.Base], record: type[Job | Contract | SiteTrade | Provenance]) -> Child:
    """A child whose columns are the fields of its record, in their order."""
    columns = tuple(each.name for each in fields(record))
    return Child(field, table(row), columns, attrgetter(*columns), record)


_SCOPES = {scope.value: scope for scope in Scope}
_STATUSES = {status.value: status for status in Status}
_LOCATION_SOURCES: dict[str | None, LocationSource | None] = {None: None}
_LOCATION_SOURCES.update((source.value, source) for source in LocationSource)

CHILDREN: tuple[Child, ...] = (
    Child(
        "activities",
        table(models.ActivityRow),
        ("sector", "service_types", "zone_scope", "zone_radius_km", "zone_places"),
        _split_activity,
        _join_activity,
    ),
    Child("offers", table(models.OfferRow), ("name", "description"), _split_offer, Offer),
    *(Child(field, codes, ("code",), _split_one, str) for field, codes in models.CODE_LISTS.items()),
    _whole("jobs", models.JobRow, Job),
    _whole("contracts", models.ContractRow, Contract),
    _whole("site_trades", models.SiteTradeRow, SiteTrade),
    _whole("provenance", models.ProvenanceRow, Provenance),
    Child("client_references", table(models.ClientReferenceRow), ("name",), _split_one, str),
)


def same_content(one: Supplier, other: Supplier) -> bool:
    """Whether saving one over the other would change nothing."""
    return bool(_content(one) == _content(other))


def same_scalars(one: Supplier, other: Supplier) -> bool:
    """Whether two suppliers differ in their children at most."""
    return bool(_scalars(one) == _scalars(other))


def supplier_row(supplier: Supplier) -> dict[str, Any]:
    """The columns and values of a supplier's own row, without `first_listed_at`."""
    return dict(zip(SCALARS, _scalars(supplier), strict=True))


def child_rows(child: Child, suppliers: Iterable[Supplier]) -> list[dict[str, Any]]:
    """The rows of one child table for these suppliers."""
    return [
        {"supplier_id": supplier.id, "position": position} | dict(zip(child.columns, child.split(value), strict=True))
        for supplier in suppliers
        for position, value in enumerate(getattr(supplier, child.field))
    ]


def group(child: Child, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """Gather rows of (supplier id, *columns), which come in order, into each supplier's values, by id."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    join = child.join
    for row in rows:
        found[row[0]].append(join(*row[1:]))
    return found


def to_supplier(values: dict[str, Any], children: Mapping[str, Mapping[str, list[Any]]]) -> Supplier:
    """Make a supplier of its row's values (by field name, slugs included) and of its children (by field, then by
    id)."""
    supplier_id = values["id"]
    values["slug"] = values["slug"] or ""
    values["status"] = _STATUSES[values["status"]]
    values["location_source"] = _LOCATION_SOURCES[values["location_source"]]
    for field, found in children.items():
        values[field] = tuple(found.get(supplier_id, ()))
    return Supplier(**values)
