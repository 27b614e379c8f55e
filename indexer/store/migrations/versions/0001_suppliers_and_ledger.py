"""Suppliers, their children, and the change ledger.

The counter and the triggers are not here: the environment installs them from `indexer.store.triggers` after each step.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import blank, child, code, time

revision = "0001"
down_revision = None

PENDING = "settled_revision < revision AND NOT dead"


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def partial(name: str, table: str, column: str, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", code(), nullable=False),
        sa.Column("source", code(), server_default="canonical", nullable=False),
        blank("siret", code()),
        sa.Column("name", sa.Text(), nullable=False),
        blank("brand"),
        sa.Column("kind", code(), nullable=False),
        blank("legal_form"),
        blank("naf", code()),
        blank("naf_nomenclature", code()),
        blank("description"),
        blank("website"),
        blank("phone"),
        blank("email"),
        flag("contact_public"),
        blank("street"),
        blank("post_code", code()),
        blank("city"),
        blank("commune", code()),
        blank("department", code()),
        blank("region", code()),
        sa.Column("lat", sa.Float(53)),
        sa.Column("lon", sa.Float(53)),
        sa.Column("location_source", code()),
        sa.Column("employees_insertion", sa.Integer()),
        sa.Column("employees_permanent", sa.Integer()),
        sa.Column("turnover", sa.BigInteger()),
        sa.Column("year_founded", sa.Integer()),
        sa.Column("qpv", sa.Boolean()),
        sa.Column("zrr", sa.Boolean()),
        sa.Column("status", code(), server_default="live", nullable=False),
        sa.Column("updated_at", sa.Date()),
        sa.Column("first_listed_at", time(), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supplier"),
        sa.CheckConstraint("id <> ''", name=op.f("ck_supplier_id")),
        sa.CheckConstraint("status IN ('live', 'delisted')", name=op.f("ck_supplier_status")),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_supplier_point")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("ck_supplier_degrees")),
        sa.CheckConstraint("location_source IN ('given', 'commune')", name=op.f("ck_supplier_location_source")),
    )
    op.create_index("ix_supplier_siret_kind", "supplier", ["siret", "kind"])
    op.create_index("ix_supplier_source", "supplier", ["source"])
    op.create_index("ix_supplier_status", "supplier", ["status"])
    child(
        "activity",
        sa.Column("sector", code(), nullable=False),
        blank("service_types"),
        sa.Column("zone_scope", code(), server_default="none", nullable=False),
        sa.Column("zone_radius_km", sa.Integer()),
        blank("zone_places"),
        sa.CheckConstraint(
            "zone_scope IN ('country', 'radius', 'places', 'none')", name=op.f("ck_activity_zone_scope")
        ),
        sa.CheckConstraint("(zone_scope = 'radius') = (zone_radius_km IS NOT NULL)", name=op.f("ck_activity_radius")),
        sa.CheckConstraint("zone_radius_km BETWEEN 1 AND 500", name=op.f("ck_activity_radius_km")),
        sa.CheckConstraint("zone_places = '' OR zone_scope = 'places'", name=op.f("ck_activity_places")),
    )
    child("offer", sa.Column("name", sa.Text(), nullable=False), blank("description"))
    child("certification", sa.Column("code", code(), nullable=False))
    child("network", sa.Column("code", code(), nullable=False))
    child("client_reference", sa.Column("name", sa.Text(), nullable=False))
    child(
        "supplier_slug",
        blank("name_key", code()),
        sa.Column("current", sa.Boolean(), nullable=False),
        key=sa.Column("slug", code(), nullable=False),
    )
    partial("uq_supplier_slug_current", "supplier_slug", "supplier_id", "current", unique=True)
    op.create_table(
        "change_ledger",
        sa.Column("supplier_id", code(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("queued_at", time(), nullable=False),
        sa.Column("settled_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_token", code()),
        sa.Column("lease_until", time()),
        sa.Column("not_before", time()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        flag("dead"),
        sa.PrimaryKeyConstraint("supplier_id", name="pk_change_ledger"),
    )
    partial("ix_change_ledger_pending", "change_ledger", "revision", PENDING)
    partial("ix_change_ledger_leased", "change_ledger", "lease_until", "lease_until IS NOT NULL")
    partial("ix_change_ledger_dead", "change_ledger", "supplier_id", "dead")
