"""Places made of communes: intercommunal bodies, those within Greater Paris, arrondissements, analysts' own areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from discovery.gazetteer.grouping_names import names_of
from discovery.gazetteer.model import GROUPINGS, Grouping, Place, PlaceType
from discovery.gazetteer.named_places import NamedPlaces
from discovery.gazetteer.names import normalise_all, without_article
from discovery.gazetteer.table import CommuneTable, DataError, read_rows

COLUMNS = ("type", "code", "name", "kind", "communes")


class Groupings:
    """Immutable; its indices are built when first asked. Names are keys with and without article."""

    def __init__(self, table: CommuneTable, groupings: Iterable[Grouping]) -> None:
        """Of two with one name, the first keeps it first: give analysts' areas before what is official."""
        self._table = table
        self.of = {one.place: one for one in groupings}

    @classmethod
    def load(cls, table: CommuneTable) -> Groupings:
        rows = read_rows("groupings.tsv.gz", COLUMNS)
        types: dict[str, PlaceType] = {type_: type_ for type_ in GROUPINGS}
        if unknown := {row[0] for row in rows} - types.keys():
            raise DataError(f"data/groupings.tsv.gz: unknown types {', '.join(sorted(unknown))}.")
        return cls(table, [Grouping(Place(types[row[0]], row[1]), row[2], row[4], row[3]) for row in rows])

    def naming(self, named: NamedPlaces) -> Groupings:
        """The official ones, called by these other names too, with these areas, which replace any that were there."""
        official = (one for one in self.of.values() if one.place.type != "area")
        renamed = [
            one if one.names == (names := named.names.get(one.place, ())) else replace(one, names=names)
            for one in official
        ]
        return Groupings(self._table, [*named.areas, *renamed])

    def by_key(self, key: str) -> tuple[Grouping, ...]:
        """Those that bear a name, by its key (`normalise`), with or without article."""
        return self._by_key.get(key) or self._by_key.get(without_article(key), ())

    def keys(self) -> Iterator[str]:
        """The key of every name there is, without article."""
        return iter(self._by_key)

    def named(self) -> Iterator[tuple[Place, str, str]]:
        """Each place with each of its names and the key of that one; its own name first."""
        pairs = [(one.place, name) for one in self.of.values() for name in names_of(one)]
        keys = normalise_all(name for _, name in pairs)
        return ((place, name, key) for (place, name), key in zip(pairs, keys, strict=True))

    def communes(self, one: Grouping) -> frozenset[str]:
        """Codes of all its communes, those of its departments too."""
        return one.communes.union(*(self.of_department[code] for code in one.departments))

    def around(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """Those that hold every one of some communes (as cities), from a body of few communes to one of many."""
        first = next(iter(cities), "")
        held = [self.of[belong[first]] for belong in self._belonging.values() if first in belong]
        found = [one for one in held if cities <= one.communes]
        found += [one for one in self._areas if all(self._in_area(city, one) for city in (first, *cities))]
        found.sort(key=lambda one: (len(one.departments), len(one.communes)))
        return tuple(one.place for one in found)

    def inside(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """Those all of whose communes are among some."""
        found: list[Place] = []
        for belong in self._belonging.values():
            met = Counter(belong[city] for city in cities if city in belong)
            found += [place for place, count in met.items() if count == len(self.of[place].communes)]
        found += [
            one.place
            for one in self._areas
            if one.communes <= cities and all(self.of_department[code] <= cities for code in one.departments)
        ]
        return tuple(found)

    def _in_area(self, city: str, area: Grouping) -> bool:
        row = self._table.row_of.get(city)
        return city in area.communes or (row is not None and self._table.department[row] in area.departments)

    def main_town(self, grouping: Grouping) -> str:
        """Code of its most populous commune."""
        row_of, population = self._table.row_of, self._table.population
        return max(grouping.communes, key=lambda code: (population[row_of[code]], code))

    @cached_property
    def around_town(self) -> Mapping[str, Place]:
        """The intercommunal body whose main town a commune is: "l'agglo de Tours"."""
        bodies = (one for one in self.of.values() if one.place.type == "epci")
        return {self.main_town(one): one.place for one in bodies}

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[Grouping, ...]]:
        found: dict[str, tuple[Grouping, ...]] = {}
        for place, _, key in self.named():
            bare, one = without_article(key), self.of[place]
            if bare and one not in found.get(bare, ()):
                found[bare] = (*found.get(bare, ()), one)
        return found

    @cached_property
    def _belonging(self) -> Mapping[PlaceType, Mapping[str, Place]]:
        """By official type, the one that a commune belongs to: there is one of a type at most."""
        found: dict[PlaceType, dict[str, Place]] = {}
        for one in self.of.values():
            if one.place.type != "area":
                found.setdefault(one.place.type, {}).update(dict.fromkeys(one.communes, one.place))
        return found

    @cached_property
    def _areas(self) -> tuple[Grouping, ...]:
        return tuple(one for one in self.of.values() if one.place.type == "area")

    @cached_property
    def of_department(self) -> Mapping[str, frozenset[str]]:
        """Codes of the communes of each department, no municipal arrondissements."""
        found: dict[str, list[str]] = {}
        columns = zip(self._table.code, self._table.parent, self._table.department, strict=True)
        for code, parent, department in columns:
            if not parent:
                found.setdefault(department, []).append(code)
        return {department: frozenset(codes) for department, codes in found.items()}
