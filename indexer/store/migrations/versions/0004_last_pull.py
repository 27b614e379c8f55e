"""What the last pull of each source found."""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import blank, code, time

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "last_pull",
        sa.Column("source", code(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("pulled_at", time()),
        blank("alarm"),
        sa.PrimaryKeyConstraint("source", name="pk_last_pull"),
    )
