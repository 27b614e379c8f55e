"""When a mailbox was asked to confirm an alert; mails no longer hold a search's title, so nor does the store."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("alert", sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE alert SET asked_at = taken_at")
    op.create_index("ix_alert_asked_at", "alert", ["asked_at"])
    op.drop_column("alert", "title")
