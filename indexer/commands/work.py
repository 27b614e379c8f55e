"""`indexer worker` and `indexer beat`: what indexes as changes come."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click

from discovery.mappings.settings import misspelt
from indexer.alerts.run import Alerts
from indexer.alerts.run import run as passes
from indexer.commands.common import command, fail, open_context
from indexer.context import Context
from indexer.run.worker import run, stopping


@click.command("worker")
@click.option(
    "--beat/--no-beat", default=True, help="With a broker: send the ticks too. One in all should."
)
@command
def worker(beat: bool) -> None:
    """Index changes as they come, until stopped: a loop, or with a broker Celery's worker and beat.

    With DISCOVERY_METRICS_PORT it tells Prometheus the ledger's gauges. Exit code 1: it ended by a
    fault of its own.
    """
    context = open_context()
    for line in misspelt(os.environ):
        click.echo(f"indexer: {line}", err=True)
    _tell_metrics(context)
    if context.settings.broker_url:
        from indexer.run.celery import app, work

        sys.exit(work(app, beat))
    assert context.store, (
        context.catalog
    )  # faults of the settings end it; those of store and index are waited out
    with stopping() as stop:
        click.echo("indexer worker: waiting for changes", err=True)
        with _alerting(context, stop):
            run(context, stop, lambda line: click.echo(f"indexer worker: {line}", err=True))


@contextmanager
def _alerting(context: Context, stop: Event) -> Iterator[None]:
    """E-mail alerts beside it, where they are offered: in a thread, since servers of others are
    waited for.
    """
    if context.settings.alerts is None:
        yield
        return
    own = context.elsewhere()
    alerts = Alerts(own.store, own.settings)
    thread = Thread(
        target=passes,
        args=(alerts, stop, lambda line: click.echo(f"indexer alerts: {line}", err=True)),
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        own.close()


@click.command("beat")
@command
def beat() -> None:
    """Send workers their ticks: one process for all those started with --no-beat."""
    context = open_context()
    if not context.settings.broker_url:
        fail(
            "beat needs a broker: set DISCOVERY_BROKER_URL; without one `indexer worker` is all there is to run"
        )
    _tell_metrics(context)
    from indexer.run.celery import app, tick

    tick(app)


def _tell_metrics(context: Context) -> None:
    port = context.settings.metrics_port
    if port is None:
        return
    from indexer.run.metrics import serve

    try:
        serve(context.settings.store_url, port)
    except OSError as error:
        fail(f"DISCOVERY_METRICS_PORT={port}: {error.strerror or error}")
