"""`indexer`: feed the store and keep the index in step with it.

Exit codes: 0 all well; 1 done, with rejected rows or differences; 2 could not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from indexer.lazy import Lazy

if TYPE_CHECKING:
    from indexer.context import Context


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
        from discovery.config.disk import remedy
        from discovery.engine.port import EngineUnavailable, EngineUnreachable
        from indexer.lifecycle.errors import RebuildRefused
        from indexer.store.engine import StoreError

        try:
            function(*args, **kwargs)
        except (SettingsError, MappingsError, StoreError, RebuildRefused) as error:
            fail(str(error))
        except EngineUnreachable as error:
            fail(f"{error}; see DISCOVERY_ENGINE")
        except EngineUnavailable as error:
            said = str(error)
            rebuild = "" if "indexer rebuild" in said else "`indexer rebuild` makes a new one from the store"
            fail("; ".join(filter(None, (said, remedy(said) or rebuild))))
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            said = str(cause).splitlines()[0]
            fail(f"the store can't be used: {said}; {remedy(said) or 'see DISCOVERY_DATABASE_URL, DISCOVERY_HOME'}")
        except OSError as error:
            said = error.strerror or str(error)
            fail(f"{f'{error.filename}: ' if error.filename else ''}{said}; {remedy(said) or 'see DISCOVERY_HOME'}")

    return run


def open_context() -> Context:
    """The context of the environment, closed when the command ends."""
    from discovery.config import SettingsError
    from discovery.config.extras import missing
    from indexer.context import Context

    context = Context()
    if lacking := list(missing(context.settings)):
        raise SettingsError("\n".join(lacking))
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


@click.group(cls=Lazy, help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
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
    _tell_misspelt()
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


def _tell_misspelt() -> None:
    from discovery.config.misspelt import misspelt

    for line in misspelt(os.environ):
        click.echo(f"indexer: {line}", err=True)


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
