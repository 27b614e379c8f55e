"""`indexer pull`: fetch a public source and import it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click
import httpx

from discovery.config import Settings
from discovery.gazetteer import gazetteer
from indexer.commands.common import command, progress
from indexer.commands.import_files import import_command
from indexer.sources import les_emplois
from indexer.sources.fetch import Fetcher
from indexer.sources.pull import pull, settled

SOURCES = {les_emplois.NAME: les_emplois}


@click.command("pull")
@click.argument("source", type=click.Choice(list(SOURCES)))
@click.option("--url", help="Another address of the source.")
@click.option("--department", "departments", multiple=True, help="Only these, by code; then nobody is delisted.")
@click.option("--per-minute", type=click.FloatRange(min=0.1), help="Requests; default: what the source allows.")
@click.option("--force", is_flag=True, help="Delist who is absent even from a source that lost a fifth or more.")
@command
def pull_command(
    source: str, url: str | None, departments: tuple[str, ...], per_minute: float | None, force: bool
) -> None:
    """Fetch SOURCE and import it: its host is contacted because you name it, and no other.

    Stopped, the same command goes on where it was. Who is absent from the whole of the source is delisted, unless it
    has far fewer suppliers than at the last pull: then nobody is, and the exit code is 1. Telephones and e-mails of
    the source are never kept.
    """
    module, settings = SOURCES[source], Settings.from_env()
    folder = settings.home / "sources" / source
    wanted = departments or tuple(one.code for one in gazetteer().departments())
    with httpx.Client() as client, progress(f"pulling {source}", len(wanted)) as step:
        fetcher = Fetcher(client, per_minute or module.PER_MINUTE)
        pulled = pull(folder, wanted, partial(module.page, fetcher, url or module.URL), partial(step, 1))
    whole = pulled.whole and not departments
    lost = pulled.shrunk and not departments and not force
    if lost:
        click.echo(
            f"indexer: {source} has {pulled.records} suppliers, {pulled.before} at the last pull: nobody is delisted. "
            "If that is right, pull again with --force.",
            err=True,
        )
    elif not whole and not departments:
        click.echo(f"indexer: {source} changed while it was read: nobody is delisted this time.", err=True)
    code = _imported(
        partial(
            click.get_current_context().invoke,
            import_command,
            files=(str(pulled.file),),
            format_="jsonl",
            complete=source if whole and not lost else None,
            force=force,
        )
    )
    if code < 2 and not departments and not lost:
        settled(folder, pulled)
    raise SystemExit(max(code, int(lost)))


def _imported(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
