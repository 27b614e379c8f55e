"""What the commands of `indexer` share: the context, a bar of progress, and their base."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tqdm import tqdm

from discovery.engine.port import EngineUnavailable, EngineUnreachable
from discovery.errors import remedy
from discovery.mappings import SettingsError
from discovery.mappings.settings import missing
from discovery.terminal.base import Told, command_base, os_trouble
from discovery.terminal.base import fail as end_with
from indexer.context import Context

PREFIX = "indexer: "


def fail(message: str) -> NoReturn:
    """Say what could not be done, and end with 2."""
    end_with(PREFIX + message)


def _tell(error: Exception, _asked: Mapping[str, Any]) -> Told:
    if isinstance(error, EngineUnreachable):
        return f"{error}; see DISCOVERY_ENGINE"
    if isinstance(error, EngineUnavailable):
        said = str(error)
        rebuild = (
            "" if "indexer rebuild" in said else "`indexer rebuild` makes a new one from the store"
        )
        return "; ".join(filter(None, (said, remedy(said) or rebuild)))
    if isinstance(error, SQLAlchemyError):
        said = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        return f"the store can't be used: {said}; {remedy(said) or 'see DISCOVERY_DATABASE_URL, DISCOVERY_HOME'}"
    return os_trouble(error, "see DISCOVERY_HOME") if isinstance(error, OSError) else None


command = command_base(_tell, prefix=PREFIX)
"""Known trouble becomes one line for people and exit code 2."""


def open_context() -> Context:
    """The context of the environment, closed when the command ends. SettingsError when a package is
    missing.
    """
    context = Context()
    if lacking := list(missing(context.settings)):
        raise SettingsError("\n".join(lacking))
    click.get_current_context().call_on_close(context.close)
    return context


def make_context() -> Context:
    """What a command needs, with a store that is ready to be used. Raises StoreError."""
    context = open_context()
    context.require_store()
    return context


@contextmanager
def progress(about: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error when somebody watches; silent in a pipe or a log."""
    with tqdm(
        total=total, desc=about, unit="", disable=not sys.stderr.isatty(), leave=False
    ) as bar:

        def step(done: int) -> None:
            bar.update(done)

        yield step
