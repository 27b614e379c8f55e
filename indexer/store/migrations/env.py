"""Alembic's environment; run by `indexer.store.migrate`, which hands over the connection."""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from indexer.store import triggers
from indexer.store.models import METADATA


def reinstall(ctx: Any, *_: Any, **__: Any) -> None:
    """After each step, up or down: batch mode rebuilds a table without its triggers, and says
    nothing.

    Hence a migration that changes data after it rebuilt a table, in the same step, would not be
    heard: use two steps.
    """
    triggers.install(ctx.connection)


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    # Alembic assumes that SQLite has none; our engine begins transactions itself
    transactional_ddl=True,
    render_as_batch=True,
    on_version_apply=reinstall,
)
context.run_migrations()
