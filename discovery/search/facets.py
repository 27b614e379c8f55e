"""What each facet is; counts → what is shown: labelled, ordered, with every chosen value there, even at zero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from discovery.engine.port import Coverage, Filters, National, SearchRequest
from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import FACETS
from discovery.places import Gazetteer, normalise
from discovery.texts import t

Source = Literal["vocabulary", "department", "region", "catalogue"]


@dataclass(frozen=True, slots=True)
class Facet:
    """How a facet is counted and shown.

    `parameter`: the filter that the facet leaves aside when it counts, and that choosing a value sets.

    `fixed`: values always shown in their own order, whatever the counts; empty = by count.
    """

    name: str
    parameter: str
    source: Source
    fixed: bool = False

    def selected(self, request: SearchRequest) -> tuple[str, ...]:
        """The values that a request has chosen."""
        if self.source == "catalogue":
            return (str(getattr(request, self.name)),)
        chosen: tuple[str, ...] = getattr(request.filters, self.parameter)
        return chosen


SOURCES: dict[str, Source] = {
    "department": "department",
    "region": "region",
    "coverage": "catalogue",
    "national": "catalogue",
}
"""Of facets whose values are not the vocabulary's."""


def _facet(name: str) -> Facet:
    parameter = "sector" if name == "sector_group" else name
    return Facet(name, parameter, SOURCES.get(name, "vocabulary"), FACETS[name].fixed)


BY_NAME = {name: _facet(name) for name in FACETS}

CATALOGUE_VALUES = {"coverage": tuple(map(str, Coverage)), "national": tuple(map(str, National))}
"""Values of the facets that are switches of the search rather than terms of the vocabulary."""

assert {facet.parameter for facet in BY_NAME.values()} <= {*Filters.__dataclass_fields__, "coverage", "national"}


@dataclass(slots=True)
class FacetValue:
    """Not frozen: an answer has some hundred and fifty of them, and a frozen one takes three times as long to make."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Who names the values of facets. The lists are closed, so each is named once, when it is first shown."""

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    _listed: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def labels(self, facet: Facet, values: Iterable[str], lang: str) -> dict[str, str]:
        """Names of values; the value itself when nobody knows it (a term dropped since the index was built)."""
        known = self.listed(facet, lang)
        return {value: known.get(value, value) for value in values}

    def listed(self, facet: Facet, lang: str) -> Mapping[str, str]:
        """Every value with its name: in the list's own order when the facet keeps to it, else by name."""
        known = self._listed.get((facet.name, lang))
        if known is None:
            known = self._named(facet, lang)
            if not facet.fixed:
                known = dict(sorted(known.items(), key=_by_name))
            self._listed[facet.name, lang] = known
        return known

    def _named(self, facet: Facet, lang: str) -> dict[str, str]:
        match facet.source:
            case "department" | "region":
                places = self.gazetteer.departments() if facet.source == "department" else self.gazetteer.regions()
                return {one.code: self.gazetteer.label(f"{facet.source}:{one.code}", lang) for one in places}
            case "catalogue":
                return {value: t(f"label.{facet.name}.{value}", lang) for value in CATALOGUE_VALUES[facet.name]}
            case _:
                return {value: term.label(lang) for value, term in self.vocabulary.terms(facet.name).items()}


def _by_name(item: tuple[str, str]) -> tuple[str, str]:
    value, label = item
    return normalise(label), value


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
    """Most frequent first, then by label; bands and switches keep their own order. Switches show every position."""
    listed = names.listed(facet, lang)
    chosen = [value for value in facet.selected(request) if _belongs(facet, value, names)]
    shown = counts.keys() | chosen
    known = listed if facet.source == "catalogue" else {value: listed[value] for value in listed if value in shown}
    if strangers := shown - known.keys():  # terms dropped since the index was built
        added = {**known, **{value: value for value in sorted(strangers)}}
        known = added if facet.fixed else dict(sorted(added.items(), key=_by_name))
    values = [FacetValue(value, label, counts.get(value, 0), value in chosen) for value, label in known.items()]
    if not facet.fixed:
        values.sort(key=_count, reverse=True)  # stable: among equals the order is that of the names
    return values


_count = attrgetter("count")


def _belongs(facet: Facet, value: str, names: Names) -> bool:
    """`sector` chooses sectors and groups: each is shown by its own facet only."""
    if facet.parameter != "sector":
        return True
    return (value in names.vocabulary.sector_groups) == (facet.name == "sector_group")
