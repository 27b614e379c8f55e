"""`discovery tokens "text"`: what the analysis makes of a text."""

from __future__ import annotations

from collections.abc import Mapping

import click

from discovery.commands.common import fail, guarded, services, typed
from discovery.engine.analysis import Analysis
from discovery.engine.port import EngineUnavailable
from discovery.mappings import Mappings, MappingsError
from discovery.search.words import FRENCH


@click.command()
@click.argument("text")
@click.option("--field", default="description", show_default=True, help="The field whose analyzer is used.")
@guarded
def tokens(text: str, field: str) -> None:
    """Print the tokens of TEXT: position, place in the text, surface → token, and the equivalents of the token."""
    known = services()
    fields = {
        name: mapping["analyzer"]
        for name, mapping in known.definition.body["mappings"]["properties"].items()
        if mapping.get("type") == "text"
    }
    if field not in fields:
        fail(f"--field {field}: no such text field; one of {', '.join(fields)}")
    try:
        analysis, source = known.engine.analysis(), "the index that serves"
    except EngineUnavailable:
        analysis, source = known.definition.analysis, "mappings/ (no index serves yet)"
    equivalents = _equivalents(known.mappings, analysis)
    text = typed(text)
    click.echo(f"analyzer {fields[field]}, of {source}")
    for token in analysis.tokens(fields[field], text):
        others = equivalents.get(token.term, ()) if fields[field] == FRENCH else ()
        also = f"   = {', '.join(others)}" if others else ""
        surface = text[token.start : token.end]
        click.echo(f"{token.position:>4}  {token.start:>4}–{token.end:<4} {surface} → {token.term}{also}")


def _equivalents(mappings: Mappings, analysis: Analysis) -> Mapping[str, tuple[str, ...]]:
    """None when an older index can't read today's rules: the service searches without them too."""
    try:
        return mappings.equivalences.compile(lambda word: analysis.terms(FRENCH, word))
    except MappingsError:
        return {}
