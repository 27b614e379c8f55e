"""`indexer sources`: which there are, which are enabled, what the last pulls found."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from discovery.config import Settings
from indexer.commands.common import command
from indexer.sources import enabled
from indexer.sources.enabled import Source
from indexer.store import open_store, pulls
from indexer.store.migrate import current, head, missing


@click.group("sources")
def sources() -> None:
    """Public sources of suppliers and of facts about them, and sources.yaml, which enables them."""


@sources.command("list")
@command
def list_command() -> None:
    """Every source: what it gives, how often it is pulled, what the last pull found."""
    settings = Settings.from_env()
    last = _last(open_store(settings.store_url))
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
    if not source.at:
        return "by hand"
    return f"{source.weekday or 'every day'} at {source.at} UTC"


def _last(store: Engine) -> dict[str, pulls.Pull]:
    return {} if missing(store) or current(store) != head() else pulls.last(store)


def _found(last: pulls.Pull | None) -> str:
    if last is None or (last.at is None and not last.alarm):
        return "never pulled"
    age = f"{(datetime.now(UTC) - last.at).days} days ago" if last.at else "never"
    alarm = f"; since then: {last.alarm}" if last.alarm else ""
    return f"last pulled {age}: {last.records} records{alarm}"
