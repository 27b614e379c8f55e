"""The store's tables: the supplier, its children, and the change ledger. (Tables: objects would be ten times slower.)

`supplier.id` is the only key of a company: SIRET and name are not unique. Everything but `id`, `name` and `kind` has
a default in the database, so that any program's plain SQL can add a supplier. Each child row has its own `id` and a
`position`, its rank in the record. Times are UTC. The triggers that feed the ledger are in `triggers.py`.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Constraint,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    func,
    text,
)
from sqlalchemy.types import TypeDecorator

from discovery.model.attributes import CODED

# Ids, codes and slugs sort by code point on both databases, as Python does: writers then lock in one order.
Code = Text().with_variant(Text(collation="C"), "postgresql")

# SQLite's rowid alias must be spelled INTEGER; elsewhere a 64-bit key.
RowId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC. `timestamptz` on PostgreSQL; ISO text without offset, in UTC, on SQLite.

    Raises ValueError for a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The value as it is written: in UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; the store takes aware datetimes only")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The value as it is read: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A short list of codes, kept as text with one space between them: `DISP PREST`.

    Not JSON, so that any program's plain SQL can write it and nothing it writes fails to parse.
    Raises ValueError for a code that is empty or holds white space.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> str:
        """The codes as they are written: joined by blanks. Raises ValueError for one that is empty or holds white
        space."""
        codes = value or ()
        for code in codes:
            if code.split() != [code]:
                raise ValueError(f"{code!r} is not a code: a code is not empty and holds no white space")
        return " ".join(codes)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...]:
        """The codes as they are read; none for an empty text or NULL."""
        return _split(value) if value else ()


@lru_cache(8192)  # the same few lists come back row after row
def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split())


# Every constraint has a name, without which SQLite's batch migrations could not find it.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> Column[Any]:
    return Column(name, Code, primary_key=True)


def _told(name: str, kind: Any = Text, **options: Any) -> Column[Any]:
    """A column that each row tells, or that has a default."""
    return Column(name, kind, nullable=False, **options)


def _text(name: str) -> Column[Any]:
    return _told(name, server_default="")


def _code(name: str) -> Column[Any]:
    return _told(name, Code, server_default="")


def _codes(name: str) -> Column[Any]:
    return _told(name, Codes, server_default="")


def _flag(name: str) -> Column[Any]:
    return _told(name, Boolean, server_default=false())


def _of_supplier() -> Column[Any]:
    # ON UPDATE CASCADE: a supplier's id may be corrected by SQL; its children follow, and both ids are queued.
    parent = ForeignKey("supplier.id", ondelete="CASCADE", onupdate="CASCADE")
    return Column("supplier_id", Code, parent, nullable=False, index=True)


def _child(name: str, *columns: Column[Any] | Constraint) -> Table:
    """A table of which a supplier has any number of rows, in their order."""
    own = (Column("id", RowId, primary_key=True), _of_supplier(), _told("position", Integer, server_default="0"))
    return Table(name, METADATA, *own, *columns)


def _partial(name: str, column: str, where: str, *, unique: bool = False) -> Index:
    return Index(name, column, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


SUPPLIER = Table(
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
    Column("lat", Float(53)),
    Column("lon", Float(53)),
    Column("location_source", Code),
    Column("employees_insertion", Integer),
    Column("employees_permanent", Integer),
    Column("turnover", BigInteger),
    Column("year_founded", Integer),
    Column("qpv", Boolean),
    Column("zrr", Boolean),
    _told("status", Code, server_default="live", index=True),
    Column("updated_at", Date),
    _told("first_listed_at", UtcDateTime, server_default=func.now()),
    Column("capacity", Integer),
    _text("operator"),
    Column("closed", Boolean),
    Column("takes_orders", Boolean),
    Index(None, "siret", "kind"),
    CheckConstraint("id <> ''", name="id"),
    CheckConstraint("status IN ('live', 'delisted')", name="status"),
    CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point"),
    CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="degrees"),
    CheckConstraint("location_source IN ('given', 'commune')", name="location_source"),
)
"""One supplier; fields as in `indexer.record.Supplier`, the slugs apart."""

ACTIVITY = _child(
    "activity",
    _told("sector", Code),
    _codes("service_types"),
    _told("zone_scope", Code, server_default="none"),
    Column("zone_radius_km", Integer),
    _codes("zone_places"),
    CheckConstraint("zone_scope IN ('country', 'radius', 'places', 'none')", name="zone_scope"),
    CheckConstraint("(zone_scope = 'radius') = (zone_radius_km IS NOT NULL)", name="radius"),
    CheckConstraint("zone_radius_km BETWEEN 1 AND 500", name="radius_km"),
    CheckConstraint("zone_places = '' OR zone_scope = 'places'", name="places"),
)
"""One sector, how it is offered, and where: the zone's scope, radius (km) and places."""

OFFER = _child("offer", _told("name"), _text("description"))
CLIENT_REFERENCE = _child("client_reference", _told("name"))
CODE_LISTS = {one.field: _child(one.name, _told("code", Code)) for one in CODED}
"""Field of the record → the table of its codes."""

JOB = _child("job", _told("rome", Code), _text("title"), _code("source"), Column("seen", Date))
"""A job that it hires for, by its ROME code; `source` says so, `seen` when."""

SITE_TRADE = _child("site_trade", _told("sector", Code), _text("words"), _text("address"), Column("seen", Date))
"""A sector that its own website tells of."""

CONTRACT = _child(
    "contract",
    _told("object"),
    _code("cpv"),
    _text("buyer"),
    _code("source"),
    Column("won", Date),
    Column("amount", BigInteger),
    Column("reserved", Boolean),
)
"""A public contract that it won; `amount` in euros."""

PROVENANCE = _child("provenance", _told("source", Code, index=True), Column("seen", Date), _codes("fields"))
"""A further source that tells of a supplier, when it did, and which fields are its own."""

SLUG = Table(
    "supplier_slug",
    METADATA,
    _key("slug"),
    _of_supplier(),
    _code("name_key"),
    _told("current", Boolean),
    _partial("uq_supplier_slug_current", "supplier_id", "current", unique=True),
)
"""Every slug a supplier has had; one is current. One table, so that no one can take another's old address.

`name_key` is the folded name that the slug was made from: another name, another slug.
"""

PENDING = text("settled_revision < revision AND NOT dead")
"""What is pending, word for word the condition of the partial index, without which SQLite would not use it."""

LEDGER = Table(
    "change_ledger",
    METADATA,
    _key("supplier_id"),
    _told("revision", BigInteger),
    _told("deleted", Boolean),
    _told("queued_at", UtcDateTime),
    _told("settled_revision", BigInteger, server_default="0"),
    Column("lease_token", Code),
    Column("lease_until", UtcDateTime),
    Column("not_before", UtcDateTime),
    _told("attempts", Integer, server_default="0"),
    Column("error", Text),
    _flag("dead"),
    _partial("ix_change_ledger_pending", "revision", PENDING.text),
    _partial("ix_change_ledger_leased", "lease_until", "lease_until IS NOT NULL"),
    _partial("ix_change_ledger_dead", "supplier_id", "dead"),
)
"""What the index has yet to learn: one row per supplier id ever seen, written by triggers.

No foreign key: the row outlives its supplier, so that a deletion can still be told. `revision` rises with every
real change; the row is pending while `settled_revision` is below it. A worker holds a row while `lease_until` is
to come; `attempts` counts the claims since the last change or success. `queued_at`: pending since.
"""

CHECK = Table(
    "last_check",
    METADATA,
    _key("kind"),
    _told("differences", Integer),
    _told("checked", Integer),
    _told("checked_at", UtcDateTime),
)
"""What the last check of the index found: a row for each kind of difference, zeros included."""

PULL = Table(
    "last_pull",
    METADATA,
    _key("source"),
    _told("records", Integer),
    Column("pulled_at", UtcDateTime),
    _text("alarm"),
)
"""What the last pull of a source found, and why a later one was not taken for right."""

MERGED = Table(
    "merged",
    METADATA,
    _key("absorbed_id"),
    _told("into_id", Code, index=True),
    _told("before"),
    _told("merged_at", UtcDateTime),
)
"""A supplier that was merged into another, which keeps its place; `before`: the other as it was, in JSON."""

CORRECTION = Table(
    "correction",
    METADATA,
    _key("id"),
    _told("supplier_id", Code, index=True),
    _told("content"),
    _told("asked_at", UtcDateTime),
    Column("before", Text),
)
"""What a supplier says of itself (`content`: a query string). `before`: the record as it was, in JSON, once this holds;
null while it waits for the operator."""

ALERT = Table(
    "alert",
    METADATA,
    _key("id"),
    _told("address"),
    _told("address_key", Code, index=True),
    _told("lang", Code),
    _told("every", Code),
    _told("search"),
    _told("taken_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    _code("ended_why"),
    Column("due_at", UtcDateTime, index=True),
    Column("known", LargeBinary),
    Column("asked_at", UtcDateTime, index=True),
)
"""A search followed by e-mail; of `every` "once", a record to correct. `address_key`: the mailbox as limits count it.
`search`: a query string.

`asked_at`: when the mail whose link confirms it was queued; null while limits hold that mail back. `confirmed_at`
is null until that link was followed, `ended_at` until the alert was stopped; `ended_why`: stopped, bounced.
`due_at`: when a digest is due. `known`: hashes of the ids of suppliers that were there already or were told
(`indexer.alerts.subscriptions`), null before the first look.
"""

ALERT_MAIL = Table(
    "alert_mail",
    METADATA,
    _key("id"),
    Column("alert_id", Code, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False, index=True),
    _told("kind", Code),
    _told("content"),
    _told("made_at", UtcDateTime),
    _told("not_before", UtcDateTime, index=True),
    _told("attempts", Integer, server_default="0"),
    Column("lease_token", Code),
    Column("lease_until", UtcDateTime),
)
"""A mail that waits to be sent, and goes when it was. `content`: JSON; `kind`: opt_in, digest, link.

Who sends it holds it until `lease_until`; a try that failed waits until `not_before`.
"""

ALERT_TALLY = Table("alert_tally", METADATA, _key("outcome"), _told("mails", BigInteger))
"""How many mails of alerts came to an end: sent, bounced, given up."""
