"""Places made of communes: intercommunal bodies, those within Greater Paris, arrondissements,
analysts' own areas.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from discovery.model import replace
from discovery.places.model import GROUPINGS, Grouping, NamedPlaces, Place, PlaceType
from discovery.places.names import normalise_all, of, openings, without_article
from discovery.places.table import CommuneTable, DataError, read_rows

_BRACKETS = re.compile(r"\s*\(([^()]+)\)")
_LAST = re.compile(
    r"[\s-]+(?:Communauté(?: de communes| d['’]agglomération| urbaine)?|Agglomération|Agglo|Métropole)$",
    re.IGNORECASE,
)
_SPELT = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
}


def names_of(grouping: Grouping) -> Iterator[str]:
    """Its own name first, then what it is called for short, by initials, or in full; some come
    twice.
    """
    if grouping.place.type == "arrondissement":  # by its own name it is the town
        yield f"arrondissement {of(grouping.name)}"
        yield f"arrondissement {grouping.name}"
    else:
        yield grouping.name
    yield from grouping.names
    if grouping.place.type != "epci":
        return
    for initials in _BRACKETS.findall(grouping.name):
        if initials[:1].isupper():
            yield initials.removeprefix("CC ")
    whole = " ".join(re.sub(r"\s*[\"“”]|''\s*", " ", _BRACKETS.sub("", grouping.name)).split())
    bare = re.sub(r"(?i)^(?:CC|CA|CU|Métropole|Eurométropole|Communauté urbaine)\b[\s]*", "", whole)
    yield whole
    legal = _SPELT[grouping.kind]
    yield f"{legal} {bare}"
    core = re.sub(r"(?i)^(?:de la |de l['’]|du |des |de |d['’])", "", bare)
    yield f"{legal} {core}"
    yield core
    if (short := _LAST.sub("", core)) != core:
        yield short
        yield f"agglo {short}"
        yield f"agglomération {of(short)}"
        yield f"{legal} {of(short)}"


Rows = npt.NDArray[np.int16]

COLUMNS = ("type", "code", "name", "kind", "communes")
MAX_REMEMBERED = 1_024
"""Places of which what holds them is remembered."""
_OFFICIAL = frozenset({"around_town", "_belonging", "of_department"})
"""What is made of official groupings and communes alone: other names and analysts' areas leave it
as it is.
"""


class Groupings:
    """Immutable; its indices are built when first asked. Names are keys with and without article."""

    def __init__(self, table: CommuneTable, groupings: Iterable[Grouping]) -> None:
        """Of two with one name, the first keeps it first: give analysts' areas before what is
        official.
        """
        self._table = table
        self.of = {one.place: one for one in groupings}

    @classmethod
    def load(cls, table: CommuneTable) -> "Groupings":
        """Read the groupings of the package. Raises DataError when its files are not what they
        should be.
        """
        rows = read_rows("groupings.tsv.gz", COLUMNS)
        types: dict[str, PlaceType] = {type_: type_ for type_ in GROUPINGS}
        if unknown := {row[0] for row in rows} - types.keys():
            raise DataError(f"data/groupings.tsv.gz: unknown types {', '.join(sorted(unknown))}.")
        return cls(
            table, [Grouping(Place(types[row[0]], row[1]), row[2], row[4], row[3]) for row in rows]
        )

    def build(self) -> None:
        """Make now what is made when first asked and no name changes."""
        for made in _OFFICIAL:
            getattr(self, made)

    def naming(self, named: NamedPlaces) -> "Groupings":
        """The official ones, called by these other names too, with these areas, which replace any
        that were there.
        """
        official = (one for one in self.of.values() if one.place.type != "area")
        renamed = [
            one
            if one.names == (names := named.names.get(one.place, ()))
            else replace(one, names=names)
            for one in official
        ]
        found = Groupings(self._table, [*named.areas, *renamed])
        for made in _OFFICIAL & self.__dict__.keys():
            found.__dict__[made] = self.__dict__[made]
        return found

    def by_key(self, key: str) -> tuple[Grouping, ...]:
        return self._by_key.get(key) or self._by_key.get(without_article(key), ())

    @cached_property
    def openings(self) -> frozenset[str]:
        return openings(self._by_key)

    @cached_property
    def remembered(self) -> Callable[..., tuple[str, ...]]:
        """A look-up (function, gazetteer, place) that these groupings decide: remembered as long as
        they stand.
        """
        return lru_cache(MAX_REMEMBERED)(
            lambda look_up, gazetteer, place: look_up(gazetteer, place)
        )

    @cached_property
    def named(self) -> list[tuple[Place, str, str]]:
        """Each place with each of its names and the key of that one; its own name first."""
        pairs = [
            (one.place, name) for one in self.of.values() for name in dict.fromkeys(names_of(one))
        ]
        keys = normalise_all(name for _, name in pairs)
        return [(place, name, key) for (place, name), key in zip(pairs, keys, strict=True)]

    def communes(self, one: Grouping) -> frozenset[str]:
        return one.communes.union(*(self.of_department[code] for code in one.departments))

    def around(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """The groupings that hold every one of some communes (codes of cities), from a body of few
        communes to one of many.
        """
        row = self._table.row_of.get(next(iter(cities), ""))
        if row is None:
            return ()
        found = [held[index] for held, of_row in self._belonging if (index := of_row[row]) >= 0]
        found += self._touching.get(self._table.department[row], ())
        departments = {self._table.department[self._table.row_of[city]] for city in cities}
        found = [
            one
            for one in found
            if departments.issubset(one.departments) or self._holds(one, cities)
        ]
        found.sort(key=lambda one: (len(one.departments), len(one.members)))
        return tuple(one.place for one in found)

    def _holds(self, one: Grouping, cities: frozenset[str]) -> bool:
        if one.place.type != "area":
            return len(cities) == 1 or cities <= one.communes
        row_of, department = self._table.row_of, self._table.department
        return all(department[row_of[city]] in one.departments for city in cities - one.communes)

    def inside(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """The groupings all of whose communes are among these (codes of cities)."""
        rows = [self._table.row_of[city] for city in cities]
        found: list[Place] = []
        for held, of_row in self._belonging:
            met = Counter(of_row[rows].tolist())
            found += [
                held[at].place
                for at, count in met.items()
                if at >= 0 and count == held[at].members.count(" ") + 1
            ]
        departments = {self._table.department[row] for row in rows}
        areas = {
            one.place: one for code in sorted(departments) for one in self._touching.get(code, ())
        }
        found += [
            one.place
            for one in areas.values()
            if one.communes <= cities
            and all(self.of_department[code] <= cities for code in one.departments)
        ]
        return tuple(found)

    @cached_property
    def around_town(self) -> Mapping[str, Place]:
        """The intercommunal body whose main town a commune is: "l'agglo de Tours"."""
        row_of, population = self._table.row_of, self._table.population
        bodies = (one for one in self.of.values() if one.place.type == "epci")
        main = {
            one.place: max(one.members.split(), key=lambda code: (population[row_of[code]], code))
            for one in bodies
        }
        return {town: place for place, town in main.items()}

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[Grouping, ...]]:
        found: dict[str, tuple[Grouping, ...]] = {}
        for place, _, key in self.named:
            bare, one = without_article(key), self.of[place]
            if bare and one not in found.get(bare, ()):
                found[bare] = (*found.get(bare, ()), one)
        return found

    @cached_property
    def _belonging(self) -> list[tuple[list[Grouping], Rows]]:
        """By official type: the groupings, and which of them each row belongs to (-1: none). There
        is one of a type at most. Numbers rather than sets: thirty-five thousand times three would
        be the gazetteer's largest index.
        """
        row_of = self._table.row_of
        found = []
        for type_ in ("epci", "ept", "arrondissement"):
            held = [one for one in self.of.values() if one.place.type == type_]
            of_row = np.full(len(self._table), -1, dtype=np.int16)
            for at, one in enumerate(held):
                of_row[[row_of[code] for code in one.members.split()]] = at
            found.append((held, of_row))
        return found

    @cached_property
    def _touching(self) -> Mapping[str, list[Grouping]]:
        """The areas that hold some of a department."""
        row_of, department = self._table.row_of, self._table.department
        found: dict[str, list[Grouping]] = {}
        for one in self.of.values():
            if one.place.type == "area":
                met = {department[row_of[code]] for code in one.communes}
                for code in met.union(one.departments):
                    found.setdefault(code, []).append(one)
        return found

    @cached_property
    def of_department(self) -> Mapping[str, frozenset[str]]:
        """Codes of the communes of each department, no municipal arrondissements."""
        found: dict[str, list[str]] = {}
        columns = zip(self._table.code, self._table.parent, self._table.department, strict=True)
        for code, parent, department in columns:
            if not parent:
                found.setdefault(department, []).append(code)
        return {department: frozenset(codes) for department, codes in found.items()}
