"""What the supplier does, as words to search: its own, and the vocabulary's names for its sectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discovery.config.vocabulary import Term, Vocabulary
from indexer.record import Supplier


def as_one(names: Iterable[str]) -> str:
    """Names of one thing as one text: a value to analyse rather than dozens, for every supplier that has the thing.

    The separator gives no token. A test sees to it that no contraction of the analysis reaches across it.
    """
    return " | ".join(names)


class SectorTerms:
    """The names under which each sector is found: its own and its group's, both languages. Compiled once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        groups = {group.value: as_one(group.names()) for group in vocabulary.sector_groups.values()}
        self._terms: dict[str, tuple[str, str]] = {
            sector.value: (as_one(sector.names()), groups[sector.group]) for sector in vocabulary.sectors.values()
        }

    def of(self, sectors: Iterable[str]) -> list[str]:
        """A text a sector and one a group, each once: a group shared by two sectors counts once."""
        return list(dict.fromkeys(text for sector in sectors for text in self._terms.get(sector, ())))


def names_of(values: Iterable[str], terms: Mapping[str, Term]) -> list[str]:
    """A text a value of a closed list: all its names; a value that the list no longer holds, as it is."""
    return [as_one(terms[value].names()) if value in terms else value for value in dict.fromkeys(values)]


def naf_terms(supplier: Supplier, vocabulary: Vocabulary, sector_terms: SectorTerms) -> list[str]:
    """The names of the trade that the registered code tells; empty when it tells none."""
    naf = vocabulary.naf.get(supplier.naf.replace(".", "").upper())
    return [as_one(naf.names()), *sector_terms.of(naf.sectors)] if naf else []


def offer(supplier: Supplier, vocabulary: Vocabulary, sector_terms: SectorTerms) -> dict[str, Any]:
    """The searched text of what is offered; absent when there is none, so that it counts in no average."""
    found: dict[str, Any] = {
        "sector_terms": sector_terms.of(activity.sector for activity in supplier.activities),
        "service_terms": names_of(
            (code for activity in supplier.activities for code in activity.service_types), vocabulary.service_types
        ),
        "naf_terms": naf_terms(supplier, vocabulary, sector_terms),
        "offers": [text for one in supplier.offers for text in (one.name, one.description) if text],
        "description": supplier.description,
        "client_references": list(supplier.client_references),
    }
    return {key: value for key, value in found.items() if value}
