"""Codes of other classifications: rows that no code meets, rows that decide nothing, divisions that nobody decided."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.config import Mappings, Problem
from discovery.config.crosswalk import SHORTEST_CPV, codes_files
from discovery.crosswalk.labels import cpv_codes, cpv_label


def doubts(mappings: Mappings) -> Iterator[Problem]:
    """What parses and can't be meant."""
    file, decided = codes_files(mappings.path)[0], mappings.codes.cpv
    begun = {code[:length] for code in cpv_codes() for length in range(len(code) + 1)}
    for prefix, meaning in decided.items():
        if prefix not in begun:
            yield Problem(file, 0, f"'{prefix}' begins no code of CPV 2008", "correct it, or delete the row")
        parent = mappings.codes.meaning("cpv", prefix[:-1], mappings.vocabulary)
        if parent and (parent.sectors, parent.related, parent.none) == (meaning.sectors, meaning.related, meaning.none):
            yield Problem(file, 0, f"'{prefix}' says what '{parent.prefix}' says already", "delete the row")
    for division in sorted({code[:SHORTEST_CPV] for code in cpv_codes()} - decided.keys()):
        said = f"division {division} ({cpv_label(division)}) is not decided"
        yield Problem(file, 0, said, "give it sectors, or `none: true` and why")
