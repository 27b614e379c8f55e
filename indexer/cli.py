"""`indexer`: feed the store and keep the index in step with it.

Exit codes: 0 all well; 1 done, with rejected rows or differences; 2 could not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from indexer.context import Context


class Lazy(click.Group):
    """Commands whose modules are imported when they are run: `--help` and small commands stay quick."""

    loaders: dict[str, tuple[Callable[[], click.Command], str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loaders = {
            "import": (_import_command, "Read supplier files into the store."),
            "check": (_check_command, "Compare the store and the index, whole; exit 1 when they differ."),
            "generate": (_generate_command, "Write invented, realistic suppliers as canonical JSONL."),
            "extend": (_lifecycle("extend"), "Give the serving index new fields, where that needs no rebuild."),
            "rebuild": (_lifecycle("rebuild"), "Build a new index from the current mappings, verify it, let it serve."),
            "rollback": (_lifecycle("rollback"), "Let the previous index serve again, with the changes it missed."),
            "status": (_lifecycle("status"), "Say what the store holds, what waits, what serves, and what was done."),
        }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.loaders])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.loaders:
            return self.loaders[cmd_name][0]()
        return super().get_command(ctx, cmd_name)


def _import_command() -> click.Command:
    from indexer.intake.command import import_command

    return import_command


def _generate_command() -> click.Command:
    from indexer.generate.command import generate_command

    return generate_command


def _check_command() -> click.Command:
    from indexer.drift.command import check_command

    return check_command


def _lifecycle(name: str) -> Callable[[], click.Command]:
    def load() -> click.Command:
        from indexer.lifecycle import commands

        return commands.COMMANDS[name]

    return load


def fail(message: str) -> None:
    """Say what could not be done, and end with 2."""
    from discovery.config.secrets import masked

    click.echo(f"indexer: {masked(message)}", err=True)
    sys.exit(2)


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Known trouble becomes one line for people and exit code 2."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        from sqlalchemy.exc import DBAPIError, SQLAlchemyError

        from discovery.config import MappingsError, SettingsError
        from discovery.engine.port import EngineUnavailable
        from indexer.lifecycle.errors import RebuildRefused
        from indexer.store.engine import StoreError

        try:
            function(*args, **kwargs)
        except (SettingsError, MappingsError, StoreError, RebuildRefused) as error:
            fail(str(error))
        except EngineUnavailable as error:
            said = str(error)
            fail(said if "indexer rebuild" in said else f"{said}; `indexer rebuild` makes a new one from the store")
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            fail(f"the store can't be used: {str(cause).splitlines()[0]}; see DISCOVERY_DATABASE_URL, DISCOVERY_HOME")
        except OSError as error:
            fail(f"{error.filename or 'a file'}: {error.strerror or error}; see DISCOVERY_HOME")

    return run


def open_context() -> Context:
    """The context of the environment, closed when the command ends."""
    from indexer.context import Context

    context = Context()
    click.get_current_context().call_on_close(context.close)
    return context


def make_context() -> Context:
    """The same, with a store that is ready to be used."""
    context = open_context()
    context.require_store()
    return context


@contextmanager
def progress(about: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error when somebody watches; silent in a pipe or a log."""
    from tqdm import tqdm

    with tqdm(total=total, desc=about, unit="", disable=not sys.stderr.isatty(), leave=False) as bar:

        def step(done: int) -> None:
            bar.update(done)

        yield step


@click.group(cls=Lazy, help=__doc__)
@click.version_option(package_name="inclusive-discovery")
def main() -> None:
    pass


@main.command()
@command
def migrate() -> None:
    """Make or upgrade the store's tables and triggers."""
    from indexer.store.migrate import migrate as upgrade

    click.echo(f"store at revision {upgrade(open_context().store)}")


@main.command()
@command
def sync() -> None:
    """Index all that has changed, once."""
    from indexer import parallel
    from indexer.store import ledger
    from indexer.worker import summary

    context = make_context()
    pending = ledger.pending_count(context.store)
    with progress("indexing", pending) as step:
        if pending < parallel.WORTH_IT:
            report = context.synchroniser().drain(step)
        else:
            report = parallel.drain(context, pending, step)
    click.echo(summary(report))
    if context.rebuild_needed:
        click.echo("the mappings changed since this index was built: run `indexer rebuild`", err=True)
    if report.retry or report.dead:
        sys.exit(1)


@main.command()
@click.option("--beat/--no-beat", default=True, help="With a broker: send the ticks too. One in all should.")
@command
def worker(beat: bool) -> None:
    """Index changes as they come, until stopped: a loop, or Celery's worker (and beat) when a broker is set.

    With DISCOVERY_METRICS_PORT it tells Prometheus the ledger's gauges. Exit code 1: it ended by a fault of its own.
    """
    context = open_context()
    _tell_metrics(context)
    if context.settings.broker_url:
        from indexer.celery import app, work

        sys.exit(work(app, beat))
    from indexer.worker import run, stopping

    assert context.store, context.catalog  # faults of the settings end it; those of store and index are waited out
    with stopping() as stop:
        click.echo("indexer worker: waiting for changes", err=True)
        run(context, stop, lambda line: click.echo(f"indexer worker: {line}", err=True))


@main.command()
@command
def beat() -> None:
    """Send workers their ticks: one process for all those started with --no-beat."""
    context = open_context()
    if not context.settings.broker_url:
        fail("beat needs a broker: set DISCOVERY_BROKER_URL; without one `indexer worker` is all there is to run")
    _tell_metrics(context)
    from indexer.celery import app, tick

    tick(app)


def _tell_metrics(context: Context) -> None:
    port = context.settings.metrics_port
    if port is None:
        return
    from indexer.metrics import serve

    try:
        serve(context.settings.store_url, port)
    except OSError as error:
        fail(f"DISCOVERY_METRICS_PORT={port}: {error.strerror or error}")


@main.group("dead-letters")
def dead_letters() -> None:
    """Changes that the index refused for good: list, replay or drop them."""


@dead_letters.command("list")
@command
def dead_list() -> None:
    """Each with its reason."""
    from indexer.store import ledger

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
    from indexer.store import ledger

    done = ledger.replay(make_context().store, ids or None)
    click.echo(f"{done} queued again")
    _all_were_dead(done, ids)


@dead_letters.command("drop")
@click.argument("ids", nargs=-1, required=True)
@command
def dead_drop(ids: tuple[str, ...]) -> None:
    """Give up the IDS given, until those suppliers change."""
    from indexer.store import ledger

    done = ledger.drop(make_context().store, ids)
    click.echo(f"{done} dropped")
    _all_were_dead(done, ids)


def _all_were_dead(done: int, ids: tuple[str, ...]) -> None:
    if done < len(set(ids)):
        click.echo(f"{len(set(ids)) - done} of the ids are no dead letters; see `indexer dead-letters list`", err=True)
        sys.exit(1)


@main.command()
@click.argument("supplier_id", metavar="ID")
@command
def delist(supplier_id: str) -> None:
    """Take a supplier out of the answers; its address then says that it is gone."""
    from indexer.store import repository

    with make_context().store.begin() as connection:
        done = repository.delist(connection, supplier_id)
    if not done:
        fail(f"no live supplier has the id {supplier_id}")
    click.echo(f"{supplier_id} is delisted; `indexer sync` or a running worker takes it out of the index")


@main.command()
@click.argument("supplier_id", metavar="ID")
@command
def restore(supplier_id: str) -> None:
    """Undo `delist`."""
    from indexer.store import repository

    with make_context().store.begin() as connection:
        done = repository.restore(connection, supplier_id)
    if not done:
        fail(f"no delisted supplier has the id {supplier_id}")
    click.echo(f"{supplier_id} is live again")
