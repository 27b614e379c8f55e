"""Share of structures with a trade that a search can read, by kind and by what tells it, as a table of Markdown:
`python -m tools.shares FILE…` reads files as `indexer import` does, into a store of its own.

A sector counts for its strongest witness: `declared` by the structure, else a kind of `vocabulary/evidence.yaml`.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from discovery.mappings import load_mappings
from discovery.places import gazetteer
from indexer.document.evidence import EvidenceReader
from indexer.intake.run import import_files
from indexer.record import Supplier
from indexer.store import repository
from indexer.store.engine import migrate, open_store, reading

ALL, ANY, DECLARED = "structures", "any", "declared"


def shares(suppliers: Iterable[Supplier], witnesses: EvidenceReader) -> dict[str, Counter[str]]:
    """Kind → how many structures there are, have any trade, have one by each witness."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in suppliers:
        told = {attested.clue.type for attested in witnesses(one)} | ({DECLARED} if one.activities else set())
        found[one.kind].update([ALL, *told, *([ANY] if told else [])])
    return found


def table(found: Mapping[str, Counter[str]], witnesses: Iterable[str]) -> Iterator[str]:
    """Lines of the table, the commonest kind first, all kinds last."""
    columns = (ANY, DECLARED, *witnesses)
    yield f"| kind | {ALL} | {' | '.join(columns)} |"
    yield "|---" * (len(columns) + 2) + "|"
    whole = sum(found.values(), Counter[str]())
    for kind, counts in [*sorted(found.items(), key=lambda each: -each[1][ALL]), ("all", whole)]:
        parts = (f"{100 * counts[name] / counts[ALL]:.1f} %" for name in columns)
        yield f"| {kind} | {counts[ALL]:,} | {' | '.join(parts)} |"


def main(files: list[str]) -> None:
    mappings = load_mappings()
    places = gazetteer().naming(mappings.places)
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        migrate(store)
        import_files(store, files, mappings=mappings, gazetteer=places)
        with reading(store) as connection:
            batches = (repository.load(connection, ids).values() for ids in repository.stream_ids(connection))
            suppliers = (one for batch in batches for one in batch)
            found = shares(suppliers, EvidenceReader(mappings.vocabulary, mappings.codes))
        store.dispose()
    if not found:
        sys.exit("No row was taken in: `indexer import --report` says why.")
    click.echo("\n".join(table(found, mappings.vocabulary.evidence)))


if __name__ == "__main__":
    main(sys.argv[1:]) if sys.argv[1:] else sys.exit(__doc__)
