"""`discovery need`, `programme` and `check-suppliers`: what a buyer brings, answered as the pages
and the API do.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO

import click
import orjson
from tqdm import tqdm

from discovery.answers import files, inclusive, needs
from discovery.answers import programme as programmes
from discovery.answers.inclusive import CheckAnswer
from discovery.answers.needs import NeedsAnswer
from discovery.answers.programme import ProgrammeAnswer
from discovery.commands.common import LANG, fail, guarded, keep_loaded, services
from discovery.commands.search import ranked
from discovery.desk.answering import answered
from discovery.desk.eforms import MAX_XML
from discovery.desk.lot import Lot
from discovery.desk.programme import answered_lines, choose_columns, lines, sheets
from discovery.desk.request import read_json, read_notice, read_text
from discovery.desk.sheets import MAX_BYTES
from discovery.desk.suppliers import check, lines_of_text
from discovery.mappings.mappings import Mappings
from discovery.mappings.purchases import BUYERS, COLUMNS, Buyer
from discovery.texts import Translate, language, t, translator

JSON = click.option("--json", "as_json", is_flag=True, help="The API's answer.")
FILE = click.Path(dir_okay=False, path_type=Path)


def _kept(made: AbstractContextManager[IO[bytes]], to: Path) -> None:
    """Write a workbook there."""
    with made as book, to.open("wb") as out:
        shutil.copyfileobj(book, out)


def _said(answer: Any, report: Iterator[str], *, as_json: bool) -> None:
    """Print the API's answer, or its report."""
    for line in [json.dumps(answer, ensure_ascii=False, indent=2)] if as_json else report:
        click.echo(line)


BUYER = click.option(
    "--buyer", type=click.Choice(BUYERS), help="Who buys; default: as the text says."
)


@click.command()
@click.argument("file", type=click.File("rb"))
@LANG
@BUYER
@JSON
@click.option("--xlsx", type=FILE, help="Write a summary and a sheet a lot there.")
@guarded
def need(file: BinaryIO, lang: str, buyer: Buyer | None, as_json: bool, xlsx: Path | None) -> None:
    """Answer the need in FILE (- = standard input), lot by lot: a sentence, a pasted notice, JSON
    as the API takes it, an eForms notice in XML.
    """
    known, spoken = services(), language(lang)
    content = file.read(MAX_XML + 1)
    found = answered(known.search, _lots(content, known.search.mappings), spoken, buyer=buyer)
    if xlsx is not None:
        _kept(files.workbook(*needs.sheets(found, known.presenter, lang)), xlsx)
    answer = needs.body(found, known.presenter, lang)
    _said(answer, report_need(answer, translator(lang), lang), as_json=as_json)


def _lots(content: bytes, mappings: Mappings) -> list[Lot]:
    """InvalidQuery."""
    if content.lstrip().startswith(b"{"):
        try:
            return read_json(orjson.loads(content), mappings)
        except orjson.JSONDecodeError as error:
            fail(f"This is not JSON: {error}. A text must not begin with a brace.")
    if content.lstrip().startswith(b"<"):
        return read_notice(content)
    return read_text(content.decode("utf-8", "replace"), mappings)


def report_need(answer: NeedsAnswer, t: Translate, lang: str) -> Iterator[str]:
    """Each lot: its trades and why, its first suppliers, what may be considered."""
    for lot in answer["lots"]:
        number = f"{t('need.lot', number=lot['number'])} · " if lot["number"] else ""
        yield f"{number}{lot['title'] or ', '.join(lot['cpv'])}: {lot['said']}"
        if lot["read_with"]:
            yield f"  {t('need.read_with', title=lot['read_with'])}"
        yield from (f"  ! {remark}" for remark in needs.remarks(lot))
        yield from (f"  {part['label']}" for part in lot["read"])
        for trade in lot["trades"]:
            yield f"  {', '.join(one['label'] for one in trade['sectors'])} ({needs.why(trade, lang)})"
        for rank, supplier in enumerate(lot["suppliers"], 1):
            yield from ranked(rank, supplier, lang)
        if lot["figures"]:
            yield f"  {' '.join(lot['figures']['said'])}"
        if lot["potential"]:
            yield f"  {t('need.ideas')}: {needs.ideas(lot['potential'])}"
        yield ""
    yield answer["notice"]


@click.command()
@click.argument("file", type=click.File("rb"))
@LANG
@click.option(
    "--sheet", default="", help="Name of the sheet; default: the one most like a programme."
)
@click.option(
    "--head",
    default="",
    metavar="ROW",
    help="Row of the headings, 0 = none; default: as recognised.",
)
@click.option(
    "--column", "columns", multiple=True, metavar="NAME=LETTER",
    help=f"Where something stands, as cpv=D ({', '.join(COLUMNS)}; cpv= = nowhere); default: as recognised.",
)  # fmt: skip
@BUYER
@JSON
@click.option("--xlsx", type=FILE, help="Write the completed sheet and a summary there.")
@guarded
def programme(
    file: BinaryIO,
    lang: str,
    sheet: str,
    head: str,
    columns: tuple[str, ...],
    buyer: Buyer | None,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """Answer the purchasing programme in FILE (- = standard input; XLSX, XLS, ODS or CSV), line by
    line: trades, suppliers, what may be considered. Up to 2,000 lines and 5 MB.
    """
    known, spoken = services(), language(lang)
    mappings = known.search.mappings
    read = sheets(file.read(MAX_BYTES + 1))
    given, of = choose_columns(
        read, mappings.headings, {"sheet": sheet, "head": head, **_columns(columns)}
    )
    asked = lines(given, of)
    keep_loaded()
    answers = answered_lines(known.search, asked, spoken, buyer=buyer)
    shown = tqdm(
        answers, total=len(asked), desc=given.name, unit="", disable=not sys.stderr.isatty()
    )
    told = programmes.body(given, of, shown, mappings.law, known.presenter, lang)
    t = translator(lang)
    if xlsx is not None:
        _kept(files.workbook(*programmes.sheets(given, of, asked, told, t)), xlsx)
    _said(told, report_programme(told, t), as_json=as_json)


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        name, sign, letter = one.partition("=")
        if not sign or name not in COLUMNS:
            fail(f"--column {one}: write NAME=LETTER, where NAME is one of {', '.join(COLUMNS)}.")
        found[name] = letter
    return found


def report_programme(told: ProgrammeAnswer, t: Translate) -> Iterator[str]:
    """The answer for a terminal: each line of the programme, then what all come to."""
    for one in told["lines"]:
        title = one["title"] or ", ".join(one["cpv"])
        named = ", ".join(needs.trades(one))
        found = f"{named} ({programmes.known_by(one, t)}): " if named else ""
        idea = f" {one['potential']['label']}." if one["potential"] else ""
        yield f"{t('programme.row')} {one['row']} · {title}: {found}{one['said']}{idea}"
        yield from (f"  ! {remark}" for remark in needs.remarks(one))
    yield ""
    count, with_trade = len(told["lines"]), told["with_trade"]
    yield t("programme.found", count=count, with_trade=with_trade)
    for step in told["summary"]["suggestions"]:
        yield f"  {step['label']}: {step['lines']}"
    yield told["notice"]


@click.command("check-suppliers")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"))
@LANG
@JSON
@click.option("--csv", "to", type=FILE, help="Write a table there.")
@click.option("--xlsx", type=FILE, help="Write a workbook with what was spent.")
@guarded
def check_suppliers(
    file: TextIO, lang: str, as_json: bool, to: Path | None, xlsx: Path | None
) -> None:
    """Say which of the suppliers in FILE (- = standard input) are inclusive: a line each, with a
    SIRET, a SIREN or a name in it, as a spreadsheet saves it.
    """
    known = services()
    found = check(known.engine, lines_of_text(file.read()), known.search.scope.holds)
    answer = inclusive.body(found, known.presenter.names, lang, known.search.mappings.figures)
    if to is not None:
        with to.open("wb") as out:
            out.writelines(files.lines(inclusive.headers(lang), inclusive.rows(answer), lang))
    if xlsx is not None:
        _kept(files.workbook(*inclusive.sheets(answer, lang)), xlsx)
    _said(answer, report_check(answer, lang), as_json=as_json)


def report_check(answer: CheckAnswer, lang: str) -> Iterator[str]:
    """The answer for a terminal: each line with its suppliers, how many are inclusive, what was
    spent.
    """
    for one in answer["results"]:
        yield f"{one['given']}: {one['said']}"
        for each in one["suppliers"]:
            sectors = ", ".join(
                sector["label"] for sector in (*each["sectors"], *each["inferred_sectors"])
            )
            told = (
                each["display_name"],
                each["kind"],
                each["address"]["city"],
                sectors,
                each["id"],
            )
            yield f"  {' · '.join(filter(None, told))}"
    counts = {name: answer[name] for name in ("asked", "inclusive", "to_confirm", "percent")}
    yield t("inclusive.summary", lang, **counts)
    if answer["spend"]:
        yield inclusive.said_spend(answer["spend"], lang)
