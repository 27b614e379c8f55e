"""`indexer migrate`, `delist`, `restore`, `duplicates`, `merge` and `split`: the store by itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import click
from sqlalchemy import Connection, select

from indexer.commands.common import command, fail, make_context, open_context
from indexer.intake import merging
from indexer.intake.merging import Known, pairs
from indexer.record import LocationSource, Status
from indexer.sources.enabled import precedence
from indexer.store import repository
from indexer.store.engine import migrate as upgrade
from indexer.store.engine import reading
from indexer.store.models import SUPPLIER


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
    click.echo(
        f"{supplier_id} is delisted; `indexer sync` or a running worker takes it out of the index"
    )


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


WHY = {
    "siret": "same SIRET",
    "siren": "same SIREN and commune",
    "name": "near names, less than 500 m apart",
}


@click.command("duplicates")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
@command
def duplicates(as_json: bool) -> None:
    """Pairs of live suppliers of one kind, from different sources, that may be one structure, the
    surest first. Nothing is changed: `indexer merge A B` joins a pair. Exit code 1 when there are
    any.
    """
    with reading(make_context().store) as connection:
        found = pairs(_known(connection))
    for one in found:
        if as_json:
            said = {"one": one.one.id, "other": one.other.id, "why": one.why}
            click.echo(
                json.dumps(said | {"names": [one.one.name, one.other.name]}, ensure_ascii=False)
            )
        else:
            click.echo(f"{one.one.id} {one.other.id}: {WHY[one.why]}")
            for each in (one.one, one.other):
                click.echo(f"  {each.source}: {each.name}, {each.kind}, {each.siret or 'no SIRET'}")
    if found:
        raise SystemExit(1)


def _known(connection: Connection) -> Iterator[Known]:
    columns = ("id", "source", "siret", "kind", "name", "commune", "lat", "lon", "location_source")
    query = select(*(SUPPLIER.c[name] for name in columns)).where(
        SUPPLIER.c.status == Status.LIVE.value
    )
    for row in connection.execute(query.order_by(SUPPLIER.c.id)):
        own = row.location_source == LocationSource.GIVEN.value and None not in (row.lat, row.lon)
        point = (row.lat, row.lon) if own else None
        yield Known(row.id, row.source, row.siret, row.kind, row.name, row.commune, point)


@click.command("merge")
@click.argument("into_id", metavar="A")
@click.argument("absorbed_id", metavar="B")
@command
def merge_command(into_id: str, absorbed_id: str) -> None:
    """Make one supplier of A and B, under A's id: each field of the source that is believed on it,
    both provenances kept. B is delisted; what its source tells later goes to A. `indexer split B`
    gives both back.
    """
    context = make_context()
    believed = precedence(context.settings.home)
    with context.store.begin() as connection:
        after = merging.join(connection, into_id, absorbed_id, believed, datetime.now(UTC))
    sources = ", ".join((after.source, *(one.source for one in after.provenance)))
    click.echo(
        f"{absorbed_id} is merged into {into_id} ({sources}); `indexer split {absorbed_id}` undoes it"
    )


@click.command("split")
@click.argument("absorbed_id", metavar="B")
@command
def split(absorbed_id: str) -> None:
    """Undo `indexer merge A B`: both are live again, each with what is its own."""
    with make_context().store.begin() as connection:
        into, back = merging.part(connection, absorbed_id, datetime.now(UTC))
    click.echo(f"{into} and {back} are two suppliers again")
