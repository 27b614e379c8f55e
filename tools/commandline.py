"""Both command lines, as their help tells them: `python -m tools.commandline
>docs/reference/commands.md`.
"""

from collections.abc import Iterator

import click

from discovery.cli import main as discovery
from indexer.cli import main as indexer

HEAD = """# Commands

Made by `python -m tools.commandline` from the programs; a test holds it to them. Each is what `--help` prints.
"""
WIDTH = 110


def page() -> str:
    """Markdown: a heading a command, groups before their own."""
    programs = (("discovery", discovery), ("indexer", indexer))
    return HEAD + "".join(part for name, program in programs for part in told(program, name, None))


def told(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command, parent, info_name=name, terminal_width=WIDTH, **command.context_settings
    )
    path = context.command_path
    help_text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"\n{'##' if parent is None else '###'} {path}\n```text\n{help_text}\n```\n"
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            if inner is not None and not inner.hidden:
                yield from told(inner, each, context)


if __name__ == "__main__":
    click.echo(page(), nl=False)
