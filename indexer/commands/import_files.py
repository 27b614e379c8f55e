"""`indexer import`: the command line around `import_files`."""

import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stdout
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from discovery.mappings import Settings, load_mappings
from discovery.places import gazetteer
from discovery.terminal.base import Told, command_base, os_trouble
from indexer.commands.changes import sync
from indexer.intake.canonical import TEMPLATES
from indexer.intake.readers import FORMATS
from indexer.intake.run import Progress, import_files
from indexer.signals import answering
from indexer.sources.enabled import precedence
from indexer.store.engine import migrate, missing, open_store, require

STAGES = {"check": "Checking", "plan": "Comparing", "write": "Writing"}


def _tell(error: Exception, _asked: Mapping[str, Any]) -> Told:
    if isinstance(error, SQLAlchemyError):
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return f"The store failed: {reason}. What was written stays, whole batches only; run the import again."
    return os_trouble(error) if isinstance(error, OSError) else None


_command = command_base(_tell)


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True), metavar="FILE…")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    help="Do not guess the format of the files.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--report",
    type=click.File("w", encoding="utf-8", lazy=False),
    metavar="FILE",
    help="Write a JSON line per row (-: to standard output, the rest to stderr).",
)
@click.option(
    "--complete", metavar="SOURCE", help="The files are the whole of SOURCE: delist what is absent."
)
@click.option("--force", is_flag=True, help="Delist even more than a fifth of SOURCE.")
@click.option(
    "--lang",
    type=click.Choice(["fr", "en"]),
    default="fr",
    show_default=True,
    help="Of the reasons.",
)
@click.option(
    "--index/--no-index",
    "then_index",
    default=None,
    help="Then index all that changed, as `indexer sync` does. [default: only on the default store]",
)
@click.option(
    "--template",
    type=click.Choice(list(TEMPLATES)),
    help="Print a file to start from; import nothing.",
)
@click.option("--quiet", is_flag=True, help="No progress, no warnings on screen.")
@_command
def import_command(
    files: tuple[str, ...],
    format_: str | None,
    dry_run: bool,
    report: TextIO | None,
    complete: str | None,
    force: bool,
    lang: Any,
    then_index: bool | None,
    template: str | None,
    quiet: bool,
) -> None:
    """Import suppliers from FILES (- is standard input); the format is recognised.

    The default store, SQLite in DISCOVERY_HOME, is made when it is not there, and the index follows
    at once. With DISCOVERY_DATABASE_URL, tables are made by `indexer migrate` and the index is the
    workers' to keep.

    Exit code 0: all well; 1: done, some rows were rejected; 2: could not, nothing was changed; 130:
    stopped by Ctrl-C or SIGTERM, whole batches were written, and the same command goes on.
    """
    if template:
        click.echo(TEMPLATES[template](), nl=False)
        return
    if not files:
        raise click.UsageError(
            "Name the files to import (- is standard input); --template csv prints one to fill in."
        )
    started = time.monotonic()
    settings = Settings.from_env()
    mappings = load_mappings(settings.mappings)
    apart = report is not None and report.name == "<stdout>"
    with redirect_stdout(sys.stderr) if apart else nullcontext():
        with ExitStack() as stack:
            engine = stack.enter_context(_store(settings, dry_run))
            progress = stack.enter_context(bars(shown=not quiet and sys.stderr.isatty()))
            # A container that is told to stop ends an import as Ctrl-C does.
            stack.enter_context(answering(signal.default_int_handler, signal.SIGTERM))
            done = import_files(
                engine,
                files,
                mappings=mappings,
                gazetteer=gazetteer().naming(mappings.places),
                format=format_,
                precedence=precedence(settings.home),
                dry_run=dry_run,
                report=report,
                complete=complete,
                force=force,
                lang=lang,
                progress=progress,
                stdin=sys.stdin.buffer,
            )
        for line in list(done.lines(lang))[-1 - bool(done.delisted) if quiet else 0 :]:
            click.echo(line)
        if not quiet:
            seconds = time.monotonic() - started
            click.echo(
                f"{done.rows} rows in {seconds:.1f} s: {done.rows / seconds:.0f} rows/s.", err=True
            )
        if then_index is None:
            then_index = not settings.database_url
        if then_index and not dry_run:
            click.get_current_context().invoke(sync)
    raise SystemExit(done.exit_code)


@contextmanager
def _store(settings: Settings, dry_run: bool) -> Iterator[Engine]:
    """The store to import into. The default one is made if it is not there; for a dry run, in a
    folder of its own.
    """
    engine = open_store(settings.store_url)
    if settings.database_url or not missing(engine):
        require(engine)
        yield engine
    elif dry_run:
        with TemporaryDirectory() as folder:
            engine = open_store(f"sqlite:///{folder}/store.sqlite")
            migrate(engine)
            yield engine
            engine.dispose()
    else:
        migrate(engine)
        yield engine


@contextmanager
def bars(*, shown: bool) -> Iterator[Progress]:
    """A progress bar per stage, in bytes, on standard error."""
    bar: tqdm[Any] | None = None
    shows = ("", 0)
    with ExitStack() as held:

        def tell(stage: str, done: int, total: int) -> None:
            nonlocal bar, shows
            if bar is None or shows != (stage, total):
                held.close()
                shows = stage, total
                made = tqdm(
                    total=total,
                    unit="B",
                    unit_scale=True,
                    desc=STAGES[stage],
                    disable=not shown,
                    file=sys.stderr,
                )
                bar = held.enter_context(made)
            bar.update(done - bar.n)

        yield tell
