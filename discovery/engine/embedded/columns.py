"""Columns of keyword values, and the activities of all documents of a segment, with the circles that they serve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import (
    NONE,
    Bools,
    Floats,
    Int32s,
    Ints,
    compact,
    expand_ranges,
    nonzero,
    offsets,
    stable_order,
)
from discovery.engine.port import Coverage, National
from discovery.places.geo import EARTH_RADIUS_KM


@dataclass(frozen=True)
class Points:
    """Places on the unit sphere. A chord's square, in coordinate differences, is exact to a hair at any distance
    and needs no trigonometry: it is four times the haversine."""

    x: Floats
    y: Floats
    z: Floats

    @classmethod
    def of(cls, lat: Floats, lon: Floats) -> Points:
        """Places of latitudes and longitudes in degrees, two arrays of the same shape."""
        phi, theta = np.radians(lat), np.radians(lon)
        parallel = np.cos(phi)
        return cls(parallel * np.cos(theta), parallel * np.sin(theta), np.sin(phi))

    def of_some(self, chosen: Ints | slice) -> Points:
        """Some of the places, by number or slice; a slice copies nothing."""
        return Points(self.x[chosen], self.y[chosen], self.z[chosen])

    def square_chords(self, lat: float, lon: float) -> Floats:
        """Squares of the straight lines from one point (degrees) to each place, in sphere radii; 0 to 4."""
        phi, theta = math.radians(lat), math.radians(lon)
        out: Floats = self.x - math.cos(phi) * math.cos(theta)
        out *= out
        for held, origin in ((self.y, math.cos(phi) * math.sin(theta)), (self.z, math.sin(phi))):
            difference = held - origin
            difference *= difference
            out += difference
        return out


def kilometres(square_chords: Floats) -> Floats:
    """Great-circle distances in km of square chords, same shape: 2 R asin(chord / 2)."""
    half = np.sqrt(square_chords) * 0.5
    out: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0))
    return out


def square_chord(km: float) -> float:
    """The square chord of a great-circle distance in km: 4 sin²(km / 2R); 4 (the diameter's) from half the sphere's
    girth on."""
    angle = km / EARTH_RADIUS_KM
    return 4.0 if angle >= math.pi else 4 * math.sin(angle / 2) ** 2


@dataclass(frozen=True)
class Column:
    """The values of one field, as small numbers (codes) into `values`.

    `rows` documents (or activities) with zero or more of `values` each, never the same one twice.

    `single` holds one code a row (`len(values)` = none) when no row has several; otherwise it is None and row i has
    `codes[starts[i]:starts[i + 1]]`.
    """

    rows: int
    values: tuple[str, ...]
    codes: npt.NDArray[np.unsignedinteger[Any]]
    starts: Ints
    single: npt.NDArray[np.unsignedinteger[Any]] | None

    @classmethod
    def build(cls, terms: Int32s, counts: npt.NDArray[np.integer[Any]], strings: Sequence[str | None]) -> Column:
        """Make a column of the term ids of all rows, one row after the other, and the number of terms of each row.
        `strings`: text by term id; those in use are never None."""
        there = np.zeros(len(strings), dtype=np.bool_)
        there[terms] = True
        used = nonzero(there)
        values = tuple(str(strings[term]) for term in used.tolist())
        code_of = np.zeros(len(strings), dtype=compact(len(values)))
        code_of[used] = np.arange(len(used))
        narrow = code_of[terms]
        single = None
        if not len(counts) or int(counts.max()) <= 1:
            single = np.full(len(counts), len(values), dtype=narrow.dtype)
            single[counts > 0] = narrow
        return cls(len(counts), values, narrow, offsets(counts), single)

    @cached_property
    def code(self) -> dict[str, int]:
        """Value → its code."""
        return {value: code for code, value in enumerate(self.values)}

    @property
    def owners(self) -> Int32s:
        """The row of each code; shape of `codes`."""
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.starts))

    @cached_property
    def _postings(self) -> tuple[Int32s, Ints]:
        """Rows in order of their code, and where each code's begin."""
        return self.owners[stable_order(self.codes)], offsets(np.bincount(self.codes, minlength=len(self.values)))

    def rows_of(self, value: str) -> Ints:
        """Interner of the rows that have the value, ascending."""
        code = self.code.get(value)
        if code is None:
            return NONE
        rows, starts = self._postings
        found: Ints = rows[starts[code] : starts[code + 1]].astype(np.intp)
        return found

    def having(self, values: Iterable[str]) -> Bools:
        """By row, whether it has any of the values; shape (rows,), a fresh array."""
        codes = [self.code[value] for value in values if value in self.code]
        out = np.zeros(self.rows, dtype=np.bool_)
        rows, starts = self._postings
        for code in codes:
            out[rows[starts[code] : starts[code + 1]].astype(np.intp)] = True
        return out

    def tally(self, chosen: Ints) -> Ints:
        """By code, how many of the chosen rows have it; shape (len(values),). `chosen`: row numbers, ascending."""
        count = len(self.values)
        if self.single is not None:
            return np.bincount(self.single[chosen], minlength=count + 1)[:count]
        starts = self.starts[chosen]
        return np.bincount(self.codes[expand_ranges(starts, self.starts[chosen + 1] - starts)], minlength=count)


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
        """Interner of the activities offered over all of France, ascending."""
        return nonzero(self.country)

    def of(self, documents: Ints) -> tuple[Ints, Ints]:
        """(activities, owners) of some documents (their numbers): two arrays of one length, the second says whose
        each activity is."""
        starts = self.starts[documents]
        counts = self.starts[documents + 1] - starts
        return expand_ranges(starts, counts), np.repeat(documents, counts)

    def in_sectors(self, slugs: Sequence[str]) -> Ints:
        """Interner of the activities that have one of the sectors or groups (slugs), ascending."""
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
