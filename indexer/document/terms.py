"""The vocabulary's names for what a supplier is and does: joined once, for they are the same for thousands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discovery.config.vocabulary import Term, Vocabulary
from discovery.schema.attributes import WORDS


def as_one(names: Iterable[str]) -> str:
    """Names of one thing as one text: a value to analyse rather than dozens, for every supplier that has the thing.

    The separator gives no token. A test sees to it that no contraction of the analysis reaches across it.
    """
    return " | ".join(names)


class _Names:
    """A text a value of a closed list: all its names; a value that the list no longer holds, as it is."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._text = {value: as_one(term.names()) for value, term in terms.items()}

    def __call__(self, values: Iterable[str]) -> list[str]:
        return [self._text.get(value, value) for value in dict.fromkeys(values)]


class Terms:
    """The names under which suppliers are found, by what their records say in codes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        groups = {group.value: as_one(group.names()) for group in vocabulary.sector_groups.values()}
        self._sectors = {
            sector.value: (as_one(sector.names()), groups[sector.group]) for sector in vocabulary.sectors.values()
        }
        self._group_of = {sector.value: sector.group for sector in vocabulary.sectors.values()}
        self._naf = {code: [as_one(naf.names()), *self.sectors(naf.sectors)] for code, naf in vocabulary.naf.items()}
        self.service_types = _Names(vocabulary.service_types)
        self.of_codes = {one.field: _Names(vocabulary.terms(one.name)) for one in WORDS}

    def sectors(self, sectors: Iterable[str]) -> list[str]:
        """A text a sector and one a group, each once: a group shared by two sectors counts once."""
        return list(dict.fromkeys(text for sector in sectors for text in self._sectors.get(sector, ())))

    def naf(self, code: str) -> list[str]:
        """The names of the trade that the registered code tells; empty when it tells none."""
        return list(self._naf.get(bare(code), ()))

    def with_groups(self, slugs: Iterable[str]) -> list[str]:
        """Slugs of sectors and groups, then the groups of those sectors; each once."""
        given = list(slugs)
        return list(dict.fromkeys((*given, *(self._group_of[slug] for slug in given if slug in self._group_of))))


def bare(code: str) -> str:
    """A NAF code as the vocabulary writes it: 81.21Z is 8121Z."""
    return code.replace(".", "").upper()
