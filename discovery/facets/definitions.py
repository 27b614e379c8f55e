"""Each facet: its name, its own parameter, who names its values, and the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from discovery.engine.port import Coverage, Filters, National, SearchRequest
from discovery.schema.attributes import FACETS

Source = Literal["vocabulary", "department", "region", "catalogue"]


@dataclass(frozen=True, slots=True)
class Facet:
    """`parameter`: the filter that the facet leaves aside when it counts, and that choosing a value sets.

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
