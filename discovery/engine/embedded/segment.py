"""An immutable part of the index: columns, postings and activities of some documents, numbered in id order."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
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
    Int64s,
    Ints,
    compact,
    offsets,
    ragged,
    stable_order,
)
from discovery.engine.embedded.column import Column
from discovery.engine.embedded.layout import PARAMETERS
from discovery.engine.port import FACETS
from discovery.gazetteer.geo import EARTH_RADIUS_KM


@dataclass(frozen=True)
class Points:
    """Places on the unit sphere. A chord's square, in coordinate differences, is exact to a hair at any distance
    and needs no trigonometry: it is four times the haversine."""

    x: Floats
    y: Floats
    z: Floats

    @classmethod
    def of(cls, lat: Floats, lon: Floats) -> Points:
        """From degrees, any equal shapes."""
        phi, theta = np.radians(lat), np.radians(lon)
        parallel = np.cos(phi)
        return cls(parallel * np.cos(theta), parallel * np.sin(theta), np.sin(phi))

    def square_chords(self, lat: float, lon: float, chosen: Ints | None = None) -> Floats:
        """Squares of the straight lines from one point (degrees) to all or the chosen ones, in sphere radii."""
        phi, theta = math.radians(lat), math.radians(lon)
        x0, y0, z0 = math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)
        x, y, z = (self.x, self.y, self.z) if chosen is None else (self.x[chosen], self.y[chosen], self.z[chosen])
        dx, dy, dz = x - x0, y - y0, z - z0
        out: Floats = dx * dx
        out += dy * dy
        out += dz * dz
        return out


def kilometres(square_chords: Floats) -> Floats:
    """Great-circle distances of square chords: 2 R asin(chord / 2)."""
    half = np.sqrt(square_chords) * 0.5
    out: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0))
    return out


def square_chord(km: float) -> float:
    """Of a great-circle distance; 4 (the diameter's) from half the sphere's girth on."""
    angle = km / EARTH_RADIUS_KM
    return 4.0 if angle >= math.pi else 4 * math.sin(angle / 2) ** 2


@dataclass(frozen=True)
class RadiusBand:
    """Activities with a circle of at most `radius_km`, in order of latitude, so that a point meets few of them."""

    radius_km: float
    lat: Floats
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
    services: tuple[tuple[str, Bools], ...]
    """Each service type with the activities that have it."""
    places: Column
    within: Column
    bands: tuple[RadiusBand, ...]

    @property
    def size(self) -> int:
        return len(self.document)

    @cached_property
    def pairs_of(self) -> Mapping[str, tuple[int, ...]]:
        """Codes of the pairs that a sector or group slug stands for."""
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
        return np.flatnonzero(self.country)

    def of(self, documents: Ints) -> tuple[Ints, Ints]:
        """The activities of some documents, and the document of each."""
        starts = self.starts[documents]
        counts = self.starts[documents + 1] - starts
        return ragged(starts, counts), np.repeat(documents, counts)

    def in_sectors(self, slugs: Sequence[str]) -> Ints:
        """Activities that have one of the sectors or groups, ascending."""
        order, starts = self._by_pair
        codes = sorted({code for slug in slugs for code in self.pairs_of.get(slug, ())})
        if not codes:
            return NONE
        found = np.concatenate([order[starts[code] : starts[code + 1]] for code in codes])
        if len(codes) > 1:
            found.sort()
        return found

    def with_services(self, values: Sequence[str]) -> Bools:
        """Whether each activity has one of the service types; not to be written to."""
        having = [mask for value, mask in self.services if value in values]
        if not having:
            return np.zeros(self.size, dtype=np.bool_)
        out = having[0]
        for mask in having[1:]:
            out = out | mask
        return out


@dataclass(frozen=True)
class Postings:
    """Documents by (field, term): list k is `documents[starts[k]:starts[k + 1]]`, ascending."""

    keys: Int64s
    """field << 32 | term id, ascending."""
    starts: Ints
    documents: Int32s
    codes: npt.NDArray[np.unsignedinteger[Any]]
    """Of each posting's (term frequency, length byte)."""
    frequencies: Floats
    """By code."""
    lengths: Floats
    """By code: the field length, as Lucene's byte remembers it."""

    def find(self, keys: Int64s) -> list[tuple[int, int]]:
        """Start and end of each key's list; (0, 0) when there is none."""
        if not len(self.keys):
            return [(0, 0)] * len(keys)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        there = self.keys[at] == keys
        return list(zip((self.starts[at] * there).tolist(), (self.starts[at + 1] * there).tolist(), strict=True))


@dataclass(frozen=True)
class WordLists:
    """Folded words by document: document d has `terms[starts[d]:starts[d + 1]]`."""

    terms: Int32s
    starts: Ints


@dataclass(frozen=True)
class Segment:
    """`size` documents, numbered 0.. in id order. `strings` is the store's terms, shared and only growing."""

    size: int
    ids: Sequence[str]
    rows: Sequence[int]
    sirets: Sequence[str | None]
    name_keys: Sequence[str | None]
    strings: Sequence[str]
    live: Bools
    lat: Floats
    lon: Floats
    points: Points
    """Of documents without a location: undefined; see `located`."""
    located: Bools
    completeness: Int32s
    level: Int32s
    updated: Int32s
    """Days of 1970. These three are `layout.ABSENT` when missing."""
    columns: Mapping[str, Column]
    sectors: Column
    groups: Column
    service_types: Column
    """Of the documents' activities, whatever the activity."""
    activities: Activities
    postings: Postings
    lengths: Int32s
    """(text fields, documents): tokens."""
    names: WordLists
    words: WordLists

    def find(self, id_: str) -> int | None:
        """A document's number."""
        at = bisect_left(self.ids, id_)
        return at if at < self.size and self.ids[at] == id_ else None

    @cached_property
    def country(self) -> Bools:
        """Documents with an activity over all of France."""
        return self.owners(self.activities.countrywide)

    @cached_property
    def given_service(self) -> Mapping[str, GivenService]:
        """By service type, what the activities that have it say of their documents."""
        return {value: GivenService(self, having) for value, having in self.activities.services}

    @cached_property
    def board(self) -> Board:
        """All facets of documents side by side."""
        named = [(parameter, self.columns[name]) for parameter, name in PARAMETERS.items() if parameter in FACETS]
        named += [("sector", self.sectors), ("sector_group", self.groups), ("service_type", self.service_types)]
        values: list[tuple[str, str]] = []
        codes, owners = [], []
        for name, column in named:
            codes.append(column.codes.astype(np.int32) + len(values))
            owners.append(column.owners)
            values += [(name, value) for value in column.values]
        owner = np.concatenate(owners)
        order = stable_order(owner)
        counts = np.bincount(owner, minlength=self.size)
        return Board(tuple(values), np.concatenate(codes)[order].astype(compact(len(values))), offsets(counts))

    def owners(self, activities: Ints) -> Bools:
        """Whether each document has one of the activities; a fresh array."""
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[self.activities.document[activities]] = True
        return mask

    @cached_property
    def length_stats(self) -> tuple[Int64s, Int64s]:
        """By text field: documents that have it, and their tokens."""
        return np.count_nonzero(self.lengths, axis=1), self.lengths.sum(axis=1, dtype=np.int64)

    @cached_property
    def word_counts(self) -> Ints:
        """Live documents by folded word (term id)."""
        words = self.words
        return np.bincount(words.terms[np.repeat(self.live, np.diff(words.starts))])

    @cached_property
    def by_latitude(self) -> tuple[Floats, Ints]:
        """Latitudes of the located documents, ascending, and their numbers."""
        numbers = np.flatnonzero(self.located)
        order = np.argsort(self.lat[numbers], kind="stable")
        return self.lat[numbers][order], numbers[order]

    @cached_property
    def by_completeness(self) -> Ints:
        """Each document's place in the order COMPLETENESS."""
        # ABSENT is the smallest number, so it comes last; id order is the documents' own.
        return _places(np.lexsort((-self.updated.astype(np.int64), -self.completeness.astype(np.int64))))

    @cached_property
    def by_update(self) -> Ints:
        return _places(np.argsort(-self.updated.astype(np.int64), kind="stable"))

    @cached_property
    def by_name(self) -> Ints:
        keys = self.name_keys
        order = sorted(range(self.size), key=lambda d: (keys[d] is None, keys[d] or ""))
        return _places(np.array(order, dtype=np.intp))

    @cached_property
    def by_siret(self) -> tuple[list[str], Ints]:
        """SIRETs ascending, and their documents."""
        pairs = sorted((siret, d) for d, siret in enumerate(self.sirets) if siret is not None)
        return [siret for siret, _ in pairs], np.array([d for _, d in pairs], dtype=np.intp)

    @cached_property
    def name_index(self) -> tuple[list[str], Ints, Ints]:
        """Words of names and brands ascending, where each one's documents start, and those documents."""
        terms, inverse = np.unique(self.names.terms, return_inverse=True)
        texts = [self.strings[term] for term in terms.tolist()]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        ranked = place[inverse]
        owners = np.repeat(np.arange(self.size), np.diff(self.names.starts))
        starts = np.zeros(len(texts) + 1, dtype=np.intp)
        np.cumsum(np.bincount(ranked, minlength=len(texts)), out=starts[1:])
        return [texts[i] for i in order], starts, owners[np.argsort(ranked, kind="stable")]


@dataclass(frozen=True)
class Board:
    """Every facet value of each document: d has `codes[starts[d]:starts[d + 1]]`."""

    values: tuple[tuple[str, str], ...]
    """(facet, value) by code."""
    codes: npt.NDArray[np.unsignedinteger[Any]]
    starts: Ints

    def codes_of(self, documents: Ints) -> npt.NDArray[np.unsignedinteger[Any]]:
        starts = self.starts[documents]
        return self.codes[ragged(starts, self.starts[documents + 1] - starts)]


class GivenService:
    """Columns of documents, from the activities of one service type alone; made when first asked for."""

    def __init__(self, segment: Segment, having: Bools) -> None:
        self._segment = segment
        self._having = having

    @cached_property
    def country(self) -> Bools:
        """Documents with an activity of this type over all of France."""
        return self._segment.owners(np.flatnonzero(self._having & self._segment.activities.country))

    @cached_property
    def sectors(self) -> Column:
        return self._column(0)

    @cached_property
    def groups(self) -> Column:
        return self._column(1)

    def _column(self, part: int) -> Column:
        activities = self._segment.activities
        values, code_of = activities.parts[part]
        codes = code_of[activities.pair[self._having]]
        return Column.distinct(activities.document[self._having], codes, self._segment.size, values)


def _part(values: Sequence[str | None]) -> tuple[tuple[str | None, ...], Ints]:
    code = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return tuple(code), np.array([code[value] for value in values], dtype=np.intp)


def _places(order: Ints) -> Ints:
    places = np.empty(len(order), dtype=np.intp)
    places[order] = np.arange(len(order))
    return places
