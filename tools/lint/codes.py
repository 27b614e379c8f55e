"""Codes of other classifications: rows that no code meets, rows that decide nothing, divisions that
nobody decided, sectors that no code names.
"""

from collections.abc import Iterator
from pathlib import Path

from discovery.mappings import Mappings, Problem
from discovery.mappings.codes import cpv_codes, cpv_label
from discovery.mappings.crosswalk import SHORTEST_CPV
from discovery.mappings.files import CPV, file_of


def doubts(mappings: Mappings) -> Iterator[Problem]:
    """Problems of the crosswalk: what parses and can't be meant."""
    file, decided = file_of(mappings.path, CPV), mappings.codes.cpv
    begun = {code[:length] for code in cpv_codes() for length in range(len(code) + 1)}
    for prefix, meaning in decided.items():
        if prefix not in begun:
            yield Problem(
                file, 0, f"'{prefix}' begins no code of CPV 2008", "correct it, or delete the row"
            )
        parent = mappings.codes.meaning("cpv", prefix[:-1], mappings.vocabulary)
        if parent and (parent.sectors, parent.related, parent.none) == (
            meaning.sectors,
            meaning.related,
            meaning.none,
        ):
            yield Problem(
                file, 0, f"'{prefix}' says what '{parent.prefix}' says already", "delete the row"
            )
    for division in sorted({code[:SHORTEST_CPV] for code in cpv_codes()} - decided.keys()):
        said = f"division {division} ({cpv_label(division)}) is not decided"
        yield Problem(file, 0, said, "give it sectors, or `none: true` and why")
    yield from _unnamed(mappings, file)


def _unnamed(mappings: Mappings, file: Path) -> Iterator[Problem]:
    """A group's row finds its sectors, and yet tells nobody which code is theirs."""
    named = {slug for meaning in mappings.codes.cpv.values() for slug in meaning.all}
    without = mappings.codes.without_cpv
    for slug in mappings.vocabulary.sectors:
        if slug not in named | without:
            fix = "give it the rows of its codes, or a place in `without_code` and why"
            yield Problem(file, 0, f"no CPV code names the sector '{slug}'", fix)
        elif slug in named & without:
            yield Problem(
                file,
                0,
                f"'{slug}' stands in `without_code`, and a row names it",
                "delete one of the two",
            )
