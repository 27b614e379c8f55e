"""Counts → what is shown: labelled, ordered, with every chosen value there, even at zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import SearchRequest
from discovery.facets.definitions import BY_NAME, CATALOGUE_VALUES, Facet
from discovery.gazetteer import Gazetteer, normalise

Text = Callable[[str, str], str]
"""(code, language) → words of the catalogue: `coverage_located`, `national_only`…"""


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Who names the values of facets. The lists are closed, so each is named once, when it is first shown."""

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    text: Text
    _named: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def labels(self, facet: Facet, values: Iterable[str], lang: str) -> dict[str, str]:
        """Names of values; the value itself when nobody knows it (a term dropped since the index was built)."""
        known = self._named.get((facet.name, lang))
        if known is None:
            known = self._named[facet.name, lang] = self._list(facet, lang)
        return {value: known.get(value, value) for value in values}

    def _list(self, facet: Facet, lang: str) -> dict[str, str]:
        match facet.source:
            case "department" | "region":
                places = self.gazetteer.departments() if facet.source == "department" else self.gazetteer.regions()
                return {one.code: self.gazetteer.label(f"{facet.source}:{one.code}", lang) for one in places}
            case "catalogue":
                return {value: self.text(f"{facet.name}_{value}", lang) for value in CATALOGUE_VALUES[facet.name]}
            case _:
                return {value: term.label(lang) for value, term in self.vocabulary.terms(facet.name).items()}


def present(
    counts: Mapping[str, Mapping[str, int]], request: SearchRequest, names: Names, lang: str = "fr"
) -> dict[str, list[FacetValue]]:
    """Each counted facet, in the order of the definitions."""
    return {
        name: _values(facet, counts[name], request, names, lang) for name, facet in BY_NAME.items() if name in counts
    }


def _values(
    facet: Facet, counts: Mapping[str, int], request: SearchRequest, names: Names, lang: str
) -> list[FacetValue]:
    """Most frequent first, then by label; bands and switches keep their own order."""
    chosen = [value for value in facet.selected(request) if _belongs(facet, value, names)]
    order = _fixed_order(facet, names)
    shown = dict.fromkeys([*(value for value in order if facet.source == "catalogue"), *counts, *chosen])
    labels = names.labels(facet, shown, lang)
    if facet.fixed:
        ordered = sorted(labels, key=lambda value: order.index(value) if value in order else len(order))
    else:
        ordered = sorted(labels, key=lambda value: (-counts.get(value, 0), _folded(labels[value]), value))
    return [FacetValue(value, labels[value], counts.get(value, 0), value in chosen) for value in ordered]


@lru_cache(maxsize=4096)
def _folded(label: str) -> str:
    return normalise(label)


def _belongs(facet: Facet, value: str, names: Names) -> bool:
    """`sector` chooses sectors and groups: each is shown by its own facet only."""
    if facet.parameter != "sector":
        return True
    return (value in names.vocabulary.sector_groups) == (facet.name == "sector_group")


def _fixed_order(facet: Facet, names: Names) -> tuple[str, ...]:
    if facet.source == "catalogue":
        return CATALOGUE_VALUES[facet.name]
    return tuple(names.vocabulary.terms(facet.name)) if facet.fixed else ()
