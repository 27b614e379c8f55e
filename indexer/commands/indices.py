"""`indexer rebuild`, `rollback` and `status`: thin."""

from __future__ import annotations

import json
import shlex
import subprocess
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

import click

from indexer import parallel
from indexer.commands.common import command, make_context, progress
from indexer.lifecycle import extend, fill, rebuild, status
from indexer.lifecycle.verify import Judge
from indexer.store import repository
from indexer.store.engine import reading
from indexer.targets.audit import Entry

_judge = click.option(
    "--judge",
    metavar="COMMAND",
    help="Run COMMAND with the new index's name as its last argument; unless it ends with 0, nothing is promoted.",
)
_force = click.option("--force", is_flag=True, help="Promote even an index far smaller than what serves.")


@click.command("rebuild")
@_judge
@_force
@command
def rebuild_command(judge: str | None, force: bool) -> None:
    """Build a new index from the current mappings, verify it, and let it serve; the old one is kept for `rollback`.

    Exit code 2: nothing was promoted, what served still serves, and the reason is said.
    """
    context = make_context()
    with reading(context.store) as connection:
        counts = repository.counts(connection)
    total = counts.live + counts.delisted
    several = parallel.filling(context) if total >= parallel.WORTH_IT else nullcontext(fill.fill)
    with several as how, progress("rebuilding", total) as step:
        done = rebuild.rebuild(context, step, fill=how, options=rebuild.Options(_judged_by(judge), force))
    _tell(done)


@click.command("rollback")
@_judge
@_force
@command
def rollback_command(judge: str | None, force: bool) -> None:
    """Let the previous index serve again, with the changes it missed. Exit code 2: it does not, and why is said."""
    with progress("catching up", None) as step:
        done = rebuild.rollback(make_context(), step, options=rebuild.Options(_judged_by(judge), force))
    _tell(done)


def _tell(done: Entry) -> None:
    click.echo(f"{done.index} serves {done.documents} suppliers")
    if not done.judged:
        click.echo('not judged: --judge "discovery evaluate --gate --index" asks the judged queries first', err=True)


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


@click.command("extend")
@command
def extend_command() -> None:
    """Give the index that serves the fields that mappings/suppliers.json adds, and queue its suppliers.

    Exit code 2: the change needs `indexer rebuild`, as every change does on the embedded engine.
    """
    queued = extend.extend(make_context())
    click.echo(f"{queued} queued; `indexer sync` or a running worker writes them" if queued else "nothing to add")


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@command
def status_command(as_json: bool) -> None:
    """Say what the store holds, what waits, what serves, who is at work on the indices, and what was done to them."""
    found = status.look(make_context())
    if as_json:
        click.echo(json.dumps(asdict(found), default=_plain, ensure_ascii=False, indent=2))
        return
    for line in status.lines(found):
        click.echo(line)


def _plain(value: Any) -> str:
    """Dates."""
    return str(value.isoformat())
