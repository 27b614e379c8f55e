"""What the last pull of each source found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_pull",
        sa.Column("source", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("pulled_at", sa.DateTime(timezone=True)),
        sa.Column("alarm", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_last_pull"),
    )


def downgrade() -> None:
    op.drop_table("last_pull")
