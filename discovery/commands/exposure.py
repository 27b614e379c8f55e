"""`discovery exposure FILE`: who is shown how often, by kind and department, for a set of phrases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TextIO

import click

from discovery.commands.common import LANG, guarded, services
from discovery.facets import Names
from discovery.locales import language, percent, t
from discovery.relevance.exposure import GROUPED, Exposure, measured
from discovery.search.query import Query


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--profile", default="", help="Another ranking profile than the service's.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, 366), help="Ask again on so many days.")
@LANG
@guarded
def exposure(file: TextIO, profile: str, days: int, lang: str) -> None:
    """Ask each phrase of FILE (one a line, - = standard input), and say who is shown how often against who answers.

    Attention falls with the rank, 1 / log2(rank + 1).
    """
    known, today = services(), datetime.now(UTC).date()
    phrases = [line.strip() for line in file if line.strip()]
    queries = [Query(q=phrase, profile=profile or None, lang=language(lang)) for phrase in phrases]
    found = measured(known.search, queries, [today + timedelta(days=one) for one in range(days)])
    for line in report(found, Names(known.mappings.vocabulary, known.gazetteer), lang):
        click.echo(line)


def report(found: Exposure, names: Names, lang: str) -> Iterator[str]:
    """Who is shown how often, by kind and department, a line each."""
    top = percent(round(100 * found.top, 1), lang)
    yield t("command.exposure.head", lang, searches=found.searches, suppliers=len(found.suppliers), top=top)
    for name in GROUPED:
        yield t(f"command.exposure.{name}", lang)
        for value, listed, shown in found.groups(name):
            label = value if name == "kind" else names.gazetteer.label(f"department:{value}", lang) if value else "–"
            shares = {"listed": percent(round(100 * listed, 1), lang), "shown": percent(round(100 * shown, 1), lang)}
            yield f"  {t('command.exposure.row', lang, label=label, **shares)}"
