"""`discovery queries top|zero|slow FILE…`: what people search, out of the service's log."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import TextIO

import click

from discovery.commands.common import LANG, guarded
from discovery.texts import t
from tools.judge.querylog import ORDERS, LoggedQuery, Unread, grouped, read
from tools.judge.tables import table

COLUMNS = ("phrase", "times", "found", "median", "worst")
"""Of the table: keys of its texts."""


@click.command("queries")
@click.argument("order", type=click.Choice(list(ORDERS)))
@click.argument(
    "files", type=click.File("r", encoding="utf-8", errors="replace"), nargs=-1, required=True
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Phrases to show."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@LANG
@guarded
def queries(order: str, files: tuple[TextIO, ...], limit: int, as_json: bool, lang: str) -> None:
    """Show the phrases asked most (top), those that find nothing (zero), or the slowest (slow),
    from log FILES (- is standard input).

    The service logs words only with DISCOVERY_QUERY_LOG=true: SIRETs, e-mails and telephones
    masked, and nothing of who asked. What comes up here feeds new judged queries:
    mappings/judgments/.
    """
    unread = Unread()
    asked = ORDERS[order](grouped(read(chain.from_iterable(files), unread)))[:limit]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in asked], ensure_ascii=False, indent=2))
    else:
        for line in report(asked, lang):
            click.echo(line)
    if unread.wordless:
        click.echo(t("command.queries.wordless", lang, count=unread.wordless), err=True)
    if unread.foreign:
        click.echo(t("command.queries.foreign", lang, count=unread.foreign), err=True)


def report(asked: list[LoggedQuery], lang: str) -> Iterator[str]:
    """A table of the phrases, their times in milliseconds."""
    if not asked:
        yield t("command.queries.none", lang)
        return
    rows = [
        [one.q, str(one.times), str(one.total), f"{one.p50_ms:.1f}", f"{one.worst_ms:.1f}"]
        for one in asked
    ]
    yield from table([[t(f"command.queries.{name}", lang) for name in COLUMNS], *rows])
