"""Which further sources tell of a supplier, and which suppliers were merged."""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import blank, child, code, time

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    child(
        "provenance",
        sa.Column("source", code(), nullable=False),
        sa.Column("seen", sa.Date()),
        blank("fields"),
    )
    op.create_index("ix_provenance_source", "provenance", ["source"])
    op.create_table(
        "merged",
        sa.Column("absorbed_id", code(), nullable=False),
        sa.Column("into_id", code(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("merged_at", time(), nullable=False),
        sa.PrimaryKeyConstraint("absorbed_id", name="pk_merged"),
    )
    op.create_index("ix_merged_into_id", "merged", ["into_id"])
