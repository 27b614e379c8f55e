"""What tells of a supplier's trades besides itself: jobs that it hires for, public contracts that it won."""

import sqlalchemy as sa

from indexer.store.migrations import blank, child, code

revision = "0003"
down_revision = "0002"


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
