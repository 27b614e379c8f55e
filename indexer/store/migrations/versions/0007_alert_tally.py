"""How many mails of alerts came to which end."""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import code

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "alert_tally",
        sa.Column("outcome", code(), nullable=False),
        sa.Column("mails", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("outcome", name="pk_alert_tally"),
    )
