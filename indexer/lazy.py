"""Commands whose modules are imported when they are run: `--help` and small commands stay quick."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "import": ("indexer.intake.command:import_command", "Read supplier files into the store."),
    "check": (
        "indexer.drift.command:check_command",
        "Compare store and index, whole; exit 1 when they differ.",
    ),
    "generate": (
        "indexer.generate.command:generate_command",
        "Write invented suppliers as canonical JSONL.",
    ),
    "extend": (
        "indexer.lifecycle.commands:extend_command",
        "Give the serving index new fields, where that needs no rebuild.",
    ),
    "rebuild": (
        "indexer.lifecycle.commands:rebuild_command",
        "Build a new index from the current mappings, verify it, let it serve.",
    ),
    "rollback": (
        "indexer.lifecycle.commands:rollback_command",
        "Let the previous index serve again, with the changes it missed.",
    ),
    "status": (
        "indexer.lifecycle.commands:status_command",
        "Say what the store holds, what waits, what serves, and what was done.",
    ),
}
"""Name → (module:command, its line of help), beside those that the group defines itself."""


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        about = {name: command.get_short_help_str(200) for name, command in self.commands.items()}
        about |= {name: line for name, (_, line) in COMMANDS.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(about.items()))
