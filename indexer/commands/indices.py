"""`indexer rebuild`, `rollback`, `status` and `check`: thin."""

import json
import shlex
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime

import click

from indexer.commands.common import command, make_context, progress
from indexer.indices import drift, rebuild, status
from indexer.indices.drift import checked
from indexer.indices.rebuild import Judge
from indexer.run import parallel
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.sql import LATE_SECONDS
from indexer.targets import Entry

_judge = click.option(
    "--judge",
    metavar="COMMAND",
    help="Run COMMAND with the new index's name as its last argument; unless it ends with 0, nothing is promoted.",
)
_force = click.option(
    "--force", is_flag=True, help="Promote even an index far smaller than what serves."
)


@click.command("rebuild")
@_judge
@_force
@command
def rebuild_command(judge: str | None, force: bool) -> None:
    """Build a new index from the current mappings, verify it, and let it serve; the old one is kept
    for `rollback`.

    Exit code 2: nothing was promoted, what served still serves, and the reason is said.
    """
    context = make_context()
    with reading(context.store) as connection:
        counts = repository.counts(connection)
    total = counts.live + counts.delisted
    several = parallel.filling(context) if total >= parallel.WORTH_IT else nullcontext(rebuild.fill)
    with several as how, progress("rebuilding", total) as step:
        done = rebuild.rebuild(
            context, step, fill=how, options=rebuild.Options(_judged_by(judge), force)
        )
    _tell(done)


@click.command("rollback")
@_judge
@_force
@command
def rollback_command(judge: str | None, force: bool) -> None:
    """Let the previous index serve again, with the changes it missed. Exit code 2: it does not, and
    why is said.
    """
    with progress("catching up", None) as step:
        done = rebuild.rollback(
            make_context(), step, options=rebuild.Options(_judged_by(judge), force)
        )
    _tell(done)


def _tell(done: Entry) -> None:
    click.echo(f"{done.index} serves {done.documents} suppliers")
    if not done.judged:
        click.echo(
            'not judged: --judge "discovery evaluate --gate --index" asks the judged queries first',
            err=True,
        )


def _judged_by(words: str | None) -> Judge | None:
    """A judge that is another program: what it says last is the reason."""
    if not words:
        return None
    given = shlex.split(words)

    def judge(index: str) -> str | None:
        done = subprocess.run([*given, index], capture_output=True, text=True, check=False)  # noqa: S603 - the operator's
        if done.returncode == 0:
            return None
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        return said[-1] if said else f"{given[0]} ended with {done.returncode}"

    return judge


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@command
def status_command(as_json: bool) -> None:
    """Say what the store holds, what waits, what serves, who is at work on the indices, and what
    was done to them.
    """
    found = status.look(make_context())
    if as_json:
        click.echo(
            json.dumps(asdict(found), default=datetime.isoformat, ensure_ascii=False, indent=2)
        )
        return
    for line in status.lines(found):
        click.echo(line)


MAX_NAMED = 20


@click.command("check")
@click.option("--repair", is_flag=True, help="Queue what differs, at new revisions.")
@command
def check_command(repair: bool) -> None:
    """Compare the store and the index, whole; exit 1 when they differ.

    missing: not in the index; stale: an older revision is; altered: other content, or a revision
    that the store never gave; malformed: no document of ours; ghost: in the index and not in the
    store. What waits in the ledger is no difference; what waits there for more than a quarter of an
    hour is counted, and exit is 1 too.
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
        click.echo(
            f"{drift.repair(context.store, report)} queued; `indexer sync` or a running worker indexes them"
        )
    if report.late:
        minutes = f"{LATE_SECONDS / 60:.0f} minutes"
        click.echo(
            f"{report.late} wait for more than {minutes}, not judged: is a worker running? See `indexer status`"
        )
    if report.differences or report.late:
        sys.exit(1)
