"""Facet counts on one segment, from the candidates of one match (see `match`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import Bools, Ints
from discovery.engine.embedded.column import Column
from discovery.engine.embedded.layout import PARAMETERS
from discovery.engine.embedded.match import Matches, zone_mask
from discovery.engine.embedded.segment import Segment
from discovery.engine.port import Coverage, National, SearchRequest

Counts = dict[str, int]
_ON_ACTIVITIES = {"sector", "sector_group", "service_type"}


def count(matches: Matches, request: SearchRequest) -> dict[str, Counts]:
    """Counts above zero by value, of each facet asked for."""
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
    there = np.flatnonzero(counts)
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
    segment, filters = matches.view.segment, request.filters
    clean = matches.clean()
    facets: dict[str, Counts] = {}
    free = matches.place is None and request.national is not National.ONLY
    needs_activities = False
    by_sector = asked & {"sector", "sector_group"}
    if free and not filters.service_type:
        for name in by_sector:
            facets[name] = _free(segment.sectors if name == "sector" else segment.groups, clean)
    else:
        needs_activities = bool(by_sector)
    if "service_type" in asked:
        if free and not filters.sector:
            facets["service_type"] = _free(segment.service_types, clean)
        else:
            needs_activities = True
    if needs_activities:
        facets = _on_same_activity(matches, request, clean, asked - facets.keys()) | facets
    return facets


def _free(column: Column, clean: Ints) -> Counts:
    """No other filter bears on activities: the documents' own lists of values will do."""
    return _named(column.values, column.tally(clean))


def _on_same_activity(matches: Matches, request: SearchRequest, clean: Ints, asked: set[str]) -> dict[str, Counts]:
    segment, filters = matches.view.segment, request.filters
    activities = segment.activities
    chosen, owner = activities.of(clean)
    meets = _where(matches, request, clean, chosen, owner)
    if meets is not None:
        chosen, owner = chosen[meets], owner[meets]
    facets: dict[str, Counts] = {}
    if asked & {"sector", "sector_group"}:
        numbers, owners = chosen, owner
        if filters.service_type:
            meets = activities.meeting_services(filters.service_type, chosen)
            numbers, owners = chosen[meets], owner[meets]
        pairs = activities.pair[numbers]
        if "sector" in asked:
            facets["sector"] = _by_pair(segment, 0, pairs, owners, adjacent=activities.adjacent)
        if "sector_group" in asked:
            facets["sector_group"] = _by_pair(segment, 1, pairs, owners, adjacent=True)
    if "service_type" in asked:
        if filters.sector:
            meets = activities.meeting_sectors(filters.sector, chosen)
            chosen, owner = chosen[meets], owner[meets]
        counts = {}
        for value, having in activities.services:
            number = _distinct(owner[having[chosen]])
            if number:
                counts[value] = number
        facets["service_type"] = counts
    return facets


def _where(matches: Matches, request: SearchRequest, clean: Ints, chosen: Ints, owner: Ints) -> Bools | None:
    """Whether each chosen activity meets `national=only` and, with its supplier, the where."""
    segment, place = matches.view.segment, matches.place
    only = request.national is National.ONLY
    if place is None:
        return segment.activities.country[chosen] if only else None
    meets: Bools | None = None
    if request.coverage is not Coverage.SERVES:
        if place.located is None:
            return segment.activities.country[chosen] if only else None
        meets = place.located[clean][owner]
    if request.coverage is not Coverage.LOCATED:
        serves = zone_mask(segment, place)[chosen]
        if request.national is not National.EXCLUDE:
            serves |= segment.activities.country[chosen]
        meets = serves if meets is None else meets | serves
    if only and meets is not None:
        meets &= segment.activities.country[chosen]
    return meets


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
