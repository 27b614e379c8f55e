"""Facet counts on one segment, from the candidates of one match (see `match`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import Bools, Ints, nonzero
from discovery.engine.embedded.layout import PARAMETERS
from discovery.engine.embedded.match import Matches, asked_for, limits, meeting_where
from discovery.engine.embedded.segment import Segment
from discovery.engine.port import Coverage, Filters, National, SearchRequest

Counts = dict[str, int]
_ON_ACTIVITIES = {"sector", "sector_group", "service_type"}


def count(matches: Matches, request: SearchRequest) -> dict[str, Counts]:
    """Facet asked for → value → its count, zeros left out."""
    facets: dict[str, Counts] = {}
    for name in request.facets:
        if name in PARAMETERS:
            facets[name] = _documents(matches, name)
        elif name == "coverage":
            facets[name] = _readings(matches, {c.value: (c, request.national) for c in Coverage}, request.targets == ())
        elif name == "national":
            facets[name] = _readings(matches, {n.value: (request.coverage, n) for n in National}, False)
    asked = _ON_ACTIVITIES.intersection(request.facets)
    if asked:
        facets |= _activities(matches, request, asked)
    return {name: facets[name] for name in request.facets if name in facets}


def _named(values: Sequence[str | None], counts: Ints) -> Counts:
    there = nonzero(counts)
    return {
        value: number
        for code, number in zip(there.tolist(), counts[there].tolist(), strict=True)
        if (value := values[code]) is not None
    }


def _documents(matches: Matches, parameter: str) -> Counts:
    column = matches.view.segment.columns[PARAMETERS[parameter]]
    counts = column.tally(matches.found)
    failing = matches.fails.get(parameter)
    if failing is not None:
        counts = counts + column.tally(matches.candidates[failing & matches.passes])
    return _named(column.values, counts)


def _readings(matches: Matches, readings: dict[str, tuple[Coverage, National]], all_alike: bool) -> Counts:
    """Totals under each reading of coverage and national."""
    size = len(matches.candidates)
    clean = None if matches.failures is None else ~matches.failures
    counts: Counts = {}
    for value, (coverage, national) in readings.items():
        if all_alike:
            number = len(matches.found)
        else:
            passes = matches.able.matches(coverage, national, size)
            number = int(np.count_nonzero(passes if clean is None else passes & clean))
        if number:
            counts[value] = number
    return counts


def _activities(matches: Matches, request: SearchRequest, asked: set[str]) -> dict[str, Counts]:
    """Suppliers with an activity that has the value and meets the where and the other activity filter."""
    segment, filters = matches.view.segment, request.filters
    clean = matches.clean()
    limited = limits(segment, request)
    facets: dict[str, Counts] = {}
    by_sector = asked & {"sector", "sector_group"}

    def select(other: Filters) -> tuple[Ints, Ints]:
        meeting = asked_for(segment, other) if other.on_activity else None
        return _select(matches, request, clean, _both(limited, meeting))

    selected: tuple[Ints, Ints] | None = None
    if by_sector:
        selected = select(Filters(service_type=filters.service_type))
        facets |= _by_sector(segment, by_sector, *selected)
    if "service_type" in asked:
        if selected is None or filters.service_type or filters.sector:
            selected = select(Filters(sector=filters.sector))
        chosen, owner = selected
        counts = {value: _distinct(owner[having[chosen]]) for value, having in segment.activities.services}
        facets["service_type"] = {value: number for value, number in counts.items() if number}
    return facets


def _both(a: Bools | None, b: Bools | None) -> Bools | None:
    if a is None or b is None:
        return a if b is None else b
    return a & b


def _select(matches: Matches, request: SearchRequest, documents: Ints, asked: Bools | None) -> tuple[Ints, Ints]:
    """The activities of some documents that meet the where and are among those asked for (None = all), ascending, and
    the document of each."""
    segment = matches.view.segment
    chosen, owner = segment.activities.of(documents)
    kept = _both(meeting_where(segment, request, matches.place, chosen), None if asked is None else asked[chosen])
    return (chosen, owner) if kept is None else (chosen[kept], owner[kept])


def _by_sector(segment: Segment, asked: set[str], chosen: Ints, owner: Ints) -> dict[str, Counts]:
    activities = segment.activities
    pairs = activities.pair[chosen]
    facets = {}
    if "sector" in asked:
        facets["sector"] = _by_pair(segment, 0, pairs, owner, adjacent=activities.adjacent)
    if "sector_group" in asked:
        facets["sector_group"] = _by_pair(segment, 1, pairs, owner, adjacent=True)
    return facets


def _distinct(owners: Ints) -> int:
    """Number of different values of an ascending array."""
    return int(np.count_nonzero(owners[1:] != owners[:-1])) + 1 if len(owners) else 0


def _by_pair(
    segment: Segment,
    part: int,
    pairs: npt.NDArray[np.unsignedinteger[Any]],
    owners: Ints,
    *,
    adjacent: bool,
) -> Counts:
    """Suppliers by sector (part 0) or group (part 1) of the activities, each supplier once a value."""
    values, code_of = segment.activities.parts[part]
    codes = code_of[pairs]
    if not adjacent:
        keys = np.unique(owners * len(values) + codes)
        return _named(values, np.bincount(keys % len(values), minlength=len(values)))
    if not len(codes):
        return {}
    first = np.ones(len(codes), dtype=np.bool_)
    first[1:] = (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])
    return _named(values, np.bincount(codes[first], minlength=len(values)))
