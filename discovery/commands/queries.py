"""`discovery queries top|zero|slow FILE…`: what people search, out of the service's log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import TextIO

import click

from discovery.commands.common import LANG, guarded, services
from discovery.locales import decimal, t
from discovery.relevance.proposals import Proposal, proposals
from discovery.relevance.querylog import ORDERS, LoggedQuery, Unread, grouped, read
from discovery.relevance.tables import table
from discovery.search.query import Query

COLUMNS = ("phrase", "times", "found", "median", "worst")
"""Of the table: keys of its texts."""


@click.command("queries")
@click.argument("order", type=click.Choice(list(ORDERS)))
@click.argument("files", type=click.File("r", encoding="utf-8", errors="replace"), nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Phrases to show.")
@click.option("--propose", is_flag=True, help="With zero: say which trade's synonyms a phrase may be missing from.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@LANG
@guarded
def queries(order: str, files: tuple[TextIO, ...], limit: int, propose: bool, as_json: bool, lang: str) -> None:
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
        for line in proposed(found, lang) if propose else report(asked, lang):
            click.echo(line)
    if unread.wordless:
        click.echo(t("command.queries.wordless", lang, count=unread.wordless), err=True)
    if unread.foreign:
        click.echo(t("command.queries.foreign", lang, count=unread.foreign), err=True)


def _proposals(asked: list[LoggedQuery]) -> Iterator[Proposal]:
    search = services().search
    classifier = search.trades.of(search.mappings)
    return proposals(asked, lambda q: search.understand(Query(q=q)), classifier.of)


def proposed(found: Iterable[Proposal], lang: str) -> Iterator[str]:
    """A line a phrase: what it lacks."""
    for one in found:
        yield t("command.queries.proposal", lang, times=one.times, q=one.q, lack=_lack(one, lang))


def _lack(one: Proposal, lang: str) -> str:
    if one.known:
        return t("command.queries.known", lang, trades=", ".join(one.known))
    if one.outside:
        return t("command.queries.outside", lang)
    if not one.likely:
        return t("command.queries.unlikely", lang)
    groups = [f"vocabulary/sectors/{group}.yaml ({decimal(round(chance, 2), lang)})" for group, chance in one.likely]
    return t("command.queries.synonym", lang, words=one.words, files=", ".join(groups))


def report(asked: list[LoggedQuery], lang: str) -> Iterator[str]:
    """A table of the phrases, their times in milliseconds."""
    if not asked:
        yield t("command.queries.none", lang)
        return
    rows = [[one.q, str(one.times), str(one.total), f"{one.p50_ms:.1f}", f"{one.worst_ms:.1f}"] for one in asked]
    yield from table([[t(f"command.queries.{name}", lang) for name in COLUMNS], *rows])
