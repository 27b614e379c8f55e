"""`discovery crosswalk CODE`: what a CPV, NAF or ROME code means here, and where that is decided."""

from __future__ import annotations

import click

from discovery.commands.common import fail, guarded
from discovery.mappings import Mappings, load_mappings
from discovery.mappings.codes import code_label, cpv_label, read_code
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.settings import Settings

MAX_NEIGHBOURS = 8
FILES = {"cpv": "vocabulary/crosswalk/cpv.yaml", "rome": "vocabulary/crosswalk/rome.yaml", "naf": "vocabulary/naf.yaml"}


@click.command()
@click.argument("code")
@guarded
def crosswalk(code: str) -> None:
    """Show which sectors CODE means: 90911200, 90910000-9, "CPV 9091", 9091, 81.21Z, K2204."""
    mappings = load_mappings(Settings.from_env().mappings)
    # In a phrase a few digits may be anything; here they can only begin a CPV code.
    found = read_code(code) or read_code(f"CPV {code}")
    if found is None:
        fail(f"'{code}' is no CPV, NAF or ROME code. Write one as 90911200, 9091 (its first digits), 81.21Z or K2204.")
    meaning = mappings.codes.meaning(found.classification, found.code, mappings.vocabulary)
    label = code_label(found.classification, found.code, mappings.vocabulary)
    click.echo(f"{found.classification.upper()} {found.code}" + (f" – {label}" if label else ""))
    if meaning is None:
        click.echo(f"  nobody decided what it means: add it to {FILES[found.classification]}")
        return
    for line in _lines(meaning, mappings):
        click.echo(f"  {line}")
    click.echo(f"  decided by '{meaning.prefix}' in {FILES[found.classification]}")
    if found.classification == "cpv":
        for prefix in _neighbours(meaning.prefix, mappings):
            near = mappings.codes.cpv[prefix]
            says = "none" if near.none else ", ".join(near.all)
            click.echo(f"    beside it: {prefix} {cpv_label(prefix)[:50]} → {says}")


def _lines(meaning: Meaning, mappings: Mappings) -> list[str]:
    if meaning.none:
        return [f"no inclusive trade: {meaning.why}"]
    names = mappings.vocabulary.terms("sector")
    lines = [f"{names[slug].label()} ({slug})" for slug in meaning.sectors]
    lines += [f"{names[slug].label()} ({slug}), related" for slug in meaning.related]
    return lines + ([f"because: {meaning.why}"] if meaning.why else [])


def _neighbours(prefix: str, mappings: Mappings) -> list[str]:
    """The rows that share all but the last digit, and those below."""
    near = [one for one in mappings.codes.cpv if one != prefix and one.startswith(prefix[:-1])]
    return sorted(near, key=lambda one: (not one.startswith(prefix), len(one), one))[:MAX_NEIGHBOURS]
