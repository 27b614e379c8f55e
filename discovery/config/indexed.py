"""What of the vocabulary stands in documents: when it changes, they must be made again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.config.crosswalk import Codes
from discovery.config.vocabulary import Term, Vocabulary
from discovery.schema.attributes import WORDS


def indexed(vocabulary: Vocabulary, codes: Codes) -> dict[str, Any]:
    """The parts of the vocabulary that stand in documents, as plain values, for the fingerprint. All else is read
    when somebody searches: sentences about kinds, their names, families, legal forms, territories.
    `indexer/document` is what reads these; a test compares."""
    return {
        "kinds": {kind.value: kind.group for kind in vocabulary.kinds.values()},
        "hidden_kinds": sorted(vocabulary.hidden_kinds),
        "sector_groups": _names(vocabulary.sector_groups),
        "sectors": {one.value: [one.group, *one.names()] for one in vocabulary.sectors.values()},
        "naf": {one.value: [list(one.names()), list(one.sectors)] for one in vocabulary.naf.values()},
        "evidence": {one.value: [one.strength, one.related] for one in vocabulary.evidence.values()},
        "own_words": [[list(one.words), list(one.sectors), one.names_only] for one in vocabulary.own_words.told],
        "codes": {
            code: [list(meaning.sectors), list(meaning.related)]
            for meanings in (codes.cpv, codes.rome)
            for code, meaning in meanings.items()
        },
        "labels": {one.value: one.certification for one in vocabulary.sources.values() if one.certification},
        "service_types": _names(vocabulary.service_types),
        **{one.vocabulary: _names(vocabulary.terms(one.name)) for one in WORDS},
        "presumed_km": dict(vocabulary.presumed_km),
        "employees": {band.value: [band.minimum, band.maximum] for band in vocabulary.employees.values()},
    }


def _names(terms: Mapping[str, Term]) -> dict[str, list[str]]:
    return {term.value: list(term.names()) for term in terms.values()}
