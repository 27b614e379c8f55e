"""An immutable part of the index: columns, postings and activities of some documents, numbered in
id order.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial, reduce
from operator import or_
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import (
    NONE,
    Bools,
    Floats,
    Int32s,
    Int64s,
    Ints,
    expand_ranges,
    mask_of,
    nonzero,
    offsets,
    stable_order,
)
from discovery.engine.embedded.postings import Holdings, Lists, Postings, SharedTexts, WordLists
from discovery.engine.port import Coverage, National, Order, lot
from discovery.engine.words import offered
from discovery.model import dataclass
from discovery.places.geo import EARTH_RADIUS_KM
from discovery.places.name_index import NearKeys


@dataclass(frozen=True)
class Points:
    """Places on the unit sphere. A chord's square, in coordinate differences, is exact to a hair at
    any distance and needs no trigonometry: it is four times the haversine.
    """

    x: Floats
    y: Floats
    z: Floats

    @classmethod
    def of(cls, lat: Floats, lon: Floats) -> "Points":
        """Places of latitudes and longitudes in degrees, two arrays of the same shape."""
        phi, theta = np.radians(lat), np.radians(lon)
        parallel = np.cos(phi)
        return cls(parallel * np.cos(theta), parallel * np.sin(theta), np.sin(phi))

    def of_some(self, chosen: Ints | slice) -> "Points":
        """Some of the places, by number or slice; a slice copies nothing."""
        return Points(self.x[chosen], self.y[chosen], self.z[chosen])

    def square_chords(self, lat: float, lon: float) -> Floats:
        """Squares of the straight lines from one point (degrees) to each place, in sphere radii; 0
        to
        4.
        """
        phi, theta = math.radians(lat), math.radians(lon)
        out: Floats = self.x - math.cos(phi) * math.cos(theta)
        out *= out
        for held, origin in ((self.y, math.cos(phi) * math.sin(theta)), (self.z, math.sin(phi))):
            difference = held - origin
            difference *= difference
            out += difference
        return out


def square_chord(km: float) -> float:
    """The square chord of a great-circle distance in km: 4 sin²(km / 2R); 4 (the diameter's) from
    half the sphere's girth on.
    """
    angle = km / EARTH_RADIUS_KM
    return 4.0 if angle >= math.pi else 4 * math.sin(angle / 2) ** 2


@dataclass(frozen=True)
class Column:
    """The values of one field, as small numbers (codes) into `values`.

    `rows` documents (or activities) with zero or more of `values` each, never the same one twice.

    Row i has `codes[starts[i]:starts[i + 1]]`; when no row has several, `starts` is None and
    `codes` holds one a row, `len(values)` for none.
    """

    rows: int
    values: tuple[str, ...]
    codes: npt.NDArray[np.unsignedinteger[Any]]
    starts: Ints | None

    @classmethod
    def build(
        cls, terms: Int32s, counts: npt.NDArray[np.integer[Any]], strings: Sequence[str | None]
    ) -> "Column":
        """Make a column of the term ids of all rows, one row after the other, and the number of
        terms of each row. `strings`: text by term id; those in use are never None.
        """
        used = nonzero(mask_of(len(strings), terms))
        values = tuple(str(strings[term]) for term in used.tolist())
        code_of = np.zeros(len(strings), dtype=np.min_scalar_type(len(values)))
        code_of[used] = np.arange(len(used))
        narrow = code_of[terms]
        if len(counts) and int(counts.max()) > 1:
            return cls(len(counts), values, narrow, offsets(counts))
        single = np.full(len(counts), len(values), dtype=narrow.dtype)
        single[counts > 0] = narrow
        return cls(len(counts), values, single, None)

    @cached_property
    def code(self) -> dict[str, int]:
        return {value: code for code, value in enumerate(self.values)}

    @property
    def filled(self) -> Bools:
        """By row, whether it has a value; a fresh array."""
        return self.codes < len(self.values) if self.starts is None else np.diff(self.starts) > 0

    @cached_property
    def _postings(self) -> tuple[Int32s, Ints]:
        """Rows in order of their code, and where each code's begin."""
        each = self.filled.astype(np.intp) if self.starts is None else np.diff(self.starts)
        rows = np.repeat(np.arange(self.rows, dtype=np.int32), each)
        codes = self.codes if self.starts is not None else self.codes[rows]
        return rows[stable_order(codes)], offsets(np.bincount(codes, minlength=len(self.values)))

    def rows_of(self, value: str) -> Ints:
        """Numbers of the rows that have the value, ascending."""
        code = self.code.get(value)
        if code is None:
            return NONE
        rows, starts = self._postings
        return rows[starts[code] : starts[code + 1]].astype(np.intp)

    def having(self, values: Iterable[str]) -> Bools:
        """By row, whether it has any of the values; shape (rows,), a fresh array."""
        out = np.zeros(self.rows, dtype=np.bool_)
        for value in values:
            out[self.rows_of(value)] = True
        return out

    def tally(self, chosen: Ints) -> Ints:
        """By code, how many of the chosen rows have it; shape (len(values),). `chosen`: row
        numbers, ascending.
        """
        count = len(self.values)
        if self.starts is None:
            return np.bincount(self.codes[chosen], minlength=count + 1)[:count]
        starts = self.starts[chosen]
        return np.bincount(
            self.codes[expand_ranges(starts, self.starts[chosen + 1] - starts)], minlength=count
        )


BAND = 1_000.0
"""Degrees between two bands in the keys of `Circles`: more than any latitude and any reach."""


@dataclass(frozen=True)
class Circles:
    """Activities with a circle of their own, in bands of like radii, by latitude within one: a
    point then only looks at a few times the number of those that hold it (of 100,000, some 0.02 ms
    where all take 2).
    """

    keys: Floats
    """BAND x band + latitude, ascending."""
    reaches: Floats
    """By band, its largest radius in kilometres."""
    activities: Ints
    points: Points
    limits: Floats
    """Square chord of each circle's radius."""


ON_ACTIVITIES = ("sector", "sector_group", "service_type")
"""Facets of what activities have."""


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
    """Whether equal sectors of a document always stand side by side (each sector is in one group).
    """
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
    def parts(self) -> Mapping[str, tuple[Sequence[str | None], Ints]]:
        """By facet of sectors and groups: its values, and the code of the value of each pair of
        activity and value.
        """
        parts = {}
        for place, name in enumerate(("sector", "sector_group")):
            code = {
                value: number
                for number, value in enumerate(dict.fromkeys(pair[place] for pair in self.pairs))
            }
            parts[name] = (
                tuple(code),
                np.array([code[pair[place]] for pair in self.pairs], dtype=np.intp),
            )
        return parts

    @cached_property
    def _by_pair(self) -> tuple[Ints, Ints]:
        """Activities in order of their pair, and where each pair's begin."""
        return stable_order(self.pair), offsets(np.bincount(self.pair, minlength=len(self.pairs)))

    def of(self, documents: Ints) -> tuple[Ints, Ints]:
        """(activities, owners) of some documents (their numbers): two arrays of one length, the
        second says whose each activity is.
        """
        starts = self.starts[documents]
        counts = self.starts[documents + 1] - starts
        return expand_ranges(starts, counts), np.repeat(documents, counts)

    def codes(self, slugs: Iterable[str]) -> list[int]:
        """Those of `pairs` that hold one of the sectors or groups (slugs), ascending."""
        return sorted({code for slug in slugs for code in self.pairs_of.get(slug, ())})

    def in_sectors(self, slugs: Sequence[str]) -> Ints:
        """Numbers of the activities that have one of the sectors or groups (slugs), ascending."""
        order, starts = self._by_pair
        codes = self.codes(slugs)
        if not codes:
            return NONE
        found = np.concatenate([order[starts[code] : starts[code + 1]] for code in codes])
        if len(codes) > 1:
            found.sort()
        return found

    def with_services(self, values: Sequence[str]) -> Bools:
        """By activity, whether it has one of the service types; shape (size,), not to be written
        to.
        """
        having = [mask for value, mask in self.services if value in values]
        return reduce(or_, having) if having else np.zeros(self.size, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class ActivityMatch:
    """How each candidate meets what is asked of activities.

    By candidate: whether one of its activities that meet the sector and service filters exists at
    all, is offered over all of France, serves the where by another zone that is declared or
    presumed; and whether the seat lies there.
    """

    exists: Bools | None
    country: Bools
    zone: Bools | None
    presumed: Bools | None
    seat: Bools | None
    """`exists` None: no activity is needed. `zone` None: no where. `presumed` None: such zones
    don't count. `seat` None: everyone's is in it.
    """

    def matches(self, coverage: Coverage, national: National, size: int) -> Bools:
        """By candidate, whether it passes the activity filters and the where; shape (`size`,), a
        fresh array.
        """
        only = national is National.ONLY
        needed = self.country if only else self.exists
        if self.zone is None:
            return np.ones(size, dtype=np.bool_) if needed is None else needed.copy()
        passes = np.zeros(size, dtype=np.bool_)
        if coverage.by_zone:
            declared = coverage is not Coverage.PRESUMED
            if declared and not only:
                passes |= self.zone
            if self.presumed is not None and not only:
                passes |= self.presumed
            if declared and national is not National.EXCLUDE:
                passes |= self.country
        if coverage.by_seat:
            seat = True if self.seat is None else self.seat
            passes |= seat if needed is None else seat & needed
        return passes


class Sized(Protocol):
    """A value that tells its size in bytes."""

    @property
    def nbytes(self) -> int: ...


MIN_BYTES, BYTES_PER_DOCUMENT = 1_000_000, 100

ENTRY_OVERHEAD = 4_000
"""Bytes of a value beside its arrays, its key and the objects of both: most of it in a small index,
where without them a million phrases would seem to take no room.
"""

HOLDINGS_BYTES, HOLDING_OVERHEAD = 4_000_000, 1_000
"""Room for the words of shared texts, and bytes of one beside its arrays, as measured: of 20,865
that the scores of 800 lines of a programme ask for 1,285 are made anew.
"""

KEPT_SHARE = 7 / 8
"""Of a room that is full, what is kept."""


def room(documents: int) -> int:
    """How many bytes an index of so many documents may keep of one kind of thing: of some twenty
    wheres or ten text queries.
    """
    return max(MIN_BYTES, BYTES_PER_DOCUMENT * documents)


K = TypeVar("K")
V = TypeVar("V", bound=Sized)


class ByteBoundedLRU(Generic[K, V]):
    """Values by key, of `room` bytes in all; the one asked for longest ago goes first. `around`:
    bytes of each beside what it says itself.

    Values may grow while they are used: each counts as it was when it was last asked for. Shared by
    threads without a lock, which a forked process could inherit taken: each step is one of a dict's
    own, and two threads that meet make a value twice, or count one amiss until the next sum, at
    worst. Only for values that are the same whoever makes them.
    """

    def __init__(self, room: int, around: int = ENTRY_OVERHEAD) -> None:
        self._room, self._around = room, around
        self._held: dict[K, tuple[V, int]] = {}
        self._bytes = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made when it is not held."""
        held = self._held.pop(key, None)
        value, before = (make(), 0) if held is None else held
        size = value.nbytes + self._around
        self._held[key] = value, size  # last
        self._bytes += size - before
        if self._bytes > self._room:
            self._make_room()
        return value

    def _make_room(self) -> None:
        """Let the oldest go until some of the room is free, but never the last: a sum is made once
        for many values.
        """
        self._bytes = sum(size for _, size in list(self._held.values()))
        for oldest in list(self._held)[:-1]:
            if self._bytes <= self._room * KEPT_SHARE:
                break
            self._bytes -= self._held.pop(oldest, (None, 0))[1]

    def __len__(self) -> int:
        return len(self._held)


@dataclass(frozen=True)
class Zones:
    """Activities that serve the targets: by activity, whether it is one; by document, whether it
    has one.
    """

    among: Bools
    owners: Bools

    @property
    def nbytes(self) -> int:
        return self.among.nbytes + self.owners.nbytes


@dataclass(frozen=True)
class Served:
    """Which activities serve some targets. By zones that are declared, and by those that are
    presumed.
    """

    declared: Zones
    presumed: Zones

    @property
    def nbytes(self) -> int:
        return self.declared.nbytes + self.presumed.nbytes


@dataclass(frozen=True)
class Place:
    """How the documents of a segment stand to some targets.

    `located` by document (None = all of them). `presumed` None: such zones don't count. Not to be
    written to.

    Country zones serve everywhere, unless national is `exclude`; the caller adds them.
    """

    located: Bools | None
    zones: Zones
    presumed: Zones | None


LARGEST_FIRST: Mapping[Order, tuple[str, ...]] = {
    Order.COMPLETENESS: ("completeness", "updated"),
    Order.UPDATED: ("updated",),
    Order.LISTED: ("listed",),
}
"""The numbers of a segment that an order compares, missing ones last."""


@dataclass(frozen=True)
class Segment:
    """`size` documents, numbered 0.. in id order. `strings` is the store's terms, shared and only
    growing.
    """

    size: int
    ids: Sequence[str]
    rows: Sequence[int]
    sirets: npt.NDArray[np.bytes_]
    """Empty when missing."""
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
    listed: Floats
    """Seconds of 1970; `layout.NEVER` when missing."""
    columns: Mapping[str, Column]
    activities: Activities
    postings: Postings
    shared: Postings
    """Of shared texts, where `postings` is of terms."""
    texts: SharedTexts
    """The store's, shared and only growing."""
    lengths: npt.NDArray[np.unsignedinteger[Any]]
    """(text fields, documents): tokens."""
    names: WordLists
    words: Lists
    """Documents by folded word of their own, ascending."""

    def find(self, id_: str) -> int | None:
        """The number of the document with this id; None when it is not here."""
        at = bisect_left(self.ids, id_)
        return at if at < self.size and self.ids[at] == id_ else None

    @property
    def numbers(self) -> Mapping[str, Int32s]:
        """Document field → its number by document; `layout.ABSENT` when missing."""
        return {"completeness": self.completeness, "certification_level": self.level}

    @cached_property
    def seats(self) -> ByteBoundedLRU[Any, Bools]:
        """Cache: where documents sit, of what was asked last (see `where`)."""
        return ByteBoundedLRU(room(self.size))

    @cached_property
    def zones(self) -> ByteBoundedLRU[Any, Served]:
        """Cache: which activities serve a place, of those asked for last."""
        return ByteBoundedLRU(room(self.size))

    @cached_property
    def blends(self) -> ByteBoundedLRU[Any, Floats]:
        """Cache: what documents bring to their score whatever is asked, by the weights and the day
        (see `score`).
        """
        return ByteBoundedLRU(room(self.size))

    @cached_property
    def lots(self) -> Int64s:
        """What equals are ordered by (see `rotation`)."""
        return np.fromiter(map(lot, self.ids), np.int64, self.size)

    @cached_property
    def country(self) -> Bools:
        return self.owners(nonzero(self.activities.country))

    @cached_property
    def active(self) -> Bools:
        """By document, whether it has any activity."""
        return np.diff(self.activities.starts) > 0

    @cached_property
    def trades_known(self) -> Bools:
        """By document, whether it declares an activity of a sector, or there is evidence of one."""
        columns = (self.of_activities["sector"], self.columns["evidence_sectors"])
        return np.logical_or(*(column.filled for column in columns))

    @cached_property
    def of_activities(self) -> Mapping[str, Column]:
        """By facet of `ON_ACTIVITIES`, what the activities of each document have, whatever the
        activity.
        """
        held = self.activities
        pairs = {
            name: (held.document, codes[held.pair], values)
            for name, (values, codes) in held.parts.items()
        }
        numbers = [nonzero(having) for _, having in held.services]
        offered = np.repeat(np.arange(len(numbers)), [len(some) for some in numbers])
        owners = held.document[np.concatenate([NONE, *numbers])]
        pairs["service_type"] = owners, offered, [value for value, _ in held.services]
        columns = {}
        for name, (owners, codes, values) in pairs.items():
            told = np.array([value is not None for value in values], dtype=np.bool_)[codes]
            keys = np.unique(owners[told] * max(1, len(values)) + codes[told])
            counts = np.bincount(keys // max(1, len(values)), minlength=self.size)
            columns[name] = Column.build(
                (keys % max(1, len(values))).astype(np.int32), counts, values
            )
        return columns

    def owners(self, activities: Ints) -> Bools:
        """By document, whether it has one of the activities (numbers); a fresh array."""
        return mask_of(self.size, self.activities.document[activities])

    @cached_property
    def length_stats(self) -> tuple[Int64s, Int64s]:
        """(documents that have it, their tokens), both by text field."""
        return np.count_nonzero(self.lengths, axis=1), self.lengths.sum(axis=1, dtype=np.int64)

    def holding(self, term: int) -> Holdings:
        """The documents that hold a term in shared texts, by field."""
        return self._holding.get(
            term, lambda: self.shared.through(*self.texts.holding(term), self.size)
        )

    def holders(self, fields: Collection[int], terms: Sequence[int]) -> Bools:
        """By document, whether it holds one of the terms in one of the fields; a fresh array."""
        mask = mask_of(self.size, self.postings.having(np.array(terms, dtype=np.intp), fields))
        if not self.shared.fields.isdisjoint(fields):
            texts = np.concatenate([NONE, *(self.texts.holding(term)[0] for term in terms)])
            mask[self.shared.having(texts, fields)] = True
        return mask

    @cached_property
    def _holding(self) -> ByteBoundedLRU[int, Holdings]:
        """Of what was asked last: other words come in the next search."""
        return ByteBoundedLRU(HOLDINGS_BYTES, HOLDING_OVERHEAD)

    def count(self, word: int, alive: Bools) -> int:
        """How many of the documents that are `alive` hold a folded word, in a text of their own or
        a shared one.
        """
        start, end = self.words.span(word)
        own, texts = self.words.items[start:end], self.texts.spelling(word)
        if not len(texts):
            return int(np.count_nonzero(alive[own]))
        mask = mask_of(self.size, own)
        mask[self.shared.having(texts, self.shared.fields)] = True
        return int(np.count_nonzero(mask & alive))

    @cached_property
    def offered(self) -> NearKeys:
        """The folded words of all documents, to be found by near spellings."""
        texts = mask_of(self.texts.count, self.shared.keys & 0xFFFF_FFFF)
        terms = np.unique(np.concatenate([self.words.keys, *self.texts.words(texts)]))
        return offered(self.strings[term] for term in terms.tolist())

    @cached_property
    def by_latitude(self) -> tuple[Floats, Ints, Points]:
        """(latitudes in degrees ascending, document numbers, places on the sphere) of the located
        documents.
        """
        numbers = np.flatnonzero(self.located)
        numbers = numbers[np.argsort(self.lat[numbers], kind="stable")]
        return self.lat[numbers], numbers, self.points.of_some(numbers)

    def key(self, order: Order, document: int) -> tuple[Any, ...]:
        """What an order by name or numbers compares of a document, before its id."""
        if order is Order.NAME:
            name = self.name_keys[document]
            return name is None, name or ""
        return tuple(
            -getattr(self, field)[document].item() for field in LARGEST_FIRST.get(order, ())
        )

    def ordered(self, order: Order) -> tuple[Ints, Ints]:
        """(documents in an order, by document its place in it); equals by their ids."""
        if order not in self._orders:
            if order is Order.NAME:
                documents = np.array(
                    sorted(range(self.size), key=partial(self.key, order)), dtype=np.intp
                )
            else:
                columns = [
                    -getattr(self, field).astype(np.float64)
                    for field in reversed(LARGEST_FIRST.get(order, ()))
                ]
                documents = np.lexsort(columns) if columns else np.arange(self.size)
            places = np.empty(self.size, dtype=np.intp)
            places[documents] = np.arange(self.size)
            self._orders[order] = documents, places
        return self._orders[order]

    @cached_property
    def _orders(self) -> dict[Order, tuple[Ints, Ints]]:
        return {}

    def until(self, order: Order, key: tuple[Any, ...], id_: str) -> int:
        """How many documents come no later in an order than a key and an id."""
        documents, _ = self.ordered(order)
        return bisect_right(
            documents, (*key, id_), key=lambda d: (*self.key(order, d), self.ids[d])
        )

    @cached_property
    def by_siret(self) -> tuple[npt.NDArray[np.bytes_], Ints]:
        """(SIRETs ascending, the document number of each)."""
        order = np.argsort(self.sirets, kind="stable")[np.count_nonzero(self.sirets == b"") :]
        return self.sirets[order], order

    @cached_property
    def name_index(self) -> tuple[list[str], Ints, Ints]:
        """(words of names and brands ascending, where each one's documents start, those document
        numbers).
        """
        terms, inverse = np.unique(self.names.terms, return_inverse=True)
        texts = [self.strings[term] for term in terms.tolist()]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        ranked = place[inverse]
        owners = np.repeat(np.arange(self.size), np.diff(self.names.starts))
        starts = offsets(np.bincount(ranked, minlength=len(texts)))
        return [texts[i] for i in order], starts, owners[np.argsort(ranked, kind="stable")]
