"""`indexer sync` and `indexer dead-letters`: the ledger of changes."""

import sys

import click

from indexer.commands.common import command, make_context, progress
from indexer.run import parallel
from indexer.run.worker import summary
from indexer.store import ledger


@click.command("sync")
@command
def sync() -> None:
    """Index all that has changed, once."""
    context = make_context()
    pending = ledger.pending_count(context.store)
    with progress("indexing", pending) as step:
        if pending < parallel.WORTH_IT:
            report = context.synchroniser().drain(step)
        else:
            report = parallel.drain(context, pending, step)
    click.echo(summary(report))
    if context.rebuild_needed:
        click.echo(
            "the mappings changed since this index was built: run `indexer rebuild`", err=True
        )
    if report.retry or report.dead:
        sys.exit(1)


@click.group("dead-letters")
def dead_letters() -> None:
    """Changes that the index refused for good: list, replay or drop them."""


@dead_letters.command("list")
@command
def dead_list() -> None:
    """Each with its reason."""
    letters = ledger.dead_letters(make_context().store)
    if not letters:
        click.echo("no dead letters", err=True)
    for letter in letters:
        click.echo(f"{letter.supplier_id}\t{letter.attempts} tries\t{letter.error}")


@dead_letters.command("replay")
@click.argument("ids", nargs=-1)
@command
def dead_replay(ids: tuple[str, ...]) -> None:
    """Try them again (all, or the IDS given)."""
    done = ledger.replay(make_context().store, ids or None)
    click.echo(f"{done} queued again")
    _all_were_dead(done, ids)


@dead_letters.command("drop")
@click.argument("ids", nargs=-1, required=True)
@command
def dead_drop(ids: tuple[str, ...]) -> None:
    """Give up the IDS given, until those suppliers change."""
    done = ledger.drop(make_context().store, ids)
    click.echo(f"{done} dropped")
    _all_were_dead(done, ids)


def _all_were_dead(done: int, ids: tuple[str, ...]) -> None:
    if done < len(set(ids)):
        click.echo(
            f"{len(set(ids)) - done} of the ids are no dead letters; see `indexer dead-letters list`",
            err=True,
        )
        sys.exit(1)
