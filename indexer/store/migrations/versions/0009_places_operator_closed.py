"""Authorised places, who runs the place, whether a register says that it is closed.

Who runs it stood in the description of establishments of FINESS that had none.
"""

import sqlalchemy as sa
from alembic import op

from indexer.store.migrations import blank

revision = "0009"
down_revision = "0008"

_START = "Géré par "


def upgrade() -> None:
    op.add_column("supplier", sa.Column("capacity", sa.Integer()))
    op.add_column("supplier", blank("operator"))
    op.add_column("supplier", sa.Column("closed", sa.Boolean()))
    op.execute(
        f"UPDATE supplier SET operator = substr(description, {len(_START) + 1}, "
        f"length(description) - {len(_START) + 1}), description = '' "
        f"WHERE source = 'esat-finess' AND description LIKE '{_START}%.'"
    )
