"""`discovery compare A B`: the same judged queries asked twice, side by side."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import click

from discovery.commands.common import fail, services
from discovery.context import Services, make_services
from discovery.mappings import DEFAULT_PROFILE, Settings
from tools.commands.judged import CORPUS, HTML, JSON, SPLIT, Judged, corpus_checked, judged
from tools.judge import comparison
from tools.judge.evaluation import Evaluation, as_dict, summarise
from tools.judge.methods import plain_ranker, trigram_ranker
from tools.judge.tables import HEADS, comparison_table, summary_row, table


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a service, and the profile asked of it."""

    name: str
    services: Services
    profile: str

    def evaluated(self, known: Judged, split: str) -> Evaluation:
        """The side's answers to the judged queries, measured."""
        return known.of(self.services.search, self.profile, split, self.name)


def side(text: str) -> Side:
    """What a word of the command line stands for."""
    if text == "embedded" or text.startswith(("http://", "https://")):
        return Side(text, make_services(replace(Settings.from_env(), engine=text)), DEFAULT_PROFILE)
    if Path(text).is_dir():
        return Side(
            text, make_services(replace(Settings.from_env(), mappings=Path(text))), DEFAULT_PROFILE
        )
    known = services()
    if text not in known.mappings.profiles:
        profiles = ", ".join(known.mappings.profiles)
        fail(
            f"{text}: no profile ({profiles}), no folder of mappings, no engine (embedded, or http://…)"
        )
    return Side(text, known, text)


@click.command("compare")
@click.argument("a")
@click.argument("b")
@SPLIT
@CORPUS
@JSON
@HTML
@click.option(
    "--baselines", is_flag=True, help="One table of A, B, and two simpler methods; see above."
)
@corpus_checked
def compare_command(
    a: str,
    b: str,
    split: str,
    wanted: str | None,
    as_json: bool,
    html: Path | None,
    baselines: bool,
) -> None:
    """Ask the judged queries of A and of B, and say what differs: means by class with a paired
    permutation test, the overlap of the first ten (RBO, Jaccard), and the queries that win and lose
    most, hits side by side.

    A and B are ranking profiles, folders of mappings, or engines (`embedded`, an Elasticsearch
    address), in any mix. Of a folder, what needs no rebuild is compared: profiles and word
    equivalences.

    --baselines adds to a table of A and B what simpler searches reach: trigrams of the name, and a
    multi_match without analysis on the Elasticsearch among A and B.
    """
    one, other = side(a), side(b)
    known = judged(one.services.search, wanted)
    if other.services is not one.services:
        judged(other.services.search, known.judgments.corpus)
    for each in (one, other):
        _warn_of_a_rebuild(each)
    first, second = one.evaluated(known, split), other.evaluated(known, split)
    if baselines:
        rows = [first, second, *_methods(known, split, (one, other))]
        _print_baselines(rows, as_json)
        return
    found = comparison.compare(first, second)
    if as_json:
        click.echo(json.dumps(comparison.as_dict(found), ensure_ascii=False, indent=2))
    else:
        for line in comparison_table(found):
            click.echo(line)
    if html:
        from tools.judge.report import comparison_page

        html.write_text(comparison_page(found), encoding="utf-8")


def _warn_of_a_rebuild(one: Side) -> None:
    status = one.services.status()
    if status.fingerprint != one.services.definition.fingerprint:
        click.echo(
            f"{one.name}: {status.index} was built from other mappings; what they change of the index shows after a "
            "rebuild only",
            err=True,
        )


def _methods(known: Judged, split: str, sides: tuple[Side, Side]) -> Iterator[Evaluation]:
    yield known.by(
        trigram_ranker(known.documents), split, name="trigrams of the name", engine="Python"
    )
    on = next((one.services for one in sides if not one.services.settings.embedded), None)
    if on is None:
        click.echo(
            "multi_match without analysis: name an Elasticsearch as A or B to measure it", err=True
        )
        return
    from discovery.engine.elasticsearch import connect

    index = f"{on.settings.index_prefix}-plain-{os.getpid()}"
    with (
        closing(connect(on.settings)) as connection,
        plain_ranker(connection, index, known.documents, on.mappings.vocabulary) as rank,
    ):
        yield known.by(rank, split, name="multi_match, no analysis", engine="elasticsearch")


def _print_baselines(rows: list[Evaluation], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([as_dict(one) for one in rows], ensure_ascii=False, indent=2))
        return
    lines = [summary_row(summarise(one.name, one.answerable())) for one in rows]
    for line in table([("method", *HEADS[1:]), *lines]):
        click.echo(line)
