"""The activities of all documents of a segment, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import NONE, Bools, Floats, Ints, nonzero, offsets, ragged, stable_order
from discovery.engine.embedded.column import Column
from discovery.engine.embedded.sphere import Points
from discovery.engine.port import Coverage, National

BAND = 1_000.0
"""Degrees between two bands in the keys of `Circles`: more than any latitude and any reach."""


@dataclass(frozen=True)
class Circles:
    """Activities with a circle of their own, in bands of like radii, by latitude within one: a point then only looks
    at a few times the number of those that hold it."""

    keys: Floats
    """BAND x band + latitude, ascending."""
    reaches: Floats
    """By band, its largest radius in kilometres."""
    activities: Ints
    points: Points
    limits: Floats
    """Square chord of each circle's radius."""


@dataclass(frozen=True)
class Activities:
    """All activities, document after document; within one, by group then sector."""

    document: Ints
    starts: Ints
    """Activity numbers of document d: starts[d] to starts[d + 1]."""
    pair: npt.NDArray[np.unsignedinteger[Any]]
    """Code of the (sector, group) pair; look-ups by pair give sector and group in one."""
    pairs: tuple[tuple[str | None, str | None], ...]
    adjacent: bool
    """Whether equal sectors of a document always stand side by side (each sector is in one group)."""
    country: Bools
    presumed: Bools
    """Whether nobody declared its zone."""
    services: tuple[tuple[str, Bools], ...]
    """Each service type with the activities that have it."""
    places: Column
    within: Column
    circles: Circles
    """Declared."""
    presumed_circles: Circles

    @property
    def size(self) -> int:
        """How many activities there are."""
        return len(self.document)

    @cached_property
    def pairs_of(self) -> Mapping[str, tuple[int, ...]]:
        """Sector or group slug → the codes of the (sector, group) pairs that it stands for."""
        found: dict[str, tuple[int, ...]] = {}
        for code, pair in enumerate(self.pairs):
            for slug in {slug for slug in pair if slug is not None}:
                found[slug] = (*found.get(slug, ()), code)
        return found

    @cached_property
    def parts(self) -> tuple[tuple[tuple[str | None, ...], Ints], tuple[tuple[str | None, ...], Ints]]:
        """Sectors, then groups: the different values, and each pair's code among them."""
        return _part([sector for sector, _ in self.pairs]), _part([group for _, group in self.pairs])

    @cached_property
    def _by_pair(self) -> tuple[Ints, Ints]:
        """Activities in order of their pair, and where each pair's begin."""
        return stable_order(self.pair), offsets(np.bincount(self.pair, minlength=len(self.pairs)))

    @cached_property
    def countrywide(self) -> Ints:
        """Numbers of the activities offered over all of France, ascending."""
        return nonzero(self.country)

    def of(self, documents: Ints) -> tuple[Ints, Ints]:
        """(activities, owners) of some documents (their numbers): two arrays of one length, the second says whose
        each activity is."""
        starts = self.starts[documents]
        counts = self.starts[documents + 1] - starts
        return ragged(starts, counts), np.repeat(documents, counts)

    def in_sectors(self, slugs: Sequence[str]) -> Ints:
        """Numbers of the activities that have one of the sectors or groups (slugs), ascending."""
        order, starts = self._by_pair
        codes = sorted({code for slug in slugs for code in self.pairs_of.get(slug, ())})
        if not codes:
            return NONE
        found = np.concatenate([order[starts[code] : starts[code + 1]] for code in codes])
        if len(codes) > 1:
            found.sort()
        return found

    def with_services(self, values: Sequence[str]) -> Bools:
        """By activity, whether it has one of the service types; shape (size,), not to be written to."""
        having = [mask for value, mask in self.services if value in values]
        if not having:
            return np.zeros(self.size, dtype=np.bool_)
        out = having[0]
        for mask in having[1:]:
            out = out | mask
        return out


def _part(values: Sequence[str | None]) -> tuple[tuple[str | None, ...], Ints]:
    code = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return tuple(code), np.array([code[value] for value in values], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class ActivityMatch:
    """How each candidate meets what is asked of activities.

    By candidate: whether one of its activities that meet the sector and service filters exists at all, is offered
    over all of France, serves the where by another zone that is declared or presumed; and whether the seat lies
    there.
    """

    exists: Bools | None
    country: Bools
    zone: Bools | None
    presumed: Bools | None
    seat: Bools | None
    """`exists` None: no activity is needed. `zone` None: no where. `presumed` None: such zones don't count.
    `seat` None: everyone's is in it."""

    def matches(self, coverage: Coverage, national: National, size: int) -> Bools:
        """By candidate, whether it passes the activity filters and the where; shape (`size`,), a fresh array."""
        if self.zone is None:
            if national is National.ONLY:
                return self.country.copy()
            return np.ones(size, dtype=np.bool_) if self.exists is None else self.exists.copy()
        serves = self._serves(coverage, national, size)
        if not coverage.by_seat:
            return serves
        if national is National.ONLY:
            needed: Bools | None = self.country
        else:
            needed = self.exists
        if self.seat is None:
            located = np.ones(size, dtype=np.bool_) if needed is None else needed.copy()
        else:
            located = self.seat.copy() if needed is None else self.seat & needed
        return np.logical_or(located, serves, out=located)

    def _serves(self, coverage: Coverage, national: National, size: int) -> Bools:
        """Whether each candidate has an activity that serves the where; a fresh array."""
        serves = np.zeros(size, dtype=np.bool_)
        if not coverage.by_zone:
            return serves
        for zone, counts in (
            (self.zone, coverage is not Coverage.PRESUMED and national is not National.ONLY),
            (self.presumed, national is not National.ONLY),
            (self.country, coverage is not Coverage.PRESUMED and national is not National.EXCLUDE),
        ):
            if counts and zone is not None:
                serves |= zone
        return serves
