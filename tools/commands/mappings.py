"""`discovery mappings`: are the analysts' files right, what does their change need, where does the
stemmer mislead?
"""

import json
import sys
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from discovery.commands.common import guarded
from discovery.engine.definition import Definition, define
from discovery.engine.factory import open_catalog
from discovery.engine.port import EngineUnavailable
from discovery.mappings import Settings, load_mappings, packaged_mappings
from discovery.mappings.files import Need, layers
from tools.lint import Report, check, collisions, editor_schema
from tools.lint.change import changes

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def mappings() -> None:
    """The files that analysts own."""


@mappings.command(name="check")
@click.option("--against", type=FOLDER, help="A folder to compare with; default: the packaged one.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@guarded
def check_command(against: Path | None, as_json: bool) -> None:
    """Read every file, look for what can't be meant, and say what the change needs.

    Each finding is a line, `file:line: what is wrong → fix`. Exit code 0: none; 1: the files serve,
    but say something that can't be meant; 2: they can't be used.
    """
    settings = Settings.from_env()
    report = check(settings.mappings)
    folder = settings.mappings or packaged_mappings()
    changed = [] if report.faults else list(changes(against or packaged_mappings(), folder))
    needed = None if report.definition is None else _needed(settings, report.definition)
    if as_json:
        files = {change.file: str(change.need) for change in changed}
        click.echo(
            json.dumps(
                report.as_dict() | {"changes": files, "index": needed}, ensure_ascii=False, indent=2
            )
        )
        sys.exit(report.exit_code)
    for finding in report.findings:
        click.echo(str(finding.problem), err=finding.fault)
    if report.mappings is not None:
        click.echo(_summary(report))
    for change in changed:
        click.echo(f"{change.file}: {_SAYS[change.need]}")
    if needed:
        click.echo(f"Needed: {needed['need']}. {needed['why']}")
    sys.exit(report.exit_code)


_SAYS = {
    Need.NOTHING: "nothing needed",
    Need.RELOAD: "a reload, which a running service does by itself within a second",
    Need.REBUILD: "a rebuild (`indexer rebuild`), then a restart of the service",
}


def _summary(report: Report) -> str:
    assert report.mappings is not None
    vocabulary = report.mappings.vocabulary
    found = len(report.findings)
    said = f"{found} finding{'s' if found > 1 else ''}." if found else "No fault."
    return (
        f"{report.mappings.path}: {len(vocabulary.sectors)} sectors in {len(vocabulary.sector_groups)} groups, "
        f"{len(vocabulary.kinds)} kinds, {len(report.mappings.equivalences.rules)} equivalences, "
        f"profiles: {', '.join(report.mappings.profiles)}. {said}"
    )


def _needed(settings: Settings, wanted: Definition) -> dict[str, Any]:
    """What the index that serves needs before it is that of these files."""
    catalog = open_catalog(settings)
    try:
        serving = catalog.targets().serving
        held = catalog.definition_of(serving) if serving else None
    except EngineUnavailable as error:
        return {"need": "an index", "why": str(error)}
    finally:
        catalog.close()
    if serving is None or held is None:
        return {"need": "an index", "why": "none serves yet: `indexer rebuild`"}
    if held.fingerprint == wanted.fingerprint:
        why = "the same vocabulary and analysis; a running service takes in profiles and words within a second"
        return {"need": str(Need.NOTHING), "why": f"{serving} was built from {why}"}
    why = f"{held.fingerprint}, these files give {wanted.fingerprint}: `indexer rebuild`"
    return {"need": str(Need.REBUILD), "why": f"{serving} was built from {why}"}


@mappings.command(name="diff")
@guarded
def diff_command() -> None:
    """Show what of DISCOVERY_MAPPINGS is one's own: each of its files against the package's."""
    folder, package = Settings.from_env().mappings or packaged_mappings(), packaged_mappings()
    own = list(changes(package, folder))
    for change in own:
        old, new = (read_lines(each / change.file) for each in (package, folder))
        click.echo(
            "".join(unified_diff(old, new, f"package/{change.file}", str(folder / change.file))),
            nl=False,
        )
    if folder != package and len(layers(folder)) == 1:
        click.echo(
            f"{folder} is a whole copy: {len(own)} files differ. Keep those that you mean and remove the others, "
            "suppliers.json too, and the package's stand for them, of this version and of the next.",
            err=True,
        )


def read_lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []


@mappings.command(name="collisions")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@guarded
def collisions_command(as_json: bool) -> None:
    """Words of different sectors that share a stem, and words of one family that are split: settled
    ones included.

    What is neither settled in stems.txt nor accepted in collisions.yaml is a finding of `check`.
    """
    found = load_mappings(Settings.from_env().mappings)
    analysis = define(found).analysis
    shared, split = (
        list(collisions.collisions(found, analysis)),
        list(collisions.families(found, analysis)),
    )
    if as_json:
        told = {
            "shared": [
                {"token": one.token, "words": one.words, "sectors": one.sectors} for one in shared
            ],
            "split": [dict(one.tokens) for one in split],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in shared:
        words = " and ".join(
            f"{word} ({sector})" for word, sector in zip(one.words, one.sectors, strict=True)
        )
        click.echo(f"one token, {one.token}: {words}")
    for family in split:
        click.echo(
            "several tokens: "
            + ", ".join(f"{word} → {token}" for word, token in family.tokens.items())
        )
    open_ = [
        problem for problem in check(found.path).findings if problem.problem.file.name in _SETTLED
    ]
    click.echo(f"{len(shared)} shared, {len(split)} split, {len(open_)} not settled.")
    sys.exit(int(bool(open_)))


_SETTLED = frozenset({"stems.txt", collisions.ACCEPTED})


@mappings.command(name="schema")
@click.option(
    "--write", is_flag=True, help="Into the mappings folder, where the files look for them."
)
@guarded
def schema_command(write: bool) -> None:
    """The JSON Schemas by which editors complete and check profiles and `law.yaml`."""
    texts = {
        file: editor_schema.written(schema) for file, schema in editor_schema.schemas().items()
    }
    if not write:
        click.echo(texts[editor_schema.FILE], nl=False)
        return
    for name, text in texts.items():
        file = (Settings.from_env().mappings or packaged_mappings()) / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"{file} written.")
