"""The store's tables: the supplier, its children, and the change ledger.

`supplier.id` is the only key of a company: SIRET and name are not unique. Everything but `id`, `name` and `kind` has
a default in the database, so that any program's plain SQL can add a supplier. Each child row has its own `id` and a
`position`, its rank in the record. Times are UTC. The triggers that feed the ledger are in `triggers.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
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
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


def _text() -> Mapped[str]:
    return mapped_column(Text, server_default="")


def _code() -> Mapped[str]:
    return mapped_column(Code, server_default="")


def _parent() -> Mapped[str]:
    # ON UPDATE CASCADE: a supplier's id may be corrected by SQL; its children follow, and both ids are queued.
    return mapped_column(
        Code, ForeignKey("supplier.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False, index=True
    )


def _position() -> Mapped[int]:
    return mapped_column(server_default="0")


class SupplierRow(Base):
    """One supplier; fields as in `indexer.record.Supplier`, the slugs apart."""

    __tablename__ = "supplier"

    id: Mapped[str] = mapped_column(Code, primary_key=True)
    source: Mapped[str] = mapped_column(Code, server_default="canonical", index=True)
    siret: Mapped[str] = _code()
    name: Mapped[str] = mapped_column(Text)
    brand: Mapped[str] = _text()
    kind: Mapped[str] = mapped_column(Code)
    legal_form: Mapped[str] = _text()
    naf: Mapped[str] = _code()
    naf_nomenclature: Mapped[str] = _code()
    description: Mapped[str] = _text()
    website: Mapped[str] = _text()
    phone: Mapped[str] = _text()
    email: Mapped[str] = _text()
    contact_public: Mapped[bool] = mapped_column(Boolean, server_default=false())
    street: Mapped[str] = _text()
    post_code: Mapped[str] = _code()
    city: Mapped[str] = _text()
    commune: Mapped[str] = _code()
    department: Mapped[str] = _code()
    region: Mapped[str] = _code()
    lat: Mapped[float | None] = mapped_column(Float(53))
    lon: Mapped[float | None] = mapped_column(Float(53))
    location_source: Mapped[str | None] = mapped_column(Code)
    employees_insertion: Mapped[int | None]
    employees_permanent: Mapped[int | None]
    turnover: Mapped[int | None] = mapped_column(BigInteger)
    year_founded: Mapped[int | None]
    qpv: Mapped[bool | None]
    zrr: Mapped[bool | None]
    status: Mapped[str] = mapped_column(Code, server_default="live", index=True)
    updated_at: Mapped[date | None]
    first_listed_at: Mapped[datetime] = mapped_column(UtcDateTime, server_default=func.now())
    capacity: Mapped[int | None]
    operator: Mapped[str] = _text()
    closed: Mapped[bool | None]

    __table_args__ = (
        Index(None, "siret", "kind"),
        CheckConstraint("id <> ''", name="id"),
        CheckConstraint("status IN ('live', 'delisted')", name="status"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="degrees"),
        CheckConstraint("location_source IN ('given', 'commune')", name="location_source"),
    )


class ActivityRow(Base):
    """One sector, how it is offered, and where: the zone's scope, radius (km) and places."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    sector: Mapped[str] = mapped_column(Code)
    service_types: Mapped[tuple[str, ...]] = mapped_column(Codes, server_default="")
    zone_scope: Mapped[str] = mapped_column(Code, server_default="none")
    zone_radius_km: Mapped[int | None]
    zone_places: Mapped[tuple[str, ...]] = mapped_column(Codes, server_default="")

    __table_args__ = (
        CheckConstraint("zone_scope IN ('country', 'radius', 'places', 'none')", name="zone_scope"),
        CheckConstraint("(zone_scope = 'radius') = (zone_radius_km IS NOT NULL)", name="radius"),
        CheckConstraint("zone_radius_km BETWEEN 1 AND 500", name="radius_km"),
        CheckConstraint("zone_places = '' OR zone_scope = 'places'", name="places"),
    )


class OfferRow(Base):
    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = _text()


def _code_list(name: str) -> Table:
    """The table of one list of codes: a row a code that a supplier holds."""
    return Table(
        name,
        Base.metadata,
        Column("id", RowId, primary_key=True),
        Column(
            "supplier_id",
            Code,
            ForeignKey("supplier.id", ondelete="CASCADE", onupdate="CASCADE"),
            nullable=False,
            index=True,
        ),
        Column("position", Integer, nullable=False, server_default="0"),
        Column("code", Code, nullable=False),
    )


CODE_LISTS = {one.field: _code_list(one.name) for one in CODED}
"""Field of the record → the table of its codes."""


class ClientReferenceRow(Base):
    __tablename__ = "client_reference"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    name: Mapped[str] = mapped_column(Text)


class JobRow(Base):
    """A job that it hires for, by its ROME code; `source` says so, `seen` when."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    rome: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = _text()
    source: Mapped[str] = _code()
    seen: Mapped[date | None]


class SiteTradeRow(Base):
    """A sector that its own website tells of."""

    __tablename__ = "site_trade"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    sector: Mapped[str] = mapped_column(Code)
    words: Mapped[str] = _text()
    address: Mapped[str] = _text()
    seen: Mapped[date | None]


class ContractRow(Base):
    """A public contract that it won; `amount` in euros."""

    __tablename__ = "contract"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    object: Mapped[str] = mapped_column(Text)
    cpv: Mapped[str] = _code()
    buyer: Mapped[str] = _text()
    source: Mapped[str] = _code()
    won: Mapped[date | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    reserved: Mapped[bool | None]


class ProvenanceRow(Base):
    """A further source that tells of a supplier, when it did, and which fields are its own."""

    __tablename__ = "provenance"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    position: Mapped[int] = _position()
    source: Mapped[str] = mapped_column(Code, index=True)
    seen: Mapped[date | None]
    fields: Mapped[tuple[str, ...]] = mapped_column(Codes, server_default="")


class SlugRow(Base):
    """Every slug a supplier has had; one is current. One table, so that no one can take another's old address.

    `name_key` is the folded name that the slug was made from: another name, another slug.
    """

    __tablename__ = "supplier_slug"

    slug: Mapped[str] = mapped_column(Code, primary_key=True)
    supplier_id: Mapped[str] = _parent()
    name_key: Mapped[str] = _code()
    current: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index(
            "uq_supplier_slug_current",
            "supplier_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )


# What the ledger's index and its readers call pending.
PENDING = "settled_revision < revision AND NOT dead"


class LedgerRow(Base):
    """What the index has yet to learn: one row per supplier id ever seen, written by triggers.

    No foreign key: the row outlives its supplier, so that a deletion can still be told. `revision` rises with every
    real change; the row is pending while `settled_revision` is below it. A worker holds a row while `lease_until` is
    to come; `attempts` counts the claims since the last change or success. `queued_at`: pending since.
    """

    __tablename__ = "change_ledger"

    supplier_id: Mapped[str] = mapped_column(Code, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool] = mapped_column(Boolean)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_revision: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lease_token: Mapped[str | None] = mapped_column(Code)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
    dead: Mapped[bool] = mapped_column(Boolean, server_default=false())

    __table_args__ = (
        Index(
            "ix_change_ledger_pending",
            "revision",
            sqlite_where=text(PENDING),
            postgresql_where=text(PENDING),
        ),
        Index(
            "ix_change_ledger_leased",
            "lease_until",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
        Index(
            "ix_change_ledger_dead",
            "supplier_id",
            sqlite_where=text("dead"),
            postgresql_where=text("dead"),
        ),
    )


class CheckRow(Base):
    """What the last check of the index found: a row for each kind of difference, zeros included."""

    __tablename__ = "last_check"

    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    differences: Mapped[int]
    checked: Mapped[int]
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PullRow(Base):
    """What the last pull of a source found, and why a later one was not taken for right."""

    __tablename__ = "last_pull"

    source: Mapped[str] = mapped_column(Code, primary_key=True)
    records: Mapped[int]
    pulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    alarm: Mapped[str] = _text()


class MergeRow(Base):
    """A supplier that was merged into another, which keeps its place; `before`: the other as it was, in JSON."""

    __tablename__ = "merged"

    absorbed_id: Mapped[str] = mapped_column(Code, primary_key=True)
    into_id: Mapped[str] = mapped_column(Code, index=True)
    before: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AlertRow(Base):
    """A search followed by e-mail. `address_key`: the mailbox as limits count it. `search`: a query string.

    `asked_at`: when the mail whose link confirms it was queued; null while limits hold that mail back. `confirmed_at`
    is null until that link was followed, `ended_at` until the alert was stopped; `ended_why`: stopped, bounced.
    `due_at`: when a digest is due. `known`: hashes of the ids of suppliers that were there already or were told
    (`indexer.alerts.subscriptions`), null before the first look.
    """

    __tablename__ = "alert"

    id: Mapped[str] = mapped_column(Code, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(Code, index=True)
    lang: Mapped[str] = mapped_column(Code)
    every: Mapped[str] = mapped_column(Code)
    search: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str] = _code()
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    known: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (CheckConstraint("every IN ('day', 'week')", name="every"),)


class AlertMailRow(Base):
    """A mail that waits to be sent, and goes when it was. `content`: JSON; `kind`: opt_in, digest.

    Who sends it holds it until `lease_until`; a try that failed waits until `not_before`.
    """

    __tablename__ = "alert_mail"

    id: Mapped[str] = mapped_column(Code, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Code, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False, index=True)
    kind: Mapped[str] = mapped_column(Code)
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_token: Mapped[str | None] = mapped_column(Code)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AlertTallyRow(Base):
    """How many mails of alerts came to an end: sent, bounced, given up."""

    __tablename__ = "alert_tally"

    outcome: Mapped[str] = mapped_column(Code, primary_key=True)
    mails: Mapped[int] = mapped_column(BigInteger)
