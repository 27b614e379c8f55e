"""Each facet: its name, its own parameter, who names its values, and the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from discovery.engine.port import FACETS, Coverage, Filters, National, SearchRequest

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


FACET_LIST: tuple[Facet, ...] = (
    Facet("kind", "kind", "vocabulary", _filter("kind")),
    Facet("kind_group", "kind_group", "vocabulary", _filter("kind_group")),
    Facet("sector_group", "sector", "vocabulary", _filter("sector")),
    Facet("sector", "sector", "vocabulary", _filter("sector")),
    Facet("service_type", "service_type", "vocabulary", _filter("service_type")),
    Facet("certification", "certification", "vocabulary", _filter("certification")),
    Facet("network", "network", "vocabulary", _filter("network")),
    Facet("department", "department", "department", _filter("department")),
    Facet("region", "region", "region", _filter("region")),
    Facet("territory", "territory", "vocabulary", _filter("territory")),
    Facet("employees", "employees", "vocabulary", _filter("employees"), fixed=True),
    Facet("coverage", "coverage", "catalogue", _coverage, fixed=True),
    Facet("national", "national", "catalogue", _national, fixed=True),
)
BY_NAME = {facet.name: facet for facet in FACET_LIST}

CATALOGUE_VALUES = {"coverage": tuple(map(str, Coverage)), "national": tuple(map(str, National))}
"""Values of the facets that are switches of the search rather than terms of the vocabulary."""

assert tuple(BY_NAME) == FACETS
assert {facet.parameter for facet in FACET_LIST} <= {*Filters.__dataclass_fields__, "coverage", "national"}
