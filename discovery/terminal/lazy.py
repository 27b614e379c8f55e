"""Commands that are imported when they run. This module imports nothing of ours, so that `--help`
is quick.
"""

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import click


class LazyGroup(click.Group):
    """A group of commands, each imported when it runs.

    `lazy`: name → (module:command, its line of help), in the order of the help.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._lazy:
            return None
        module, _, name = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(sys.modules.get(module) or _imported(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in self._lazy.items()])


def _imported(module: str) -> ModuleType:
    """A module imported without a look for garbage: what is imported stays, and is not looked at
    again later.
    """
    gc.disable()
    try:
        found = import_module(module)
        gc.freeze()
    finally:
        gc.enable()
    return found
