"""What each facet is; counts → what is shown: labelled, ordered, with every chosen value there, even at zero."""

from collections.abc import Callable, Iterable, Mapping
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

    `fixed`: values always shown in their own order, whatever the counts; empty = by count. `selected` gives the
    values a request has chosen.
    """

    name: str
    parameter: str
    source: Source
    selected: Callable[[SearchRequest], tuple[str, ...]]
    fixed: bool = False


def _filter(name: str) -> Callable[[SearchRequest], tuple[str, ...]]:
    def selected(request: SearchRequest) -> tuple[str, ...]:
        chosen: tuple[str, ...] = getattr(request.filters, name)
        return chosen

    return selected


def _coverage(request: SearchRequest) -> tuple[str, ...]:
    return (str(request.coverage),)


def _national(request: SearchRequest) -> tuple[str, ...]:
    return (str(request.national),)


def _facet(name: str) -> Facet:
    fixed = FACETS[name].fixed
    if name in SWITCHES:
        return Facet(name, name, "catalogue", SWITCHES[name], fixed)
    parameter = "sector" if name == "sector_group" else name
    source = SOURCES.get(name, "vocabulary")
    return Facet(name, parameter, source, _filter(parameter), fixed)


SWITCHES = {"coverage": _coverage, "national": _national}
SOURCES: dict[str, Source] = {"department": "department", "region": "region"}
FACET_LIST = tuple(map(_facet, FACETS))
BY_NAME = {facet.name: facet for facet in FACET_LIST}

CATALOGUE_VALUES = {"coverage": tuple(map(str, Coverage)), "national": tuple(map(str, National))}
"""Values of the facets that are switches of the search rather than terms of the vocabulary."""

assert {facet.parameter for facet in FACET_LIST} <= {*Filters.__dataclass_fields__, "coverage", "national"}


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
