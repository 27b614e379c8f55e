"""An immutable part of the index: columns, postings and activities of some documents, numbered in id order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from discovery.engine.embedded.arrays import (
    Bools,
    Floats,
    Int32s,
    Int64s,
    Ints,
)
from discovery.engine.embedded.columns import Activities, Column, Points
from discovery.engine.embedded.postings import Holding, Lists, Postings, SharedTexts, WordLists
from discovery.engine.rotation import lot


class Sized(Protocol):
    """A value that tells its size in bytes."""

    @property
    def nbytes(self) -> int: ...


MIN_BYTES, BYTES_PER_DOCUMENT = 4_000_000, 100

ENTRY_OVERHEAD = 4_000
"""Bytes of a value beside its arrays, its key and the objects of both: most of it in a small index, where without them
a million phrases would seem to take no room."""

KEPT_SHARE = 7 / 8
"""Of a room that is full, what is kept."""


def room(documents: int) -> int:
    """How many bytes an index of so many documents may keep of one kind of thing: of a hundred wheres or fifty text
    queries at 10,000 documents, of a fifth as many at 100,000."""
    return max(MIN_BYTES, BYTES_PER_DOCUMENT * documents)


K = TypeVar("K")
V = TypeVar("V", bound=Sized)


class ByteBoundedLRU(Generic[K, V]):
    """Values by key, of `room` bytes in all; the one asked for longest ago goes first. `around`: bytes of each beside
    what it says itself.

    Values may grow while they are used: each counts as it was when it was last asked for. Shared by threads without a
    lock, which a forked process could inherit taken: each step is one of a dict's own, and two threads that meet make
    a value twice, or count one amiss until the next sum, at worst. Only for values that are the same whoever makes
    them.
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
        """Let the oldest go until some of the room is free, but never the last: a sum is made once for many values."""
        self._bytes = sum(size for _, size in list(self._held.values()))
        for oldest in list(self._held)[:-1]:
            if self._bytes <= self._room * KEPT_SHARE:
                break
            gone = self._held.pop(oldest, None)
            self._bytes -= 0 if gone is None else gone[1]

    def __len__(self) -> int:
        return len(self._held)


@dataclass(frozen=True)
class Seats:
    """Who sits in some targets.

    `located`: whether each document is seated in the targets.
    """

    located: Bools

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, for the cache that keeps them."""
        return self.located.nbytes


@dataclass(frozen=True)
class Zones:
    """Activities that serve the targets: their numbers in no order; by activity, whether it is one; by document,
    whether it has one."""

    activities: Ints
    among: Bools
    owners: Bools

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, for the cache that keeps them."""
        return self.activities.nbytes + self.among.nbytes + self.owners.nbytes


@dataclass(frozen=True)
class Served:
    """Which activities serve some targets.

    By zones that are declared, and by those that are presumed.
    """

    declared: Zones
    presumed: Zones

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, for the cache that keeps them."""
        return self.declared.nbytes + self.presumed.nbytes


@dataclass(frozen=True)
class Place:
    """How the documents of a segment stand to some targets.

    `located` by document (None = all of them). `presumed` None: such zones don't count. Not to be written to.

    Country zones serve everywhere, unless national is `exclude`; the caller adds them.
    """

    located: Bools | None
    zones: Zones
    presumed: Zones | None


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
    listed: Floats
    """Seconds of 1970; `layout.NEVER` when missing."""
    columns: Mapping[str, Column]
    activities: Activities
    postings: Postings
    shared: Postings
    """Of shared texts, where `postings` is of terms."""
    texts: SharedTexts
    """The store's, shared and only growing."""
    lengths: Int32s
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
    def seats(self) -> ByteBoundedLRU[Any, Seats]:
        """Cache: where documents sit, of what was asked last (see `where`)."""
        return ByteBoundedLRU(room(self.size))

    @cached_property
    def zones(self) -> ByteBoundedLRU[Any, Served]:
        """Cache: which activities serve a place, of those asked for last."""
        return ByteBoundedLRU(room(self.size))

    @cached_property
    def blends(self) -> ByteBoundedLRU[Any, Floats]:
        """Cache: what documents bring to their score whatever is asked, by the weights and the day (see `score`)."""
        return ByteBoundedLRU(room(self.size))

    @cached_property
    def lots(self) -> Int64s:
        """What equals are ordered by (see `rotation`)."""
        return np.fromiter(map(lot, self.ids), np.int64, self.size)

    @cached_property
    def country(self) -> Bools:
        """By document, whether it has an activity over all of France."""
        return self.owners(self.activities.countrywide)

    @cached_property
    def active(self) -> Bools:
        """By document, whether it has any activity."""
        out: Bools = np.diff(self.activities.starts) > 0
        return out

    @cached_property
    def trades_known(self) -> Bools:
        """By document, whether it declares an activity of a sector, or there is evidence of one."""
        of_a_sector = np.array([sector is not None for sector, _ in self.activities.pairs], dtype=np.bool_)
        declared = self.owners(np.flatnonzero(of_a_sector[self.activities.pair]))
        return declared | (np.diff(self.columns["evidence_sectors"].starts) > 0)

    def owners(self, activities: Ints) -> Bools:
        """By document, whether it has one of the activities (numbers); a fresh array."""
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[self.activities.document[activities]] = True
        return mask

    @cached_property
    def length_stats(self) -> tuple[Int64s, Int64s]:
        """(documents that have it, their tokens), both by text field."""
        return np.count_nonzero(self.lengths, axis=1), self.lengths.sum(axis=1, dtype=np.int64)

    def holding(self, field: int, term: int) -> Holding:
        """The documents that hold a term in a field of shared texts."""
        return self._holding.get(
            (field, term), lambda: self.shared.through(field, *self.texts.holding(term), self.size)
        )

    @cached_property
    def _holding(self) -> ByteBoundedLRU[tuple[int, int], Holding]:
        """Of what was asked last: other words come in the next search, or these in another field's way."""
        return ByteBoundedLRU(room(self.size))

    def count(self, word: int, alive: Bools) -> int:
        """How many of the documents that are `alive` hold a folded word, in a text of their own or a shared one."""
        start, end = self.words.span(word)
        own, texts = self.words.items[start:end], self.texts.spelling(word)
        if not len(texts):
            return int(np.count_nonzero(alive[own]))
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[own] = True
        mask[self.shared.having(texts)] = True
        return int(np.count_nonzero(mask & alive))

    def spelled(self, alive: Bools) -> Int32s:
        """The folded words of the documents that are `alive`, ascending."""
        texts = np.zeros(self.texts.count, dtype=np.bool_)
        counts = np.diff(self.shared.starts)
        texts[np.repeat(self.shared.keys & 0xFFFF_FFFF, counts)[alive[self.shared.documents]]] = True
        return np.unique(np.concatenate([self.words.any(alive), *self.texts.words(texts)]))

    @cached_property
    def by_latitude(self) -> tuple[Floats, Ints, Points]:
        """(latitudes in degrees ascending, document numbers, places on the sphere) of the located documents."""
        numbers = np.flatnonzero(self.located)
        numbers = numbers[np.argsort(self.lat[numbers], kind="stable")]
        return self.lat[numbers], numbers, self.points.of_some(numbers)

    @cached_property
    def by_completeness(self) -> Ints:
        """By document, its place in the order COMPLETENESS (0 = first)."""
        # ABSENT is the smallest number, so it comes last; id order is the documents' own.
        return _places(np.lexsort((-self.updated.astype(np.int64), -self.completeness.astype(np.int64))))

    @cached_property
    def by_update(self) -> Ints:
        """By document, its place in the order UPDATED (0 = first)."""
        return _places(np.argsort(-self.updated.astype(np.int64), kind="stable"))

    @cached_property
    def by_listing(self) -> Ints:
        """By document, its place in the order LISTED (0 = first)."""
        return _places(np.argsort(-self.listed, kind="stable"))

    @cached_property
    def by_name(self) -> Ints:
        """By document, its place in the order NAME (0 = first)."""
        return _places(self._name_order)

    @cached_property
    def _name_order(self) -> Ints:
        return np.array(sorted(range(self.size), key=self._name_key), dtype=np.intp)

    def _name_key(self, document: int) -> tuple[bool, str]:
        name = self.name_keys[document]
        return name is None, name or ""

    def names_until(self, name: str | None, id_: str) -> int:
        """How many documents come no later than a name key and an id, in the order of names."""
        return bisect_right(
            self._name_order, (name is None, name or "", id_), key=lambda d: (*self._name_key(d), self.ids[d])
        )

    @cached_property
    def by_siret(self) -> tuple[list[str], Ints]:
        """(SIRETs ascending, the document number of each)."""
        pairs = sorted((siret, d) for d, siret in enumerate(self.sirets) if siret is not None)
        return [siret for siret, _ in pairs], np.array([d for _, d in pairs], dtype=np.intp)

    @cached_property
    def name_index(self) -> tuple[list[str], Ints, Ints]:
        """(words of names and brands ascending, where each one's documents start, those document numbers)."""
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


def _places(order: Ints) -> Ints:
    places = np.empty(len(order), dtype=np.intp)
    places[order] = np.arange(len(order))
    return places
