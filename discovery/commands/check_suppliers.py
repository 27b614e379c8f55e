"""`discovery check-suppliers FILE`: is my supplier inclusive?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TextIO

import click

from discovery.answers import files, inclusive
from discovery.commands.common import LANG, guarded, services
from discovery.desk.suppliers import check, lines_of_text
from discovery.texts import t


@click.command("check-suppliers")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"))
@LANG
@click.option("--json", "as_json", is_flag=True, help="The API's answer.")
@click.option("--csv", "to", type=click.Path(dir_okay=False, path_type=Path), help="Write a table there.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write a workbook with what was spent.")
@guarded
def check_suppliers(file: TextIO, lang: str, as_json: bool, to: Path | None, xlsx: Path | None) -> None:
    """Say which of the suppliers in FILE (- = standard input) are inclusive: a line each, with a SIRET, a SIREN or a
    name in it, as a spreadsheet saves it."""
    known = services()
    found = check(known.engine, lines_of_text(file.read()), known.search.scope.holds)
    answer = inclusive.body(found, known.presenter.names, lang, known.search.mappings.figures)
    if to is not None:
        with to.open("wb") as out:
            out.writelines(files.lines(inclusive.headers(lang), inclusive.rows(answer), lang))
    if xlsx is not None:
        with files.workbook(*inclusive.sheets(answer, lang)) as book, xlsx.open("wb") as out:
            shutil.copyfileobj(book, out)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for one in answer["results"]:
        click.echo(f"{one['given']}: {one['said']}")
        for each in one["suppliers"]:
            sectors = ", ".join(sector["label"] for sector in (*each["sectors"], *each["inferred_sectors"]))
            place = each["address"]["city"] or ""
            click.echo(
                "  " + " · ".join(filter(None, (each["display_name"], each["kind"], place, sectors, each["id"])))
            )
    counts = {name: answer[name] for name in ("asked", "inclusive", "to_confirm", "percent")}
    click.echo(t("inclusive.summary", lang, **counts))
    if answer["spend"]:
        click.echo(inclusive.said_spend(answer["spend"], lang))
