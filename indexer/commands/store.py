"""`indexer migrate`, `delist` and `restore`: the store by itself."""

from __future__ import annotations

import click

from indexer.commands.common import command, fail, make_context, open_context
from indexer.store import repository
from indexer.store.migrate import migrate as upgrade


@click.command("migrate")
@command
def migrate() -> None:
    """Make or upgrade the store's tables and triggers."""
    click.echo(f"store at revision {upgrade(open_context().store)}")


@click.command("delist")
@click.argument("supplier_id", metavar="ID")
@command
def delist(supplier_id: str) -> None:
    """Take a supplier out of the answers; its address then says that it is gone."""
    with make_context().store.begin() as connection:
        done = repository.delist(connection, supplier_id)
    if not done:
        fail(f"no live supplier has the id {supplier_id}")
    click.echo(f"{supplier_id} is delisted; `indexer sync` or a running worker takes it out of the index")


@click.command("restore")
@click.argument("supplier_id", metavar="ID")
@command
def restore(supplier_id: str) -> None:
    """Undo `delist`."""
    with make_context().store.begin() as connection:
        done = repository.restore(connection, supplier_id)
    if not done:
        fail(f"no delisted supplier has the id {supplier_id}")
    click.echo(f"{supplier_id} is live again")
