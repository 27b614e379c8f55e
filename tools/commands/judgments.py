"""`discovery judgments`: judged queries from public contracts."""

import json
from collections.abc import Iterator
from typing import TextIO

import click

from discovery.commands.common import guarded, services
from discovery.context import Services
from discovery.engine.port import Document
from discovery.model.masking import masked
from discovery.search.listing import scan_everybody
from tools.judge.contracts import Won, from_contracts, measured, summary


@click.group()
def judgments() -> None:
    """Judged queries from real public contracts (what a buyer wrote, and who won it)."""


@judgments.command("from-contracts")
@click.argument("out", type=click.File("w", encoding="utf-8"), default="-")
@guarded
def from_contracts_command(out: TextIO) -> None:
    """Write a JSON line for each object of a contract that suppliers of the index won: q, winners
    (SIRET), split (tune, held). Nothing of persons is in it; it is yours to keep, and not part of
    mappings/.
    """
    found = from_contracts(_everybody(services()), masked)
    for one in found:
        out.write(
            json.dumps({"q": one.q, "winners": one.winners, "split": one.split}, ensure_ascii=False)
            + "\n"
        )
    click.echo(f"{len(found)} queries", err=True)


@judgments.command("measure")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@guarded
def measure_command(file: TextIO) -> None:
    """Ask the queries that `from-contracts` wrote, and say how many winners are found, and where.

    Ask an index that was fed without contracts: one that holds them finds each winner by its own
    words, which is told apart as `leaks`.
    """
    told = [json.loads(line) for line in file if line.strip()]
    won = [Won(one["q"], tuple(one["winners"]), one["split"]) for one in told]
    known = services()
    with known.engine.searcher() as view:
        ranks = list(measured(known.search, view, won))
    figures = {
        split + (" leaks" if leaks else ""): summary(
            [one for one in ranks if (one.split, one.leaks) == (split, leaks)]
        )
        for split in ("tune", "held")
        for leaks in (False, True)
    }
    click.echo(json.dumps({name: one for name, one in figures.items() if one["queries"]}, indent=2))


def _everybody(known: Services) -> Iterator[Document]:
    with known.engine.searcher() as view:
        hits = scan_everybody(view, known.search)
        yield from (hit.document["public"] for hit in hits)
