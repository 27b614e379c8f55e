"""What suppliers say of themselves, and whether they take orders; mails that are sent once."""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import code

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("supplier", sa.Column("takes_orders", sa.Boolean()))
    op.create_table(
        "correction",
        sa.Column("id", code(), nullable=False),
        sa.Column("supplier_id", code(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_supplier_id", "correction", ["supplier_id"])
    with op.batch_alter_table("alert") as batch:
        batch.drop_constraint(op.f("ck_alert_every"), type_="check")
