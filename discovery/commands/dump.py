"""`discovery dump`: the suppliers that may be published, as files for everybody."""

import csv
import io
import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from discovery.answers import open_data
from discovery.answers.files import safe
from discovery.commands.common import guarded, services
from discovery.context import Services
from discovery.model.masking import masked
from discovery.pages.static.view import FOLDER, MEDIA
from discovery.search.listing import scan_everybody


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@guarded
def dump(folder: Path | None) -> None:
    """Write suppliers.jsonl, .csv and .geojson, their table schema and a DCAT-AP catalogue into
    FOLDER; without one into the home folder, from where /open-data serves them.

    Left out: who comes from a source without an open licence (vocabulary/sources.yaml), every
    telephone and e-mail address. Each file is replaced whole; run it every night.
    """
    known = services()
    into = folder or known.settings.home / FOLDER
    into.mkdir(parents=True, exist_ok=True)
    published, kept_back = written(known, into)
    click.echo(
        f"{published} suppliers in {into}; {kept_back} left out, whose sources have no open licence"
    )


def written(known: Services, into: Path) -> tuple[int, int]:
    """Write the files of one moment of the index, in bounded memory: (published, kept back),
    numbers of suppliers.
    """
    names, vocabulary = known.presenter.names, known.presenter.names.vocabulary
    published = kept_back = 0
    sources = set[str]()
    with ExitStack() as stack, known.engine.searcher() as view:
        out = {
            name: stack.enter_context((into / f"{name}.part").open("wb"))
            for name in MEDIA
            if "suppliers" in name
        }
        text = io.TextIOWrapper(out["suppliers.csv"], "utf-8", "replace", newline="")
        table = csv.writer(stack.enter_context(text), lineterminator="\r\n")  # as RFC 4180 has it
        table.writerow(open_data.FIELDS)
        out["suppliers.geojson"].write(b'{"type":"FeatureCollection","features":[')
        hits = scan_everybody(view, known.search)
        for hit in hits:
            public = hit.document["public"]
            if not open_data.publishable(public, vocabulary):
                kept_back += 1
                continue
            one = open_data.record(public, names, masked)
            sources.update(one["sources"])
            out["suppliers.jsonl"].write(orjson.dumps(one) + b"\n")
            table.writerow(
                safe(cell) if isinstance(cell, str) else cell for cell in open_data.cells(one)
            )
            out["suppliers.geojson"].write(
                (b",\n" if published else b"\n") + orjson.dumps(open_data.feature(one))
            )
            published += 1
        out["suppliers.geojson"].write(b"\n]}\n")
    files = [
        open_data.Written(name, MEDIA[name], (into / f"{name}.part").stat().st_size) for name in out
    ]
    about = open_data.catalogue(
        known.presenter.base, files, sorted(sources), names, datetime.now(UTC)
    )
    for name, content in (("schema.json", open_data.table_schema()), ("catalogue.jsonld", about)):
        (into / f"{name}.part").write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    for name in MEDIA:
        (into / f"{name}.part").replace(into / name)
    return published, kept_back
