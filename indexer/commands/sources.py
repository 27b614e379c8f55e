"""`indexer sources` and `indexer pull`: public sources, listed, checked, fetched and imported."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from discovery.errors import DiscoveryError
from discovery.mappings import Settings
from indexer.commands.changes import sync
from indexer.commands.common import PREFIX, command, open_context, progress
from indexer.commands.import_files import bars
from indexer.context import Context
from indexer.sources import enabled
from indexer.sources.connector import Parts
from indexer.sources.enabled import CONNECTORS, Source
from indexer.sources.run import PullOptions, Room, run
from indexer.store import observations
from indexer.store.engine import current, head, migrate, missing, open_store


@click.group("sources")
def sources() -> None:
    """Public sources of suppliers and of facts about them, and sources.yaml, which enables them."""


@sources.command("list")
@command
def list_command() -> None:
    """Every source: what it gives, how often it is pulled, what the last pull found."""
    settings = Settings.from_env()
    store = open_store(settings.store_url)
    last = {} if missing(store) or current(store) != head() else observations.last_pulls(store)
    for one in enabled.read(settings.home).values():
        click.echo(f"{one.name}: {one.connector.gives}")
        click.echo(f"  {_how(one)}; at most {one.per_minute:g} requests a minute; {one.shown_url}")
        if one.connector.token_scheme:
            need = "needed" if one.connector.needs_token else "optional, for a higher rate"
            held = "set" if one.token else need
            click.echo(f"  token ({enabled.token_variable(one.name)} or …_FILE): {held}")
        click.echo(f"  {_found(last.get(one.name))}")


@sources.command("check")
@command
def check_command() -> None:
    """Whether sources.yaml and the secrets it asks for can be used; no host is contacted.

    Exit code 2, with file, line and fix, when not.
    """
    settings = Settings.from_env()
    file = settings.home / enabled.FILE
    known = enabled.read(settings.home).values()
    if lacking := [f"{one.name}: {one.lacks}" for one in known if one.enabled and one.lacks]:
        raise click.ClickException(f"{file}: {'; '.join(lacking)}")
    if not file.exists():
        click.echo(f"{file}: not there; no source is enabled")
        return
    on = ", ".join(f"{one.name} ({_how(one)})" for one in known if one.enabled)
    click.echo(f"{file}: {on or 'no source is enabled'}")


def _how(source: Source) -> str:
    if not source.enabled:
        return "not enabled"
    return f"{source.weekday or 'every day'} at {source.at} UTC" if source.at else "by hand"


def _found(last: observations.Pull | None) -> str:
    if last is None or (last.at is None and not last.alarm):
        return "never pulled"
    age = f"{(datetime.now(UTC) - last.at).days} days ago" if last.at else "never"
    alarm = f"; since then: {last.alarm}" if last.alarm else ""
    return f"last pulled {age}: {last.records} records{alarm}"


def room(context: Context) -> Room:
    """What a pull works with; the default store is made when it is not there."""
    if not context.settings.database_url and missing(context.store):
        migrate(context.store)
    context.require_store()
    return Room(context.store, context.settings.home, context.mappings, context.gazetteer)


@click.command("pull")
@click.argument("sources", metavar="[SOURCE]…", nargs=-1, type=click.Choice(list(CONNECTORS)))
@click.option("--url", help="Another address of the source.")
@click.option(
    "--department",
    "departments",
    multiple=True,
    help="Only these, by code; then nobody is delisted.",
)
@click.option(
    "--per-minute",
    type=click.FloatRange(min=0.1),
    help="Requests; default: what the source allows.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Believe even a source that lost a fifth or more, or closes as many.",
)
@click.option(
    "--from-folder",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Import the pages that an earlier pull kept here; no host is asked.",
)
@command
def pull_command(
    sources: tuple[str, ...],
    url: str | None,
    departments: tuple[str, ...],
    per_minute: float | None,
    force: bool,
    from_folder: Path | None,
) -> None:
    """Fetch each SOURCE and import it; without one, all that sources.yaml of the home folder
    enables. A host is contacted because you name it there or here, and no other.

    Stopped, the same command goes on where it was. Who is absent from the whole of a source is
    delisted, unless it has far fewer records than at the last pull: then nobody is, and the exit
    code is 1. Telephones, e-mails and names of people are never kept. `indexer sources list` shows
    what there is.
    """
    known = enabled.read(Settings.from_env().home)
    wanted = [known[name] for name in dict.fromkeys(sources)] or [
        one for one in known.values() if one.enabled
    ]
    if not wanted:
        raise click.UsageError(
            f"Name a source ({', '.join(known)}), or enable some in {enabled.FILE}."
        )
    if len(wanted) > 1 and (url or departments or per_minute or from_folder):
        raise click.UsageError(
            "--url, --department, --per-minute, --from-folder go with one SOURCE."
        )
    if departments and wanted[0].connector.parts is not Parts.DEPARTMENTS:
        raise click.UsageError(f"{wanted[0].name} can't be asked by department.")
    context = open_context()
    here, asked = room(context), PullOptions(departments, force, from_folder)
    codes = [
        _pulled(
            here, replace(one, url=url or one.url, per_minute=per_minute or one.per_minute), asked
        )
        for one in wanted
    ]
    if not context.settings.database_url and min(codes) < 2:
        click.get_current_context().invoke(sync)
    raise SystemExit(max(codes))


def _pulled(here: Room, source: Source, asked: PullOptions) -> int:
    """Its exit code; trouble with one source is said and does not keep from the next."""

    @contextmanager
    def steps(parts: int) -> Iterator[Callable[[], None]]:
        with progress(f"pulling {source.name}", parts) as step:
            yield lambda: step(1)

    try:
        with bars(shown=sys.stderr.isatty()) as bar:
            done = run(here, source, asked, steps, bar)
    except DiscoveryError as error:
        click.echo(f"{PREFIX}{source.name}: {error}", err=True)
        return error.exit_code
    for said in filter(None, (done.alarm, done.note)):
        click.echo(PREFIX + said, err=True)
    for line in done.report.lines():
        click.echo(line)
    return done.exit_code
