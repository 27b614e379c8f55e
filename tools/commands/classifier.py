"""`discovery classifier`: what the trade classifier says of a text, and how right it is on real tender titles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from discovery.commands.common import fail, guarded, typed
from discovery.engine.definition import define
from discovery.mappings import Mappings, load_mappings
from discovery.mappings.codes import meaning_of
from discovery.mappings.codes.cpv import cpv_label
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.settings import Settings
from discovery.phrase import Intent, Lexicon, parse
from discovery.phrase.model import OUTSIDE_TRADE
from discovery.phrase.trades import ClassifierCache, LazyClassifier
from discovery.places import gazetteer
from tools.judge import tendered
from tools.judge.tendered import FOLDS, Title, Told
from tools.judge.tendered_report import Measured, document, measured, printed, printed_details, replaced

WORST = 20


@click.group()
def classifier() -> None:
    """Ask the trade classifier, and measure it."""


@classifier.command()
@click.argument("text")
@guarded
def explain(text: str) -> None:
    """Say which trades TEXT may ask for, how probable they are, and which of its words say so."""
    mappings = load_mappings(Settings.from_env().mappings)
    verdict = ClassifierCache(lambda: define(mappings)).of(mappings).of(typed(text))
    names = mappings.vocabulary.terms("sector")
    for trade in verdict.trades:
        click.echo(f"{trade.probability:.2f} {names[trade.sector].label()} ({trade.sector}): {', '.join(trade.words)}")
    if verdict.outside:
        click.echo(f"No inclusive trade: {', '.join(verdict.why)}")
    elif not verdict.trades:
        click.echo("Not sure enough to say a trade.")
    near = "  ".join(f"{group} {chance:.2f}" for group, chance in verdict.groups[:3])
    click.echo(f"No inclusive trade {verdict.none:.2f}  {near}")


@classifier.command()
@click.option(
    "--titles",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Real tender titles, a CSV with the columns notice, level (notice or lot), title, cpv.",
)
@click.option("--folds", is_flag=True, help="Also learn from the titles of the other notices, fold by fold.")
@click.option("--worst", default=WORST, show_default=True, type=click.IntRange(0), help="Titles to show.")
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    help="Write it into a document too, between its marks (docs/classifier.md); titles by their rows alone.",
)
@guarded
def report(file: Path, folds: bool, worst: int, into: Path | None) -> None:
    """Measure the classifier on real titles, whose truth is what the crosswalk makes of their CPV codes.

    Numbers are calibrated on even rows; odd rows tell what it is worth. "clean": odd rows of notices that have no even
    one. "first", "three": the right group of sectors first, in three, of those in scope. Reliability, confusions and
    the worst are of odd rows, lots read with their notice.
    """
    if into is not None:
        _written(into, ())
    trial = _Trial(load_mappings(Settings.from_env().mappings))
    titles = tendered.read_tendered(file, trial.meaning)
    even = {title.notice for title in titles if title.row % 2 == 0}
    odd = [one for one in titles if one.row % 2]
    found: list[Measured] = []
    for name, chosen in (
        ("even rows", [one for one in titles if one.row % 2 == 0]),
        ("odd rows", odd),
        ("clean rows", [one for one in odd if one.notice not in even]),
        ("all rows", titles),
    ):
        found += measured(name, trial.ways(chosen))
    if folds:
        taught = {"title alone": False, "lots with their notice": True}
        ways = {way: trial.taught(titles, whole=whole) for way, whole in taught.items()}
        found += measured(f"all rows, taught by other notices, {FOLDS} folds", ways)
    told = trial.alone(odd, whole=True)
    for line in (*printed(found), *printed_details(told, worst)):
        click.echo(line)
    if into is not None:
        shown = (one for one in found if one.rows != "even rows")
        into.write_text(_written(into, document(shown, told, worst, cpv_label)), encoding="utf-8")


def _written(file: Path, lines: Iterable[str]) -> str:
    """A document with these lines in their place."""
    try:
        return replaced(file.read_text(encoding="utf-8"), lines)
    except ValueError as error:
        fail(f"{file}: {error}. Put both where the figures shall stand.")


class _Trial:
    """The classifier and the reading of some mappings, without an index: no word is frequent."""

    def __init__(self, mappings: Mappings) -> None:
        self._mappings = mappings
        self._definition = define(mappings)
        self._lexicon = Lexicon.from_vocabulary(mappings.vocabulary)
        self._group_of = {one.value: one.group for one in mappings.vocabulary.sectors.values()}
        self._kept = self._keep(mappings)

    def _keep(self, mappings: Mappings) -> LazyClassifier:
        return ClassifierCache(lambda: self._definition).of(mappings)

    def meaning(self, code: str) -> Meaning | None:
        return meaning_of("cpv", code, self._mappings.codes, self._mappings.vocabulary)

    def ways(self, titles: Sequence[Title]) -> dict[str, list[Told]]:
        """Titles read in each way there is."""
        alone, bare = self.alone(titles), self.searched(titles, lambda one: one.text)
        whole = self.searched(titles, lambda one: one.whole)
        return {
            "title alone": alone,
            "those of a known word": [one for one in alone if one.groups],
            "notices alone": [one for one in alone if not one.title.is_lot],
            "lots with their notice": self.alone(titles, whole=True),
            "as searched, alone": bare,
            "as searched, with notice": whole,
            "as a notice is answered": [
                one if one.said or one.refused else other for one, other in zip(bare, whole, strict=True)
            ],
            "as searched, with CPV": self.searched(titles, lambda one: f"CPV {one.cpv} {one.text}"),
        }

    def alone(self, titles: Sequence[Title], kept: LazyClassifier | None = None, *, whole: bool = False) -> list[Told]:
        """By the classifier, of the words that are left once pieces are taken out."""
        return [self._told(title, kept or self._kept, whole=whole) for title in titles]

    def searched(self, titles: Sequence[Title], text: Callable[[Title], str]) -> list[Told]:
        return [tendered.understood(one, self._read(text(one), asking=True), self._group_of) for one in titles]

    def taught(self, titles: Sequence[Title], *, whole: bool) -> list[Told]:
        """Each title by a classifier that knows the titles of the other folds."""
        found: list[Told] = []
        trades = self._mappings.trades
        for fold in range(FOLDS):
            others = tendered.examples((one for one in titles if one.fold != fold), lambda one: one.whole)
            learnt = replace(self._mappings, trades=replace(trades, examples=(*trades.examples, *others)))
            found += self.alone([one for one in titles if one.fold == fold], self._keep(learnt), whole=whole)
        return found

    def _told(self, title: Title, kept: LazyClassifier, *, whole: bool) -> Told:
        intent = self._read(title.whole if whole else title.text)
        outside = not intent.needs and any(note.code == OUTSIDE_TRADE for note in intent.notes)
        prior = self._mappings.trades.deciding.prior
        return tendered.classified(title, kept.of(intent.text), self._group_of, outside=outside, prior=prior)

    def _read(self, text: str, *, asking: bool = False) -> Intent:
        mappings = self._mappings
        return parse(
            text,
            grammar=mappings.grammar,
            lexicon=self._lexicon,
            gazetteer=gazetteer(),
            frequent=lambda _: False,
            meanings=lambda kind, code: meaning_of(kind, code, mappings.codes, mappings.vocabulary),
            classify=self._kept.of if asking else None,
        )
