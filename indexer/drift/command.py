"""`indexer check`: thin."""

from __future__ import annotations

import sys

import click

from indexer.cli import command, make_context, progress
from indexer.drift import check as drift
from indexer.drift.run import checked

MOST_NAMED = 20


@click.command("check")
@click.option("--repair", is_flag=True, help="Queue what differs, at new revisions.")
@command
def check_command(repair: bool) -> None:
    """Compare the store and the index, whole; exit 1 when they differ.

    missing: not in the index; stale: an older revision is; altered: other content, or a revision that the store never
    gave; malformed: no document of ours; ghost: in the index and not in the store. What waits in the ledger is no
    difference.
    """
    context = make_context()
    with progress("checking", None) as step:
        report = checked(context, step)
    click.echo(f"{report.checked} checked, {len(report.differences)} differ")
    for kind, number in report.counts().items():
        if number:
            click.echo(f"  {kind}: {number}")
    for one in report.differences[:MOST_NAMED]:
        click.echo(f"  {one.kind} {one.id}", err=True)
    if repair:
        click.echo(f"{drift.repair(context.store, report)} queued; `indexer sync` or a running worker indexes them")
    if report.differences:
        sys.exit(1)
