"""`discovery mappings check`: are the analysts' files right, and what does their change need?"""

from __future__ import annotations

import click

from discovery.commands.common import guarded
from discovery.config import Settings, load_mappings
from discovery.context import open_engine
from discovery.engine.definition import define
from discovery.search.words import FRENCH


@click.group()
def mappings() -> None:
    """The files that analysts own."""


@mappings.command()
@guarded
def check() -> None:
    """Read every file, compile the analysis and the equivalences, and compare with the index that serves.

    Each fault is a line, `file:line: what is wrong → fix`, and the exit code 2.
    """
    settings = Settings.from_env()
    found = load_mappings(settings.mappings)
    definition = define(found)
    found.equivalences.compile(lambda word: definition.analysis.terms(FRENCH, word))
    vocabulary = found.vocabulary
    click.echo(
        f"{found.path}: {len(vocabulary.sectors)} sectors in {len(vocabulary.sector_groups)} groups, "
        f"{len(vocabulary.kinds)} kinds, {len(found.equivalences.rules)} equivalences, "
        f"profiles: {', '.join(found.profiles)}. No fault."
    )
    status = open_engine(settings).status()
    if not status.ready:
        click.echo(f"Needed: an index. {status.reason}")
    elif status.fingerprint != definition.fingerprint:
        click.echo(
            f"Needed: a rebuild (`indexer rebuild`). {status.index} was built from {status.fingerprint}, these files "
            f"give {definition.fingerprint}."
        )
    else:
        click.echo(
            f"Needed: nothing for {status.index}, built from the same files. Profiles and equivalences are read when "
            "the service starts: restart it if you changed them."
        )
