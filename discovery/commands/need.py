"""`discovery need FILE`: who can meet a need, lot by lot, as `/besoin` and the API answer it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
import orjson

from discovery.answers.files import workbook
from discovery.answers.needs import NeedsAnswer, body, ideas, remarks, sheets, why
from discovery.commands.common import LANG, fail, guarded, services
from discovery.commands.search import ranked
from discovery.desk.answering import answered
from discovery.desk.lot import Lot
from discovery.desk.notice import MAX_XML
from discovery.desk.request import read_json, read_notice, read_text
from discovery.mappings.purchases import BUYERS, Buyer, Headings
from discovery.texts import language, translator


@click.command()
@click.argument("file", type=click.File("rb"))
@LANG
@click.option("--buyer", type=click.Choice(BUYERS), help="Who buys; default: as the text says.")
@click.option("--json", "as_json", is_flag=True, help="The API's answer.")
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write a summary and a sheet a lot there."
)
@guarded
def need(file: BinaryIO, lang: str, buyer: Buyer | None, as_json: bool, xlsx: Path | None) -> None:
    """Answer the need in FILE (- = standard input), lot by lot: a sentence, a pasted notice, JSON as the API takes it,
    an eForms or TED notice in XML."""
    known, spoken = services(), language(lang)
    content = file.read(MAX_XML + 1)
    found = answered(known.search, _lots(content, known.search.mappings.headings), spoken, buyer=buyer)
    if xlsx is not None:
        with workbook(*sheets(found, known.presenter, lang)) as book, xlsx.open("wb") as out:
            shutil.copyfileobj(book, out)
    if as_json:
        click.echo(json.dumps(body(found, known.presenter, lang), ensure_ascii=False, indent=2))
        return
    for line in report(body(found, known.presenter, lang), lang):
        click.echo(line)


def _lots(content: bytes, headings: Headings) -> list[Lot]:
    """InvalidQuery."""
    if content.lstrip().startswith(b"{"):
        try:
            return read_json(orjson.loads(content), headings)
        except orjson.JSONDecodeError as error:
            fail(f"This is not JSON: {error}. A text must not begin with a brace.")
    if content.lstrip().startswith(b"<"):
        return read_notice(content)
    return read_text(content.decode("utf-8", "replace"), headings)


def report(answer: NeedsAnswer, lang: str) -> Iterator[str]:
    """Each lot: its trades and why, its first suppliers, what may be considered."""
    t = translator(lang)
    for lot in answer["lots"]:
        number = f"{t('need.lot', number=lot['number'])} · " if lot["number"] else ""
        yield f"{number}{lot['title'] or ', '.join(lot['cpv'])}: {lot['said']}"
        if lot["read_with"]:
            yield f"  {t('need.read_with', title=lot['read_with'])}"
        yield from (f"  ! {remark}" for remark in remarks(lot))
        yield from (f"  {part['label']}" for part in lot["read"])
        for trade in lot["trades"]:
            yield f"  {', '.join(one['label'] for one in trade['sectors'])} ({why(trade, lang)})"
        for rank, supplier in enumerate(lot["suppliers"], 1):
            yield from ranked(rank, supplier, lang)
        if lot["group"]:
            yield f"  {' '.join(lot['group']['said'])}"
        if lot["figures"]:
            yield f"  {' '.join(lot['figures']['said'])}"
        if lot["potential"]:
            yield f"  {t('need.ideas')}: {ideas(lot['potential'])}"
        yield ""
    yield answer["notice"]
