"""`discovery queries top|zero|slow FILE…`: what people search, out of the service's log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import TextIO

import click

from discovery.commands.common import guarded, services
from discovery.relevance.proposals import Proposal, proposals
from discovery.relevance.querylog import ORDERS, LoggedQuery, Unread, grouped, read
from discovery.relevance.tables import table
from discovery.search.parameters import Query


@click.command("queries")
@click.argument("order", type=click.Choice(list(ORDERS)))
@click.argument("files", type=click.File("r", encoding="utf-8", errors="replace"), nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Phrases to show.")
@click.option("--propose", is_flag=True, help="With zero: say which trade's synonyms a phrase may be missing from.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@guarded
def queries(order: str, files: tuple[TextIO, ...], limit: int, propose: bool, as_json: bool) -> None:
    """Show the phrases asked most (top), those that find nothing (zero), or the slowest (slow), from log FILES (- is
    standard input).

    The service logs words only with DISCOVERY_QUERY_LOG=true: SIRETs, e-mails and telephones masked, and nothing of who
    asked. What comes up here feeds new judged queries: mappings/judgments/.
    """
    if propose and order != "zero":
        raise click.UsageError("--propose goes with zero: phrases that find nobody")
    unread = Unread()
    asked = ORDERS[order](grouped(read(chain.from_iterable(files), unread)))[:limit]
    found = list(_proposals(asked)) if propose else []
    if as_json:
        click.echo(json.dumps([asdict(one) for one in (found if propose else asked)], ensure_ascii=False, indent=2))
    else:
        for line in proposed(found) if propose else report(asked):
            click.echo(line)
    if unread.wordless:
        click.echo(f"{unread.wordless} searches have no words: set DISCOVERY_QUERY_LOG=true to keep them", err=True)
    if unread.foreign:
        click.echo(f"{unread.foreign} lines are not the service's", err=True)


def _proposals(asked: list[LoggedQuery]) -> Iterator[Proposal]:
    search = services().search
    classifier = search.trades.of(search.mappings)
    return proposals(asked, lambda q: search.understand(Query(q=q)), classifier.of)


def proposed(found: Iterable[Proposal]) -> Iterator[str]:
    """A line a phrase: what it lacks."""
    for one in found:
        yield f"{one.times} × {one.q}: {_lack(one)}"


def _lack(one: Proposal) -> str:
    if one.known:
        return f"understood ({', '.join(one.known)}); nobody does it as asked"
    if one.outside:
        return "no inclusive trade"
    if not one.likely:
        return "unknown words, of no trade that we can guess"
    groups = " or ".join(f"vocabulary/sectors/{group}.yaml ({chance:.2f})" for group, chance in one.likely)
    return f"“{one.words}” may be a synonym for {groups}"


def report(asked: list[LoggedQuery]) -> Iterator[str]:
    if not asked:
        yield "No such search."
        return
    rows = [[one.q, str(one.times), str(one.total), f"{one.p50_ms:.1f}", f"{one.worst_ms:.1f}"] for one in asked]
    yield from table([["phrase", "times", "found", "p50 ms", "worst ms"], *rows])
