"""What the last check of the index found."""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import code, time

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "last_check",
        sa.Column("kind", code(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("checked_at", time(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_last_check"),
    )
