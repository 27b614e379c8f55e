"""Which further sources tell of a supplier, and which suppliers were merged."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def code() -> Any:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "provenance",
        sa.Column("id", row_id, nullable=False),
        sa.Column("supplier_id", code(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("source", code(), nullable=False),
        sa.Column("seen", sa.Date()),
        sa.Column("fields", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provenance"),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name="fk_provenance_supplier_id",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
    )
    op.create_index("ix_provenance_supplier_id", "provenance", ["supplier_id"])
    op.create_index("ix_provenance_source", "provenance", ["source"])
    op.create_table(
        "merged",
        sa.Column("absorbed_id", code(), nullable=False),
        sa.Column("into_id", code(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("absorbed_id", name="pk_merged"),
    )
    op.create_index("ix_merged_into_id", "merged", ["into_id"])


def downgrade() -> None:
    op.drop_table("merged")
    op.drop_table("provenance")
