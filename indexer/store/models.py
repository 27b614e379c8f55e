"""The store's tables: the supplier, its children, and the change ledger. (Tables: objects would be
ten times slower.)

`supplier.id` is the only key of a company: SIRET and name are not unique. Everything but `id`,
`name` and `kind` has a default in the database, so that any program's plain SQL can add a supplier.
Each child row has its own `id` and a `position`, its rank in the record. Times are UTC. The
triggers that feed the ledger are in `triggers.py`.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from discovery.model.attributes import CODED

# Ids, codes and slugs sort by code point on both databases, as Python does: writers then lock in
# one order.
Code = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# SQLite's rowid alias must be spelled INTEGER; elsewhere a 64-bit key.
RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC. `timestamptz` on PostgreSQL; ISO text without offset, in UTC, on
    SQLite.

    Raises ValueError for a naive datetime.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The value as it is written: in UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(
                f"{value.isoformat()} has no time zone; the store takes aware datetimes only"
            )
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """The value as it is read: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A short list of codes, kept as text with one space between them: `DISP PREST`.

    Not JSON, so that any program's plain SQL can write it and nothing it writes fails to parse.
    Raises ValueError for a code that is empty or holds white space.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: sa.Dialect) -> str:
        """The codes as they are written: joined by blanks. Raises ValueError for one that is empty
        or holds white space.
        """
        codes = value or ()
        for code in codes:
            if code.split() != [code]:
                raise ValueError(
                    f"{code!r} is not a code: a code is not empty and holds no white space"
                )
        return " ".join(codes)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> tuple[str, ...]:
        """The codes as they are read; none for an empty text or NULL."""
        return _split(value) if value else ()


@lru_cache(8192)  # the same few lists come back row after row
def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split())


# Every constraint has a name, without which SQLite's batch migrations could not find it.
METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, Code, primary_key=True)


def _told(name: str, kind: Any = sa.Text, **options: Any) -> sa.Column[Any]:
    """A column that each row tells, or that has a default."""
    return sa.Column(name, kind, nullable=False, **options)


def _text(name: str) -> sa.Column[Any]:
    return _told(name, server_default="")


def _code(name: str) -> sa.Column[Any]:
    return _told(name, Code, server_default="")


def _codes(name: str) -> sa.Column[Any]:
    return _told(name, Codes, server_default="")


def _flag(name: str) -> sa.Column[Any]:
    return _told(name, sa.Boolean, server_default=sa.false())


def _of_supplier() -> sa.Column[Any]:
    # ON UPDATE CASCADE: a supplier's id may be corrected by SQL; its children follow, and both ids
    # are queued.
    parent = sa.ForeignKey("supplier.id", ondelete="CASCADE", onupdate="CASCADE")
    return sa.Column("supplier_id", Code, parent, nullable=False, index=True)


def _child(name: str, *columns: sa.Column[Any] | sa.Constraint) -> sa.Table:
    """A table of which a supplier has any number of rows, in their order."""
    own = (
        sa.Column("id", RowId, primary_key=True),
        _of_supplier(),
        _told("position", sa.Integer, server_default="0"),
    )
    return sa.Table(name, METADATA, *own, *columns)


def _partial(name: str, column: str, where: str, *, unique: bool = False) -> sa.Index:
    return sa.Index(
        name, column, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


SUPPLIER = sa.Table(
    "supplier",
    METADATA,
    _key("id"),
    _told("source", Code, server_default="canonical", index=True),
    _code("siret"),
    _told("name"),
    _text("brand"),
    _told("kind", Code),
    _text("legal_form"),
    _code("naf"),
    _code("naf_nomenclature"),
    *map(_text, ("description", "website", "phone", "email")),
    _flag("contact_public"),
    _text("street"),
    _code("post_code"),
    _text("city"),
    *map(_code, ("commune", "department", "region")),
    sa.Column("lat", sa.Float(53)),
    sa.Column("lon", sa.Float(53)),
    sa.Column("location_source", Code),
    sa.Column("employees_insertion", sa.Integer),
    sa.Column("employees_permanent", sa.Integer),
    sa.Column("turnover", sa.BigInteger),
    sa.Column("year_founded", sa.Integer),
    sa.Column("qpv", sa.Boolean),
    sa.Column("zrr", sa.Boolean),
    _told("status", Code, server_default="live", index=True),
    sa.Column("updated_at", sa.Date),
    _told("first_listed_at", UtcDateTime, server_default=sa.func.now()),
    sa.Column("capacity", sa.Integer),
    _text("operator"),
    sa.Column("closed", sa.Boolean),
    sa.Column("takes_orders", sa.Boolean),
    sa.Index(None, "siret", "kind"),
    sa.CheckConstraint("id <> ''", name="id"),
    sa.CheckConstraint("status IN ('live', 'delisted')", name="status"),
    sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point"),
    sa.CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="degrees"),
    sa.CheckConstraint("location_source IN ('given', 'commune')", name="location_source"),
)
"""One supplier; fields as in `indexer.record.Supplier`, the slugs apart."""

ACTIVITY = _child(
    "activity",
    _told("sector", Code),
    _codes("service_types"),
    _told("zone_scope", Code, server_default="none"),
    sa.Column("zone_radius_km", sa.Integer),
    _codes("zone_places"),
    sa.CheckConstraint("zone_scope IN ('country', 'radius', 'places', 'none')", name="zone_scope"),
    sa.CheckConstraint("(zone_scope = 'radius') = (zone_radius_km IS NOT NULL)", name="radius"),
    sa.CheckConstraint("zone_radius_km BETWEEN 1 AND 500", name="radius_km"),
    sa.CheckConstraint("zone_places = '' OR zone_scope = 'places'", name="places"),
)
"""One sector, how it is offered, and where: the zone's scope, radius (km) and places."""

OFFER = _child("offer", _told("name"), _text("description"))
CLIENT_REFERENCE = _child("client_reference", _told("name"))
CODE_LISTS = {one.field: _child(one.name, _told("code", Code)) for one in CODED}
"""Field of the record → the table of its codes."""

JOB = _child(
    "job", _told("rome", Code), _text("title"), _code("source"), sa.Column("seen", sa.Date)
)
"""A job that it hires for, by its ROME code; `source` says so, `seen` when."""

SITE_TRADE = _child(
    "site_trade",
    _told("sector", Code),
    _text("words"),
    _text("address"),
    sa.Column("seen", sa.Date),
)
"""A sector that its own website tells of."""

CONTRACT = _child(
    "contract",
    _told("object"),
    _code("cpv"),
    _text("buyer"),
    _code("source"),
    sa.Column("won", sa.Date),
    sa.Column("amount", sa.BigInteger),
    sa.Column("reserved", sa.Boolean),
)
"""A public contract that it won; `amount` in euros."""

PROVENANCE = _child(
    "provenance", _told("source", Code, index=True), sa.Column("seen", sa.Date), _codes("fields")
)
"""A further source that tells of a supplier, when it did, and which fields are its own."""

SLUG = sa.Table(
    "supplier_slug",
    METADATA,
    _key("slug"),
    _of_supplier(),
    _code("name_key"),
    _told("current", sa.Boolean),
    _partial("uq_supplier_slug_current", "supplier_id", "current", unique=True),
)
"""Every slug a supplier has had; one is current. One table, so that no one can take another's old
address.

`name_key` is the folded name that the slug was made from: another name, another slug.
"""

PENDING = sa.text("settled_revision < revision AND NOT dead")
"""What is pending, word for word the condition of the partial index, without which SQLite would not
use it.
"""

LEDGER = sa.Table(
    "change_ledger",
    METADATA,
    _key("supplier_id"),
    _told("revision", sa.BigInteger),
    _told("deleted", sa.Boolean),
    _told("queued_at", UtcDateTime),
    _told("settled_revision", sa.BigInteger, server_default="0"),
    sa.Column("lease_token", Code),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("not_before", UtcDateTime),
    _told("attempts", sa.Integer, server_default="0"),
    sa.Column("error", sa.Text),
    _flag("dead"),
    _partial("ix_change_ledger_pending", "revision", PENDING.text),
    _partial("ix_change_ledger_leased", "lease_until", "lease_until IS NOT NULL"),
    _partial("ix_change_ledger_dead", "supplier_id", "dead"),
)
"""What the index has yet to learn: one row per supplier id ever seen, written by triggers.

No foreign key: the row outlives its supplier, so that a deletion can still be told. `revision`
rises with every real change; the row is pending while `settled_revision` is below it. A worker
holds a row while `lease_until` is to come; `attempts` counts the claims since the last change or
success. `queued_at`: pending since.
"""

CHECK = sa.Table(
    "last_check",
    METADATA,
    _key("kind"),
    _told("differences", sa.Integer),
    _told("checked", sa.Integer),
    _told("checked_at", UtcDateTime),
)
"""What the last check of the index found: a row for each kind of difference, zeros included."""

PULL = sa.Table(
    "last_pull",
    METADATA,
    _key("source"),
    _told("records", sa.Integer),
    sa.Column("pulled_at", UtcDateTime),
    _text("alarm"),
)
"""What the last pull of a source found, and why a later one was not taken for right."""

MERGED = sa.Table(
    "merged",
    METADATA,
    _key("absorbed_id"),
    _told("into_id", Code, index=True),
    _told("before"),
    _told("merged_at", UtcDateTime),
)
"""A supplier that was merged into another, which keeps its place; `before`: the other as it was, in
JSON.
"""

CORRECTION = sa.Table(
    "correction",
    METADATA,
    _key("id"),
    _told("supplier_id", Code, index=True),
    _told("content"),
    _told("asked_at", UtcDateTime),
    sa.Column("before", sa.Text),
)
"""What a supplier says of itself (`content`: a query string). `before`: the record as it was, in
JSON, once this holds; null while it waits for the operator.
"""

ALERT = sa.Table(
    "alert",
    METADATA,
    _key("id"),
    _told("address"),
    _told("address_key", Code, index=True),
    _told("lang", Code),
    _told("every", Code),
    _told("search"),
    _told("taken_at", UtcDateTime),
    sa.Column("confirmed_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    _code("ended_why"),
    sa.Column("due_at", UtcDateTime, index=True),
    sa.Column("known", sa.LargeBinary),
    sa.Column("asked_at", UtcDateTime, index=True),
)
"""A search followed by e-mail; of `every` "once", a record to correct. `address_key`: the mailbox
as limits count it. `search`: a query string.

`asked_at`: when the mail whose link confirms it was queued; null while limits hold that mail back.
`confirmed_at` is null until that link was followed, `ended_at` until the alert was stopped;
`ended_why`: stopped, bounced. `due_at`: when a digest is due. `known`: hashes of the ids of
suppliers that were there already or were told (`indexer.alerts.subscriptions`), null before the
first look.
"""

ALERT_MAIL = sa.Table(
    "alert_mail",
    METADATA,
    _key("id"),
    sa.Column(
        "alert_id", Code, sa.ForeignKey("alert.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    _told("kind", Code),
    _told("content"),
    _told("made_at", UtcDateTime),
    _told("not_before", UtcDateTime, index=True),
    _told("attempts", sa.Integer, server_default="0"),
    sa.Column("lease_token", Code),
    sa.Column("lease_until", UtcDateTime),
)
"""A mail that waits to be sent, and goes when it was. `content`: JSON; `kind`: opt_in, digest,
link.

Who sends it holds it until `lease_until`; a try that failed waits until `not_before`.
"""

ALERT_TALLY = sa.Table("alert_tally", METADATA, _key("outcome"), _told("mails", sa.BigInteger))
"""How many mails of alerts came to an end: sent, bounced, given up."""
