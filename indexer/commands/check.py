"""`indexer check`: thin."""

from __future__ import annotations

import sys

import click

from indexer.commands.common import command, make_context, progress
from indexer.drift import check as drift
from indexer.drift.check import checked
from indexer.store.sql import LATE_SECONDS

MAX_NAMED = 20


@click.command("check")
@click.option("--repair", is_flag=True, help="Queue what differs, at new revisions.")
@command
def check_command(repair: bool) -> None:
    """Compare the store and the index, whole; exit 1 when they differ.

    missing: not in the index; stale: an older revision is; altered: other content, or a revision that the store never
    gave; malformed: no document of ours; ghost: in the index and not in the store. What waits in the ledger is no
    difference; what waits there for more than a quarter of an hour is counted, and exit is 1 too.
    """
    context = make_context()
    with progress("checking", None) as step:
        report = checked(context, step)
    click.echo(f"{report.checked} checked, {len(report.differences)} differ")
    for kind, number in report.counts().items():
        if number:
            click.echo(f"  {kind}: {number}")
    for one in report.differences[:MAX_NAMED]:
        click.echo(f"  {one.kind} {one.id}", err=True)
    if repair:
        click.echo(f"{drift.repair(context.store, report)} queued; `indexer sync` or a running worker indexes them")
    if report.late:
        minutes = f"{LATE_SECONDS / 60:.0f} minutes"
        click.echo(f"{report.late} wait for more than {minutes}, not judged: is a worker running? See `indexer status`")
    if report.differences or report.late:
        sys.exit(1)
