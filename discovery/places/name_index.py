"""Communes by name: exact, by prefix, one edit away. Answers are rows of the table."""

import heapq
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from zlib import crc32

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from discovery.places.model import is_overseas
from discovery.places.names import (
    normalise,
    normalise_all,
    openings,
    variants,
    without_article,
    without_cedex,
)
from discovery.places.table import CommuneTable, Packed

MIN_LETTERS = 7
"""Shorter names are too often one letter from another word ("Bois", "Mers") to be guessed."""

LONG = 8
"""Letters from which two edits leave a name recognisable."""


def letters(key: str) -> int:
    """Letters and digits of a key: its length without spaces."""
    return len(key) - key.count(" ")


class NearKeys:
    """Keys or words findable through one edit (optimal string alignment distance 1). An edit
    changes the length by one at most: a look-up compares some third of them (.5 ms among 40,000).
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = Packed(sorted(set(keys), key=len))

    def near(self, key: str) -> list[tuple[int, str]]:
        """(edits, key) of every name within one edit of `key`: edits are 0 (the name itself) or 1.
        Sorted.
        """
        first = bisect_left(self._keys, len(key) - 1, key=len)
        names = self._keys.part(first, bisect_right(self._keys, len(key) + 1, lo=first, key=len))
        edits = cdist([key], names, scorer=OSA.distance, score_cutoff=1)[0]
        return sorted((int(edits[at]), names[at]) for at in np.flatnonzero(edits <= 1))


class NearStarts:
    """Keys findable while they are being typed, through one edit, or two once `LONG` letters are
    there.

    The first letter counts: few get it wrong, and with it a look-up measures one key in twenty.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = Packed(sorted(set(keys)))

    def near(self, typed: str) -> list[str]:
        """Keys that start so, but for a typo; in alphabetical order."""
        if not typed:
            return []
        most = 1 if letters(typed) < LONG else 2
        first = bisect_left(self._keys, typed[0])
        keys = self._keys.part(first, bisect_left(self._keys, chr(ord(typed[0]) + 1), lo=first))
        longest = len(typed) + most
        lengths = range(max(1, len(typed) - most), longest + 1)
        # All in one go first: a beginning within `most` edits leaves at most 2 x `most` letters of
        # the longest one.
        edits = cdist(
            [typed], [key[:longest] for key in keys], scorer=OSA.distance, score_cutoff=3 * most
        )
        return [
            key
            for key in (keys[place] for place in np.flatnonzero(edits[0] <= 3 * most).tolist())
            if any(
                OSA.distance(typed, key[:length], score_cutoff=most) <= most for length in lengths
            )
        ]


Fit = Callable[[int], int]
"""How well a row answers the hints of a look-up; 0 when not at all."""

_NUMBERED = re.compile(
    r"(.+?) 0?(\d{1,2}) ?(?:er|e|eme|ere|nd|rd|th|st)?(?: (?:arr|ardt|arrdt|arrondissement))?"
)
TOWN = 2_000
"""Inhabitants from which a name is worth a guess through a typo while it is being typed."""
WELL_KNOWN = 10_000
"""Inhabitants from which a town of the metropole comes before a larger namesake overseas
("Saint-Denis").
"""
_OPEN_SAINT = re.compile(r"\bst(e?)$", re.IGNORECASE)


class NameIndex:
    """Names of current communes and arrondissements, with and without article, and of former
    communes.

    `other_names` (customary, earlier) count as a commune's own; `former_names` are those of
    communes it absorbed.
    """

    def __init__(self, table: CommuneTable) -> None:
        self._table = table
        keys = normalise_all(table.name)
        self._keys = Packed(keys)
        sums = sorted(
            (crc32(name.encode()), row) for row, key in enumerate(keys) for name in variants(key)
        )
        self._sums, self._rows = (
            array("I", (one for one, _ in sums)),
            array("I", (row for _, row in sums)),
        )
        names = zip(table.name, table.other_names, strict=True)
        self._other = _rows_of_names(
            f"{name.partition(' (')[0]}|{other}" if "(" in name else other for name, other in names
        )

    def build(self) -> None:
        """Make now all that is made when first asked."""
        _ = self._arrondissements, self._former, self._near, self.openings
        _ = self._sorted_keys, self._near_starts, self._arrondissement_ranks

    @cached_property
    def openings(self) -> frozenset[str]:
        """What opens a name that is looked up here (`names.openings`)."""
        return openings((*self._keys, *self._other, *self._former))

    # Exact

    def by_name(self, name: str, fit: Fit | None) -> list[int]:
        """Rows of that name; those that fit the hints first, then by population, the metropole's
        first.

        Names are tried as typed, then with or without article, then as former communes: a later
        meaning only counts when there is no earlier one, or when it alone fits the hints.
        """
        key = without_cedex(normalise(name))
        if not key:
            return []
        first: list[int] = []
        for rows in self._meanings(key):
            if rows and not first:
                first = rows
            if rows and (fit is None or any(fit(row) for row in rows)):
                return self._sorted(rows + [row for row in first if row not in rows], fit)
        return self._sorted(first, fit)

    def of_towns(self, least: int) -> dict[str, int]:
        """Names of towns of at least `least` inhabitants, as `Gazetteer.names_of_towns` tells. Few
        names can lead to one: those alone are looked up.
        """
        population = self._table.population
        large = {row for row, people in enumerate(population) if people >= least}
        keys = {key for row in large for key in variants(self._keys[row])}
        keys |= {key for key, rows in self._other.items() if not large.isdisjoint(rows)}
        official = {
            key for key, parent in zip(self._keys, self._table.parent, strict=True) if not parent
        }
        people = {key: population[self.by_name(key, None)[0]] for key in keys & official}
        return {
            key: people[key]
            for key in sorted(people, key=lambda key: (-people[key], key))
            if people[key] >= least
        }

    def _meanings(self, key: str) -> Iterator[list[int]]:
        bare = without_article(key)
        if bare == key:
            yield self._named(key)
        else:
            yield [row for row in self._met(key) if self._keys[row] == key] + self._other.get(
                key, []
            )
            yield self._named(bare)
        numbered = _NUMBERED.fullmatch(key)
        if numbered and (row := self.arrondissement(numbered[1], int(numbered[2]))) is not None:
            yield [row]
        yield self._former.get(key) or self._former.get(bare, [])

    def _named(self, key: str) -> list[int]:
        return [
            row for row in self._met(key) if key in variants(self._keys[row])
        ] + self._other.get(key, [])

    def _met(self, key: str) -> Iterable[int]:
        """Rows whose name, with or without article, has the CRC-32 of a key."""
        wanted = crc32(key.encode())
        first = bisect_left(self._sums, wanted)
        return self._rows[first : bisect_right(self._sums, wanted, lo=first)]

    def arrondissement(self, city: str, number: int) -> int | None:
        return self._arrondissements.get((normalise(city), number))

    @cached_property
    def _arrondissements(self) -> dict[tuple[str, int], int]:
        found = {}
        for row, parent in enumerate(self._table.parent):
            if parent:
                city, number = self._keys[row].split(" ")[:2]
                found[city, int(number.rstrip("er"))] = row
        return found

    @cached_property
    def _former(self) -> dict[str, list[int]]:
        return _rows_of_names(self._table.former_names)

    # Near and prefix

    def near(self, name: str, limit: int) -> list[int]:
        """Rows whose name is at most one edit away: fewest edits, then most populous, first."""
        rows: dict[int, int] = {}
        for edits, key in self._near.near(without_cedex(normalise(name))):
            for row in self._named(key):
                rows.setdefault(row, edits)
        return sorted(rows, key=lambda row: (rows[row], -self._table.population[row], row))[:limit]

    @cached_property
    def _near(self) -> NearKeys:
        cities = (
            key for key, parent in zip(self._keys, self._table.parent, strict=True) if not parent
        )
        named = (name for key in cities for name in variants(key))
        return NearKeys(key for key in (*named, *self._other) if letters(key) >= MIN_LETTERS)

    def by_prefix(self, prefix: str, limit: int) -> list[int]:
        """Rows whose name, with or without article, starts with `prefix`; most populous first.

        Arrondissements answer only to a prefix that holds a digit, lest those of Paris crowd out
        Paris.
        """
        keys, ranks = self._sorted_keys
        found: set[int] = set()
        for start in prefix_keys(prefix):
            found.update(ranks[bisect_left(keys, start) : bisect_left(keys, start + "~")])
        if not any(map(str.isdigit, prefix)):
            found -= self._arrondissement_ranks
        return [self._by_population[rank] for rank in heapq.nsmallest(limit, found)]

    def near_prefix(self, prefix: str, limit: int) -> list[int]:
        """Rows of towns whose name starts so but for a typo; most populous first."""
        keys = self._near_starts.near(normalise(prefix))
        rows = {
            row for key in keys for row in self._named(key) if self._table.population[row] >= TOWN
        }
        return heapq.nsmallest(limit, rows, key=self._most_populous)

    @cached_property
    def _near_starts(self) -> NearStarts:
        towns = {
            self._keys[row] for row in self._by_population if self._table.population[row] >= TOWN
        }
        return NearStarts(towns | {without_article(key) for key in towns})

    @cached_property
    def _by_population(self) -> "array[int]":
        """Every row, most populous first: a row's place in it is its rank."""
        return array("I", sorted(range(len(self._keys)), key=self._most_populous))

    @cached_property
    def _sorted_keys(self) -> "tuple[Packed, array[int]]":
        """Keys with and without article, sorted, and the rank of each one's row."""
        rank_of = {row: rank for rank, row in enumerate(self._by_population)}
        pairs = sorted(
            (name, rank_of[row]) for row, key in enumerate(self._keys) for name in variants(key)
        )
        return Packed(key for key, _ in pairs), array("I", (rank for _, rank in pairs))

    @cached_property
    def _arrondissement_ranks(self) -> frozenset[int]:
        return frozenset(
            rank for rank, row in enumerate(self._by_population) if self._table.parent[row]
        )

    # Order

    def _most_populous(self, row: int) -> tuple[int, int]:
        return -self._table.population[row], row

    def _sorted(self, rows: Iterable[int], fit: Fit | None) -> list[int]:
        people, department = self._table.population, self._table.department
        ordered = sorted(set(rows), key=self._most_populous)
        if ordered and is_overseas(department[ordered[0]]):
            ordered.sort(key=lambda row: is_overseas(department[row]) or people[row] < WELL_KNOWN)
        return ordered if fit is None else sorted(ordered, key=fit, reverse=True)


def _rows_of_names(column: Iterable[str]) -> dict[str, list[int]]:
    """Rows by the key, with and without article, of each name in a column of names separated by
    `|`.
    """
    pairs = [(name, row) for row, names in enumerate(column) for name in names.split("|") if name]
    found: dict[str, list[int]] = {}
    for key, (_, row) in zip(normalise_all(name for name, _ in pairs), pairs, strict=True):
        for variant in variants(key):
            found.setdefault(variant, []).append(row)
    return found


def prefix_keys(prefix: str) -> tuple[str, ...]:
    """What the key of a name that starts with `prefix` starts with.

    A separator typed last ends a word (`la ` is not the start of Laval); a last `st` may become
    Saint or Strasbourg.
    """
    key = normalise(prefix)
    if not key:
        return ()
    if not prefix[-1].isalnum() and normalise(prefix + "x") == key + " x":
        return (key + " ",)
    typed = _OPEN_SAINT.search(prefix)
    return (key, key[: -len("saint" + typed[1])] + "st" + typed[1].lower()) if typed else (key,)
