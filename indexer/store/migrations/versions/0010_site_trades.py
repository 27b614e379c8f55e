"""Sectors that suppliers' own websites tell of."""

import sqlalchemy as sa

from indexer.store.migrations import blank, child, code

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    child(
        "site_trade",
        sa.Column("sector", code(), nullable=False),
        blank("words"),
        blank("address"),
        sa.Column("seen", sa.Date()),
    )
