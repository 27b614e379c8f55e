"""The base of commands: known trouble is told in a line, and ends with an exit code."""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn

import click

from discovery.errors import DiscoveryError, remedy
from discovery.mappings.secrets import masked

Told = str | None
"""What to say of an error; None when it is no known trouble."""


def fail(message: str, exit_code: int = 2) -> NoReturn:
    """Say on standard error what could not be done, without secrets, and end."""
    click.echo(masked(message), err=True)
    sys.exit(exit_code)


def command_base(
    tell: Callable[[Exception, Mapping[str, Any]], Told], *, prefix: str = ""
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator of commands: known trouble becomes a line and an exit code; what is not known is
    raised.

    `tell` (error, the command's parameters) comes first; then every `DiscoveryError` is its
    message.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except BrokenPipeError:
                raise  # `… | head` has read enough: click ends without a word
            except Exception as error:
                said = tell(error, kwargs)
                if said is None:
                    if not isinstance(error, DiscoveryError):
                        raise
                    said = str(error)
                fail(prefix + said, error.exit_code if isinstance(error, DiscoveryError) else 2)

        return run

    return decorate


def os_trouble(error: OSError, hint: str = "") -> str:
    """The file, what the system says of it, and what to do, where that is known; else `hint`."""
    said = error.strerror or str(error)
    return ": ".join(
        filter(
            None, (str(error.filename or ""), "; ".join(filter(None, (said, remedy(said) or hint))))
        )
    )
