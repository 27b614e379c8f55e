"""What the commands of `discovery` share: services made late, and their base."""

import gc
from collections.abc import Mapping
from typing import Any

import click

from discovery.answers.search import lines
from discovery.context import Services, make_services
from discovery.mappings import Settings
from discovery.search.query import InvalidQuery
from discovery.terminal.base import Told, command_base, fail, os_trouble
from discovery.texts import language

__all__ = ["LANG", "fail", "guarded", "keep_loaded", "services", "typed"]

LANG = click.option(
    "--lang",
    type=click.Choice(["fr", "en"]),
    default="fr",
    show_default=True,
    help="Of the output.",
)


def _tell(error: Exception, asked: Mapping[str, Any]) -> Told:
    if isinstance(error, OSError):
        return os_trouble(error)
    if isinstance(error, InvalidQuery):
        lang = asked.get("lang") or "fr"  # one value, or the values of a repeatable option
        return "\n".join(
            lines(error.problems, language(lang if isinstance(lang, str) else lang[-1]))
        )
    return None


guarded = command_base(_tell)
"""Known trouble becomes lines for people and exit code 2."""


def services() -> Services:
    """The services that the environment's settings make. Tests put theirs in the click context."""
    given = click.get_current_context().find_object(Services)
    return given or make_services(Settings.from_env())


def typed(text: str) -> str:
    """An argument of the command line, whose undecodable bytes are replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def keep_loaded() -> None:
    """Look for garbage no more in what was loaded, and seldom in what is new: by Python's 700 young
    objects a twentieth of an answer went into that.
    """
    gc.freeze()
    gc.set_threshold(20_000)
