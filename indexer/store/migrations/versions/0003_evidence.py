"""What tells of a supplier's trades besides itself: jobs that it hires for, public contracts that it won."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def code() -> Any:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def blank(name: str, kind: Any = None) -> sa.Column[Any]:
    return sa.Column(name, kind or sa.Text(), server_default="", nullable=False)


def child(table: str, *columns: sa.Column[Any]) -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        table,
        sa.Column("id", row_id, nullable=False),
        sa.Column("supplier_id", code(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=f"fk_{table}_supplier_id",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
    )
    op.create_index(f"ix_{table}_supplier_id", table, ["supplier_id"])


def upgrade() -> None:
    child(
        "job",
        sa.Column("rome", code(), nullable=False),
        blank("title"),
        blank("source", code()),
        sa.Column("seen", sa.Date()),
    )
    child(
        "contract",
        sa.Column("object", sa.Text(), nullable=False),
        blank("cpv", code()),
        blank("buyer"),
        blank("source", code()),
        sa.Column("won", sa.Date()),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("reserved", sa.Boolean()),
    )


def downgrade() -> None:
    op.drop_table("contract")
    op.drop_table("job")
