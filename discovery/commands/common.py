"""What the commands share: services made late, and trouble told in one line with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from discovery.config import MappingsError, Settings, SettingsError
from discovery.config.disk import remedy
from discovery.config.secrets import masked
from discovery.context import Services, make_services
from discovery.engine.port import EngineUnavailable
from discovery.present.messages import language, say
from discovery.search.problems import InvalidQuery

LANG = click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Of the output.")


def fail(message: str) -> NoReturn:
    """Say what could not be done, and end with 2."""
    click.echo(masked(message), err=True)
    sys.exit(2)


def guarded(function: Callable[..., None]) -> Callable[..., None]:
    """Known trouble becomes lines for people and exit code 2."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except (SettingsError, MappingsError, EngineUnavailable) as error:
            fail(str(error))
        except OSError as error:
            said = error.strerror or str(error)
            fail(": ".join(filter(None, (str(error.filename or ""), "; ".join(filter(None, (said, remedy(said))))))))
        except InvalidQuery as error:
            asked = kwargs.get("lang") or "fr"  # one value, or the values of a repeatable option
            fail("\n".join(told(error, language(asked if isinstance(asked, str) else asked[-1]))))

    return run


def told(error: InvalidQuery, lang: str) -> list[str]:
    """Each problem on a line, with the values that come close."""
    lines = []
    for one in error.problems:
        near = f" ({', '.join(one.choices)})" if one.choices else ""
        lines.append(f"{one.parameter}: {say(one.code, one.args, lang)}{near}")
    return lines


def services() -> Services:
    """Those of the environment. Tests put theirs in the click context."""
    given = click.get_current_context().find_object(Services)
    return given or make_services(Settings.from_env())


def typed(text: str) -> str:
    """An argument of the command line, whose undecodable bytes are replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
