"""Share of structures with a trade that a search can read, by kind and by what tells it, as a table
of Markdown: `python -m tools.shares FILE…` reads files as `indexer import` does, into a store of
its own.

`--usual` writes `mappings/trades/usual.yaml` instead: what each kind commonly does, of those whose
trades are known. A sector counts for its strongest witness: `declared` by the structure, else a
kind of `vocabulary/evidence.yaml`.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

import click
from sqlalchemy import select

from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import gazetteer
from indexer.document.evidence import EvidenceReader
from indexer.intake.run import import_files
from indexer.record import Supplier
from indexer.store import repository
from indexer.store.engine import migrate, open_store, reading
from indexer.store.models import SUPPLIER

PRIOR = 20
"""Structures of all kinds that are counted with those of one kind, of which few may be known."""
WHY = "Of public lists, by name, text, code and job; computed by tools.shares, to be corrected by who knows better."
ALL, ANY, DECLARED = "structures", "any", "declared"


def shares(suppliers: Iterable[Supplier], witnesses: EvidenceReader) -> dict[str, Counter[str]]:
    """Kind → how many structures there are, have any trade, have one by each witness."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in suppliers:
        told = {attested.clue.type for attested in witnesses(one)} | (
            {DECLARED} if one.activities else set()
        )
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


def usual(
    suppliers: Iterable[Supplier], witnesses: EvidenceReader, vocabulary: Vocabulary
) -> Iterator[str]:
    """Entries of `usual.yaml`. Where few are known, PRIOR structures that do what all do are
    counted with them.
    """
    known: Counter[str] = Counter()
    doing: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in suppliers:
        told = {attested.sector for attested in witnesses(one)} | {
            each.sector for each in one.activities
        }
        groups = {
            vocabulary.sectors[slug].group if slug in vocabulary.sectors else slug for slug in told
        }
        known[one.kind] += bool(groups)
        doing[one.kind].update(groups & vocabulary.sector_groups.keys())
    every = sum(doing.values(), Counter[str]())
    for kind in vocabulary.kinds:
        share = {
            group: round(
                100 * (doing[kind][group] + PRIOR * count / known.total()) / (known[kind] + PRIOR)
            )
            for group, count in every.most_common()
        }
        percent = ", ".join(
            f"{group}: {share[group]}"
            for group in sorted(share, key=lambda one: -share[one])
            if share[group]
        )
        yield f"  - kind: {kind}\n    known: {known[kind]}"
        yield fill(
            f"percent: {{{percent}}}",
            116,
            initial_indent=" " * 4,
            subsequent_indent=" " * 6,
            break_on_hyphens=False,
        )
        yield f"    why: {WHY}"


def main(files: list[str], *, by_kind: bool) -> None:
    mappings = load_mappings()
    places = gazetteer().naming(mappings.places)
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'store.sqlite'}")
        migrate(store)
        import_files(store, files, mappings=mappings, gazetteer=places)
        with reading(store) as connection:
            suppliers = [
                *repository.load(
                    connection, list(connection.scalars(select(SUPPLIER.c.id)))
                ).values()
            ]
        store.dispose()
    if not suppliers:
        sys.exit("No row was taken in: `indexer import --report` says why.")
    witnesses = EvidenceReader(mappings.vocabulary, mappings.codes)
    if by_kind:
        lines = usual(suppliers, witnesses, mappings.vocabulary)
    else:
        lines = table(shares(suppliers, witnesses), mappings.vocabulary.evidence)
    click.echo("\n".join(lines))


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--usual"]
    main(given, by_kind=given != sys.argv[1:]) if given else sys.exit(__doc__)
