"""Searches that are followed by e-mail, and the mails that wait to be sent."""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import code, time

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", code(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", code(), nullable=False),
        sa.Column("lang", code(), nullable=False),
        sa.Column("every", code(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("taken_at", time(), nullable=False),
        sa.Column("confirmed_at", time()),
        sa.Column("ended_at", time()),
        sa.Column("ended_why", code(), server_default="", nullable=False),
        sa.Column("due_at", time()),
        sa.Column("known", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.CheckConstraint("every IN ('day', 'week')", name="every"),
    )
    op.create_index("ix_alert_address_key", "alert", ["address_key"])
    op.create_index("ix_alert_due_at", "alert", ["due_at"])
    op.create_table(
        "alert_mail",
        sa.Column("id", code(), nullable=False),
        sa.Column("alert_id", code(), nullable=False),
        sa.Column("kind", code(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("not_before", time(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", code()),
        sa.Column("lease_until", time()),
        sa.PrimaryKeyConstraint("id", name="pk_alert_mail"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_mail_alert_id", ondelete="CASCADE"),
    )
    op.create_index("ix_alert_mail_alert_id", "alert_mail", ["alert_id"])
    op.create_index("ix_alert_mail_not_before", "alert_mail", ["not_before"])
