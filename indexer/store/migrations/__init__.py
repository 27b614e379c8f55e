"""What migrations are made of: columns as the store has them, tables of a supplier's children. (Alembic runs `env.py`.)

There is no way down: an older program goes with the store from before its upgrade.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op


def code() -> Any:
    """Text that sorts by code point."""
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def blank(name: str, kind: Any = None) -> sa.Column[Any]:
    """A text, `kind` if not any, that is empty unless told."""
    return sa.Column(name, kind or sa.Text(), server_default="", nullable=False)


def child(table: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    """Make a table whose rows belong to a supplier, follow its id and die with it, in their order."""
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
