"""`discovery evaluate`: the judged queries asked, and how well they were answered."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from discovery.commands.common import services
from discovery.context import Services
from discovery.mappings import DEFAULT_PROFILE
from discovery.search.suggest import SuggestService
from tools.commands.judged import (
    CORPUS,
    HTML,
    JSON,
    SPLIT,
    Judged,
    corpus_checked,
    judged,
    services_of,
)
from tools.judge import acceptance as cases
from tools.judge import baseline, corpus, grading, judgments, rebuilt
from tools.judge import nearness as distances
from tools.judge.answers import served_ranker, service_ranker
from tools.judge.evaluation import Evaluation, as_dict
from tools.judge.judge import Judge
from tools.judge.judged import read_titles
from tools.judge.judgments import CORPORA
from tools.judge.tables import conduct_table, evaluation_table, query_table


@click.command("evaluate")
@click.option("--profile", help=f"A ranking profile; default: {DEFAULT_PROFILE}.")
@SPLIT
@CORPUS
@JSON
@HTML
@click.option("--queries", is_flag=True, help="A line for each query too, the worst first.")
@click.option(
    "--qrels",
    type=click.File("w", encoding="utf-8"),
    help="Write every grade (query, supplier, grade) here.",
)
@click.option(
    "--record",
    is_flag=True,
    help="Make what is reached the baseline, in mappings/judgments/baseline.yaml.",
)
@click.option(
    "--acceptance",
    is_flag=True,
    help="Run mappings/judgments/acceptance.yaml instead; 1 when a case fails.",
)
@click.option("--gate", is_flag=True, help="End with 1 when something fell; see above.")
@click.option(
    "--titles",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Real tender titles, a CSV with a column `title`; without it the queries that are such titles are skipped.",
)
@click.option(
    "--url",
    help="Ask the service at that address, of any version, instead of this program's search.",
)
@click.option(
    "--nearness",
    type=int,
    metavar="PHRASES",
    help="Kilometres, towns, names and cards of so many drawn phrases instead.",
)
@click.option("--index", help="Ask the index of this name instead of the one that serves.")
@corpus_checked
def evaluate_command(
    profile: str | None,
    split: str,
    wanted: str | None,
    as_json: bool,
    html: Path | None,
    queries: bool,
    qrels: Any,
    record: bool,
    acceptance: bool,
    gate: bool,
    titles: Path | None,
    url: str | None,
    nearness: int | None,
    index: str | None,
) -> None:
    """Ask the judged queries of mappings/judgments and measure the answers, by class and by query.

    The index must hold a judged corpus: the 2,000 invented suppliers that ./scripts/run loads, or
    the public lists; anything else is refused with the commands that make one. Freshness is
    measured from a fixed day.

    --gate compares with the recorded baseline and ends with 1 when nDCG@10 of the held set falls by
    more than 0.01, or a query by more than 0.2 without a note. With --index, and suppliers that
    nobody judged (a production index that is being rebuilt), it compares the new index with the one
    that serves, over the hits of both, with the same limits:

      indexer rebuild --judge "discovery evaluate --gate --index"
    """
    asked = services_of(index) if index else services()
    if nearness:
        drawn = [*distances.phrases(asked.search, nearness)]
        near, read = distances.measure(asked.search, drawn), distances.read(asked.search, drawn)
        passed = [f"  far first: {one}" for one in near.passed_over if queries]
        click.echo("\n".join([str(near), *passed, str(read)]))
        return
    try:
        known = judged(asked.search, wanted)
    except corpus.WrongCorpusError:
        if not (gate and index):
            raise
        _gate_rebuilt(asked, services())
        return
    if acceptance:
        _accept(known, asked, profile)
        return
    known = replace(known, titles=read_titles(titles) if titles else ())
    part = "all" if gate or record else split
    if url:
        found = known.by(served_ranker(url), part, name=url, engine="over HTTP")
    else:
        found = known.of(asked.search, profile, part)
    reach = (
        baseline.reach_of(asked.engine, asked.mappings) if (gate or record) and not url else None
    )
    fallen: list[str] = []
    if gate:
        kept = baseline.read(asked.mappings.path)
        fallen = [
            *baseline.falls(found, kept, reach),
            *baseline.flat_promises(asked.mappings.profile()),
        ]
        for line in baseline.verdict(found, kept, fallen):
            click.echo(line, err=as_json)
    if as_json:
        click.echo(json.dumps(as_dict(found), ensure_ascii=False, indent=2))
    else:
        _print(found, queries)
    if html:
        from tools.judge.report import evaluation_page

        html.write_text(evaluation_page(found), encoding="utf-8")
    if qrels:
        _write_grades(known, qrels)
    if record:
        click.echo(f"Recorded in {baseline.record(asked.mappings.path, found, reach)}", err=True)
    if gate:
        _end(fallen)


def _print(found: Evaluation, queries: bool) -> None:
    for line in evaluation_table(found):
        click.echo(line)
    click.echo()
    for line in conduct_table(found):
        click.echo(line)
    if queries:
        click.echo()
        for line in query_table(found.results):
            click.echo(line)


def _write_grades(known: Judged, out: Any) -> None:
    out.write("query,supplier,grade\n")
    for query in known.judgments.queries:
        for id_, grade in sorted(known.judge.grades(query, known.documents).items()):
            out.write(f"{query.id},{id_},{grade}\n")


def _accept(known: Judged, asked: Services, profile: str | None) -> None:
    """A line a case; what came instead, for those that fail."""

    everywhere = SuggestService(asked.engine, asked.mappings, asked.gazetteer)

    def suggest(text: str) -> list[str]:
        return [f"{one.type}:{one.value}" for one in everywhere.suggest(text)]

    outcomes = list(
        cases.run(
            cases.load(asked.mappings.path),
            service_ranker(asked.search, profile),
            suggest,
            known.documents,
            known.judge,
        )
    )
    for one in outcomes:
        reason = one.case.note or one.said
        click.echo(f"{one.status:<8}  {one.case.id}" + ("" if one.passed else f": {reason}"))
    _end([f"{one.case.id}: {one.said}" for one in outcomes if one.status == "FAILED"])


def _gate_rebuilt(new: Services, serving: Services) -> None:
    """The new index against the one that serves; nothing to hold when none does."""
    if not serving.status().ready:
        click.echo("no index serves yet: nothing to compare the new one with")
        return
    folder, vocabulary = new.mappings.path, new.mappings.vocabulary
    files = [judgments.load(folder, name, vocabulary) for name in CORPORA]
    asked = [one for file in files if not file.queries_of for one in file.queries]
    after, before = rebuilt.both(
        new.search, serving.search, asked, Judge(new.gazetteer, grading.load(folder))
    )
    if not after.results:
        click.echo("no judged query has an answer among these suppliers: nothing to compare")
        return
    reached, kept = baseline.held(after), baseline.held(before)
    click.echo(
        f"nDCG@10 over {len(after.results)} queries: {before.name} {kept:.4f}, {after.name} {reached:.4f}"
    )
    recorded = baseline.Recorded(kept, {one.id: one.ndcg for one in before.results})
    notes = baseline.read(folder).notes
    _end(list(baseline.falls(after, baseline.Baseline({after.corpus: recorded}, notes))))


def _end(fallen: list[str]) -> None:
    for one in fallen:
        click.echo(f"✗ {one}", err=True)
    if fallen:
        sys.exit(1)
