"""`discovery texts`: are the files that translators edit right?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from discovery.commands.common import guarded
from discovery.mappings.vocabulary import LANGS
from discovery.texts.files import FOLDER, check, load


@click.group()
def texts() -> None:
    """What users read, in every language."""


@texts.command(name="check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER)
@guarded
def check_command(folder: Path) -> None:
    """Read every text of FOLDER (default: the program's own), and compare its languages.

    Each fault is a line, `file:line: key and what is wrong → fix`. Exit code 0: none; 2: the service would not start
    or would show half a sentence.
    """
    problems = check(folder)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(2)
    click.echo(f"{folder}: {len(load(LANGS[0], folder))} texts, the same in {', '.join(LANGS)}. No fault.")
