"""`discovery programme FILE`: a purchasing programme answered line by line, as `/programme` and the API answer it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
from tqdm import tqdm

from discovery.answers.needs import remarks, trades
from discovery.answers.programme import ProgrammeAnswer, body, book, known_by, line
from discovery.commands.common import LANG, fail, guarded, services
from discovery.desk.programme import answered_lines, choose_columns, lines, sheets
from discovery.desk.sheets import MAX_BYTES
from discovery.mappings.purchases import COLUMNS
from discovery.texts import Translate, language, translator


@click.command()
@click.argument("file", type=click.File("rb"))
@LANG
@click.option("--sheet", default="", help="Name of the sheet; default: the one most like a programme.")
@click.option("--head", default="", metavar="ROW", help="Row of the headings, 0 = none; default: as recognised.")
@click.option(
    "--column", "columns", multiple=True, metavar="NAME=LETTER",
    help=f"Where something stands, as cpv=D ({', '.join(COLUMNS)}; cpv= = nowhere); default: as recognised.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The API's answer.")
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write the completed sheet and a summary there."
)
@guarded
def programme(
    file: BinaryIO, lang: str, sheet: str, head: str, columns: tuple[str, ...], as_json: bool, xlsx: Path | None
) -> None:
    """Answer the purchasing programme in FILE (- = standard input; XLSX, XLS, ODS or CSV), line by line: trades,
    suppliers, what may be considered. Up to 2,000 lines and 5 MB."""
    known, spoken = services(), language(lang)
    mappings = known.search.mappings
    read = sheets(file.read(MAX_BYTES + 1))
    given, of = choose_columns(read, mappings.headings, {"sheet": sheet, "head": head, **_columns(columns)})
    asked = lines(given, of)
    known.warm()
    answers = answered_lines(known.search, asked, spoken)
    shown = tqdm(answers, total=len(asked), desc=given.name, unit="", disable=not sys.stderr.isatty())
    told = body(given, of, [line(one, known.presenter, lang) for one in shown], mappings.law, lang)
    t = translator(lang)
    if xlsx is not None:
        with book(given, of, asked, told, t) as made, xlsx.open("wb") as out:
            shutil.copyfileobj(made, out)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for text in report(told, t):
        click.echo(text)


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        name, sign, letter = one.partition("=")
        if not sign or name not in COLUMNS:
            fail(f"--column {one}: write NAME=LETTER, where NAME is one of {', '.join(COLUMNS)}.")
        found[name] = letter
    return found


def report(told: ProgrammeAnswer, t: Translate) -> Iterator[str]:
    """Each line, then what all come to."""
    for one in told["lines"]:
        title = one["title"] or ", ".join(one["cpv"])
        named = ", ".join(trades(one))
        found = f"{named} ({known_by(one, t)}): " if named else ""
        idea = f" {one['potential']['label']}." if one["potential"] else ""
        yield f"{t('programme.row')} {one['row']} · {title}: {found}{one['said']}{idea}"
        yield from (f"  ! {remark}" for remark in remarks(one))
    yield ""
    count, with_trade = len(told["lines"]), told["with_trade"]
    yield t("programme.found", count=count, with_trade=with_trade)
    for step in told["summary"]["suggestions"]:
        yield f"  {step['label']}: {step['lines']}"
    yield told["notice"]
