"""Where migrations begin. Nothing was released before (docs/decisions/0032)."""

revision = "0011"
down_revision = None


def upgrade() -> None:
    """Nothing: who has no store yet gets the tables of today (`indexer.store.engine.migrate`)."""
