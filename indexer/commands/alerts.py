"""`indexer alerts`: searches that are followed by e-mail; `indexer corrections`: records, by who
they are of.
"""

import click

from discovery.mappings import mailbox
from indexer.alerts import corrections, subscriptions
from indexer.alerts.run import Alerts
from indexer.commands.common import command, fail, make_context
from indexer.lock import utc
from indexer.store.engine import reading


@click.group("alerts")
def alerts() -> None:
    """Searches that are followed by e-mail: run a pass, list, erase, or note a bounce."""


@alerts.command("run")
@command
def run_command() -> None:
    """Take up what the service handed over, look at the searches that are due, send mails; once.

    `indexer worker` does so twice a minute. A mail server or a service that is away is exit code 2:
    nothing is lost.
    """
    context = make_context()
    click.echo(Alerts(context.store, context.settings).run().line() or "nothing to do")


@alerts.command("list")
@click.option("--addresses", is_flag=True, help="Show addresses whole.")
@command
def list_command(addresses: bool) -> None:
    """Every subscription: state, rhythm, mailbox (masked), search."""
    store = make_context().store
    for one in subscriptions.listed(store):
        address = one["address"] if addresses else mailbox.masked(one["address"])
        click.echo(f"{_state(one)}  every {one['every']}  {address}  {one['search']}")
    counts = subscriptions.counts(store)
    click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))


@alerts.command("erase")
@click.argument("address")
@command
def erase(address: str) -> None:
    """Erase at once all that is kept of ADDRESS: whoever asks for it has the right to."""
    click.echo(
        f"{subscriptions.erase(make_context().store, _mailbox(address))} subscriptions erased"
    )


@alerts.command("bounced")
@click.argument("address")
@command
def bounced(address: str) -> None:
    """Note that mails to ADDRESS come back: nothing more is sent to it."""
    number = subscriptions.bounced(make_context().store, _mailbox(address), utc())
    click.echo(f"{number} subscriptions ended")


def _mailbox(text: str) -> str:
    found = mailbox.parsed(text)
    if found is None:
        fail(f"{text} is no e-mail address")
    return found


def _state(one: dict[str, object]) -> str:
    if one["ended_at"]:
        return str(one["ended_why"])
    return "active" if one["confirmed_at"] else "pending" if one["asked_at"] else "held"


@click.group("corrections")
def corrected() -> None:
    """What suppliers say of their own records: list, approve, refuse, withdraw. Links that were
    mailed need no yes.
    """


@corrected.command("list")
@command
def list_corrections() -> None:
    """Each with its supplier, and what it changes: those that wait for a yes, then those that hold."""
    with reading(make_context().store) as connection:
        for one in corrections.listed(connection):
            click.echo(
                f"{'holds' if one.holds else 'waits'}  {one.id}  {one.supplier_id}  {one.asked_at:%Y-%m-%d}"
            )
            for name, (was, will) in one.changes.items():
                click.echo(f"  {name}: {was!r} -> {will!r}")


@corrected.command("approve")
@click.argument("id_", metavar="ID")
@command
def approve(id_: str) -> None:
    """Let a correction hold: call the supplier first, at a number that is not of the correction."""
    click.echo(f"{corrections.approve(make_context().store, id_, utc())} is as it says of itself")


@corrected.command("refuse")
@click.argument("id_", metavar="ID")
@command
def refuse(id_: str) -> None:
    """Forget a correction that waits."""
    corrections.refuse(make_context().store, id_)
    click.echo(f"{id_} is forgotten")


@corrected.command("withdraw")
@click.argument("supplier_id", metavar="SUPPLIER")
@command
def withdraw(supplier_id: str) -> None:
    """Take back what SUPPLIER said of itself: its record is as sources tell it."""
    corrections.withdraw(make_context().store, supplier_id, utc())
    click.echo(f"{supplier_id} is as sources tell it; the next pull tells the newest")
