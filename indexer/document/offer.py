"""What the supplier does, as words to search: its own, and the vocabulary's names for its sectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discovery.config.vocabulary import Term, Vocabulary
from indexer.record import Supplier


class SectorTerms:
    """The names under which each sector is found: its own and its group's, both languages. Compiled once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._terms: dict[str, tuple[str, ...]] = {
            sector.value: tuple(dict.fromkeys((*sector.names(), *vocabulary.sector_groups[sector.group].names())))
            for sector in vocabulary.sectors.values()
        }

    def of(self, sectors: Iterable[str]) -> list[str]:
        """Names of several sectors without repetition: a shared group's name counts once."""
        return list(dict.fromkeys(name for sector in sectors for name in self._terms.get(sector, ())))


def names_of(values: Iterable[str], terms: Mapping[str, Term]) -> list[str]:
    """Every label and synonym of some values of a closed list; a value that the list no longer holds, as it is."""
    return list(
        dict.fromkeys(name for value in values for name in (terms[value].names() if value in terms else (value,)))
    )


def naf_terms(supplier: Supplier, vocabulary: Vocabulary, sector_terms: SectorTerms) -> list[str]:
    """The names of the trade that the registered code tells; empty when it tells none."""
    naf = vocabulary.naf.get(supplier.naf.replace(".", "").upper())
    return list(dict.fromkeys((*naf.names(), *sector_terms.of(naf.sectors)))) if naf else []


def offer(supplier: Supplier, vocabulary: Vocabulary, sector_terms: SectorTerms) -> dict[str, Any]:
    """The searched text of what is offered; absent when there is none, so that it counts in no average."""
    found: dict[str, Any] = {
        "sector_terms": sector_terms.of(activity.sector for activity in supplier.activities),
        "service_terms": names_of(
            dict.fromkeys(code for activity in supplier.activities for code in activity.service_types),
            vocabulary.service_types,
        ),
        "naf_terms": naf_terms(supplier, vocabulary, sector_terms),
        "offers": [text for one in supplier.offers for text in (one.name, one.description) if text],
        "description": supplier.description,
        "client_references": list(supplier.client_references),
    }
    return {key: value for key, value in found.items() if value}
