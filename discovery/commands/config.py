"""`discovery config`: every setting, what it is, what it resolves to, and what is wrong with it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from discovery.commands.common import guarded
from discovery.context import open_engine
from discovery.engine.definition import define
from discovery.engine.port import EngineUnavailable, EngineUnreachable, SearchEngine
from discovery.mappings import MappingsError, Settings, SettingsError, load_mappings
from discovery.mappings.purchases import past_rules
from discovery.mappings.secrets import MIN_CHARACTERS
from discovery.mappings.settings import missing, misspelt, page, variable_of
from discovery.places import gazetteer
from discovery.search import launch


@click.group()
def config() -> None:
    """The settings, all from the environment."""


@config.command()
@guarded
def check() -> None:
    """Print every setting, and each fault with its remedy; exit code 2 when there is one."""
    settings = Settings.from_env()
    described = list(settings.describe())
    width = max(len(variable) for variable, _, _ in described)
    for variable, value, about in described:
        click.echo(f"{variable:<{width}}  {value}")
        click.echo(f"{'':<{width}}  {click.style(about, dim=True)}")
    for line in misspelt(os.environ):
        click.echo(f"? {line}", err=True)
    faults = list(problems(settings))
    for fault in faults:
        click.echo(f"✗ {fault}", err=True)
    if faults:
        raise SystemExit(2)
    opened = launch.read(settings.scope, load_mappings(settings.mappings).vocabulary, gazetteer())
    click.echo(f"Open: {opened.label('en') or 'everything'}")
    status = open_engine(settings).status()
    click.echo(f"Engine: {status.engine}")
    click.echo(
        f"Index: {status.documents} suppliers in {status.index}"
        if status.ready
        else f"Index: {status.reason}"
    )
    click.echo("No fault.")


@config.command()
def reference() -> None:
    """Print docs/reference/settings.md: every setting, its default and what it is."""
    click.echo(page(), nl=False)


def away(engine: SearchEngine) -> Iterator[str]:
    """Why the engine can't be reached; an index that lacks is no fault of the settings."""
    try:
        engine.analysis()
    except EngineUnreachable as error:
        yield f"DISCOVERY_ENGINE: {error}"
    except EngineUnavailable:
        return


def problems(settings: Settings) -> Iterator[str]:
    """What parsing alone can't tell: folders, files, and values that need each other."""
    home = settings.home
    held = next((folder for folder in (home, *home.absolute().parents) if folder.exists()), home)
    if home.exists() and not home.is_dir():
        yield f"DISCOVERY_HOME={home}: not a folder; name one, or remove the file"
    elif not os.access(held, os.W_OK):
        yield f"DISCOVERY_HOME={home}: {held} can't be written; choose a folder that can, or give yourself the right"
    if settings.keys is not None and not settings.keys.is_file():
        yield f"DISCOVERY_KEYS={settings.keys}: no such file; make it with `discovery keys create`, or unset it"
    if settings.notices is not None and not settings.notices.is_dir():
        yield f"DISCOVERY_NOTICES={settings.notices}: no such folder; the packaged texts are shown instead"
    if settings.tiles_url and not all(part in settings.tiles_url for part in ("{z}", "{x}", "{y}")):
        yield f"DISCOVERY_TILES_URL={settings.tiles_url}: write an address that holds {{z}}, {{x}} and {{y}}"
    if settings.secret_key and len(settings.secret_key) < MIN_CHARACTERS:
        yield (
            f"DISCOVERY_SECRET_KEY: shorter than {MIN_CHARACTERS} characters; unset it, and one is made in the home "
            "folder"
        )
    if not settings.secret_key and (home / "secret").exists():
        try:
            settings.secret()
        except (OSError, SettingsError) as error:
            yield str(error)
    if settings.alerts is not None:
        for name in ("public_url", "alerts_from", "smtp"):
            if not getattr(settings, name):
                yield f"{variable_of(name)}: DISCOVERY_ALERTS needs it; set it, or unset DISCOVERY_ALERTS"
    lacking = list(missing(settings))
    yield from lacking
    try:
        if not any(line.startswith("DISCOVERY_ENGINE:") for line in lacking):
            yield from away(open_engine(settings))
    except SettingsError as error:
        yield str(error)
    try:
        mappings = load_mappings(settings.mappings)
        define(mappings)
        launch.read(settings.scope, mappings.vocabulary, gazetteer())
        yield from past_rules(mappings.law, datetime.now(UTC).date())
    except MappingsError as error:
        yield from map(str, error.problems)
    except SettingsError as error:
        yield from str(error).splitlines()
