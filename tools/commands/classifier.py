"""`discovery classifier`: what the trade reader says of a text, and how right it is on real tender
titles.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from discovery.commands.common import guarded, typed
from discovery.mappings import load_mappings
from discovery.mappings.settings import Settings
from discovery.phrase.trades.reader import read
from tools.judge.tendered import Told, Trial, confusion, figures, read_tendered, reliability


@click.group()
def classifier() -> None:
    """Ask the trade reader, and measure it."""


@classifier.command()
@click.argument("text")
@guarded
def explain(text: str) -> None:
    """Say how probable trades are by the words of TEXT, names apart, and which of its words say so."""
    mappings = load_mappings(Settings.from_env().mappings)
    asked, names = typed(text), mappings.vocabulary.terms("sector")
    likely = read().of(asked, {}, mappings.trades.deciding.share)
    if not likely.groups:
        click.echo("No word that tells a trade.")
        return
    why = likely.why()
    said = ", ".join(asked[start:end] for start, end in why.words)
    for group, chance in likely.groups[:3]:
        click.echo(f"{chance:.2f} {names[group].label()} ({group})")
    click.echo(
        f"of the first: {', '.join(sector for sector, _ in why.sectors) or 'no sector stands out'}; by: {said}"
    )
    against = ", ".join(asked[start:end] for start, end in why.against)
    click.echo(f"{likely.none:.2f} no inclusive trade; by: {against}")


@classifier.command()
@click.option(
    "--titles",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Real tender titles: a CSV with the columns title and cpv, perhaps notice and level (notice or lot).",
)
@guarded
def report(file: Path) -> None:
    """Measure the package's model on real titles that it has not learnt from.

    Their truth is what the crosswalk makes of their codes; they are read as a search reads them.
    """
    mappings = load_mappings(Settings.from_env().mappings)
    trial = Trial(mappings)
    titles = read_tendered(file, trial.meaning)
    told = trial.told(titles, read())
    _print("all rows", told)
    _print("notices", [one for one in told if not one.title.is_lot])
    whole = trial.told([replace(title, text=title.whole) for title in titles], read())
    _print("lots with their notice", whole)
    click.echo("Probability told, share that is right, how many:")
    for mean, right, many in reliability(told):
        click.echo(f"  {mean:.2f}  {right:.2f}  {many}")
    click.echo("Group of the code, group told instead, how often:")
    for own, other, many in confusion(told)[:10]:
        click.echo(f"  {own} → {other}  {many}")


def _print(what: str, told: Sequence[Told]) -> None:
    click.echo(f"{what}: {figures(told)}")
