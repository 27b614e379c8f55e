"""Places made of communes: intercommunal bodies, those within Greater Paris, arrondissements, analysts' own areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from discovery.gazetteer.grouping_names import names_of
from discovery.gazetteer.model import GROUPINGS, Grouping, Place, PlaceType
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

    def with_areas(self, areas: Iterable[Grouping]) -> Groupings:
        """The official ones with these areas, which replace any that were there."""
        official = [one for one in self.of.values() if one.place.type != "area"]
        return Groupings(self._table, [*areas, *official])

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

    def holding(self, city: str) -> tuple[Place, ...]:
        """The groupings that a commune (as a city) belongs to, from a body of few communes to one of many."""
        return self._holding.get(city, ())

    def around(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """Those that hold every one of some communes."""
        first = next(iter(cities), "")
        return tuple(place for place in self.holding(first) if cities <= self.of[place].communes)

    def inside(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """Those all of whose communes are among some."""
        met = Counter(place for city in cities for place in self.holding(city))
        return tuple(place for place, count in met.items() if count == len(self.of[place].communes))

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
    def _holding(self) -> Mapping[str, tuple[Place, ...]]:
        held: dict[str, tuple[Place, ...]] = {}
        for one in sorted(self.of.values(), key=lambda one: len(one.communes)):
            for city in one.communes:
                held[city] = (*held.get(city, ()), one.place)
        return held
