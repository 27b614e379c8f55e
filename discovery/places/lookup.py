"""The gazetteer: one object that answers every question about French places, from memory."""

import copy
import heapq
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from discovery.disk_cache import cached
from discovery.model import dataclass
from discovery.places.geo import Floats, driving_minutes, haversine_km, haversine_km_array
from discovery.places.groupings import Groupings
from discovery.places.model import (
    GROUPINGS,
    Commune,
    Department,
    Grouping,
    NamedPlaces,
    Place,
    Region,
    is_overseas,
)
from discovery.places.name_index import Fit, NameIndex
from discovery.places.names import normalise, normalise_all, of, openings, without_article
from discovery.places.outlines import Outlines, Points
from discovery.places.table import CommuneTable, DataError, Packed, read_communes, read_rows

ISLET_KM = 1.0
"""An islet may have vanished from the simplified coast: a point this near to a commune's is in its
department.
"""

OVERSEAS_KM = 50.0
"""A collectivity overseas has no outline: a point this near to one of its communes is in it."""

KNOWN = 20_000
"""Inhabitants of a town that a short name brings to mind."""

OUTWEIGHS = 10
"""Times more populous than a village that bears the short name itself."""

FASTEST = 1 / 55
"""Degrees of latitude in a minute that nobody drives: 120 km/h as the crow flies."""

MAX_FULLER = 8
"""Communes of a beginning that are looked at."""


def area_key(name: str) -> str:
    """Key of a department or region: nobody tells "Réunion" from "La Réunion"."""
    return without_article(normalise(name))


class Areas:
    """Immutable; `departments` and `regions` are in the order of codes."""

    def __init__(
        self,
        departments: Iterable[Department],
        regions: Iterable[Region],
        aliases: Iterable[tuple[str, str]],
    ) -> None:
        """`aliases`: (place code, name)."""
        self.departments = {department.code: department for department in departments}
        self.regions = {region.code: region for region in regions}
        self.department_of = {area_key(d.name): d.code for d in self.departments.values()}
        self.region_of = {area_key(r.name): r.code for r in self.regions.values()}
        self._aliases: list[tuple[Place, str]] = []
        for place, name in aliases:
            kind, _, code = place.partition(":")
            known, names = {
                "department": (self.departments.keys(), self.department_of),
                "region": (self.regions.keys(), self.region_of),
            }.get(kind, (frozenset[str](), {}))
            if code not in known:
                raise DataError(f"data/aliases.tsv: {place} is no department nor region.")
            if names.setdefault(area_key(name), code) != code:
                raise DataError(
                    f"data/aliases.tsv: {name} already names {kind}:{names[area_key(name)]}."
                )
            self._aliases.append(
                (Place("department" if kind == "department" else "region", code), name)
            )

    @classmethod
    def load(cls) -> "Areas":
        """Read the departments and regions of the package. Raises DataError."""
        return cls(
            [Department(*row) for row in read_rows("departments.tsv", ("code", "name", "region"))],
            [Region(*row) for row in read_rows("regions.tsv", ("code", "name"))],
            [(place, name) for place, name in read_rows("aliases.tsv", ("place", "name"))],
        )

    @cached_property
    def openings(self) -> frozenset[str]:
        return openings((*self.department_of, *self.region_of))

    def named(self) -> Iterator[tuple[Place, str]]:
        """Each department and region with each of its names: official, customary, English. A
        collectivity overseas that is both is named once.
        """
        yield from ((Place("department", one.code), one.name) for one in self.departments.values())
        for one in self.regions.values():
            if one.code not in self.departments or self.departments[one.code].region != one.code:
                yield Place("region", one.code), one.name
        yield from self._aliases


CUSTOMARY = {"75000": "75056", "69000": "69123", "13000": "13055"}
"""Codes that no letter bears but that people type for the whole of Paris, Lyon and Marseille."""


def department_of_unlisted(post_code: str) -> str:
    """The department that the first digits of a post code tell: for CEDEX codes, which no table
    lists.

    A few codes cross a border, so a listed code should be looked up instead. Corsica: 200 and 201
    are 2A.
    """
    if post_code.startswith("20"):
        return "2A" if post_code[2:3] in ("0", "1") else "2B"
    return post_code[:3] if is_overseas(post_code) else post_code[:2]


@cache
def _terms() -> tuple[float, ...]:
    return tuple(float(value) for _, value, _ in read_rows("driving.tsv", ("term", "value", "why")))


@dataclass(frozen=True, slots=True)
class Roads:
    """Estimates of minutes by car from a point in degrees to communes' points; `home`: the row of
    the commune it is in. There are none across water.
    """

    table: CommuneTable
    lat: float
    lon: float
    home: int

    def minutes(self, seats: Sequence[tuple[str, float | None]]) -> list[float | None]:
        """Minutes to communes by code; within the point's own town to so many kilometres (great
        circle), where they are given. None where no road leads, or it is not known where the
        commune is.
        """
        table, shore = self.table, self.table.shore[self.home]
        town = {table.code[self.home], table.parent[self.home]}
        rows = np.array([table.row_of.get(code, -1) for code, _ in seats], np.int64)
        far = [math.nan if km is None or code not in town else km for code, km in seats]
        times = self._minutes(rows, np.array(far)).tolist()
        led = (row >= 0 and table.shore[row] == shore for row in rows.tolist())
        return [
            time if one and not math.isnan(time) else None
            for time, one in zip(times, led, strict=True)
        ]

    def within(self, minutes: float) -> frozenset[str]:
        """Codes of the communes at most so many minutes away."""
        table, shore = self.table, self.table.shore[self.home]
        rows = np.flatnonzero(np.abs(table.lat - self.lat) <= minutes * FASTEST)
        near = rows[self._minutes(rows, np.full(len(rows), math.nan)) <= minutes].tolist()
        return frozenset(table.code[row] for row in near if table.shore[row] == shore)

    def _minutes(self, rows: npt.NDArray[np.int64], known: Floats) -> Floats:
        table = self.table
        km = haversine_km_array(self.lat, self.lon, table.lat[rows], table.lon[rows])
        far = np.where(np.isnan(known), km, known)
        return driving_minutes(far, table.crowding[rows] + table.crowding[self.home], _terms())


_COUNTRY_LABEL = {"fr": "toute la France", "en": "all of France"}
_ARRONDISSEMENT = " Arrondissement"


class Gazetteer:
    """Communes, departments, regions and post codes of France.

    Immutable, and safe to share between threads: an index is built when first needed, and building
    one twice is harmless.
    """

    def __init__(self, table: CommuneTable, areas: Areas) -> None:
        self._table = table
        self._areas = areas
        self.named = NamedPlaces()
        self.edition = 0

    def naming(self, named: NamedPlaces) -> "Gazetteer":
        """A copy of the gazetteer with analysts' areas and names. What is built of communes is
        shared, not built again.
        """
        found = copy.copy(self)
        found.adopt(named)
        return found

    def adopt(self, named: NamedPlaces) -> None:
        """Take in analysts' areas and names when their files have changed; readers see one state or
        the other.

        Nothing is done again for what was adopted before. All that is remembered of names hangs on
        the groupings, and goes with them.
        """
        if self.named is named:
            return
        self.__dict__["_groupings"] = self._groupings.naming(named)
        self.named = named
        self.edition += 1  # for who keeps what was made with the names of before

    @classmethod
    @cache
    def load(cls) -> "Gazetteer":
        """The process-wide gazetteer, read once. Raises DataError when the package's data are
        broken.
        """
        return cached(__file__, cls._read)

    @classmethod
    def _read(cls) -> "Gazetteer":
        """Made of the package's data, with the indices that most processes need: kept for the next
        start.
        """
        found = cls(read_communes(), Areas.load())
        found._names.build()
        found._groupings.build()
        _ = found._post_codes, found.words
        return found

    # Codes

    def commune(self, code: str) -> Commune | None:
        """The commune (or municipal arrondissement) of an INSEE code; a former code gives today's
        commune.
        """
        row = self._table.row_of.get(code)
        if row is None:
            row = self._table.row_of_former.get(code)
        return None if row is None else self._table.commune(row)

    def department(self, code: str) -> Department | None:
        return self._areas.departments.get(code)

    def region(self, code: str) -> Region | None:
        return self._areas.regions.get(code)

    def departments(self) -> tuple[Department, ...]:
        """Departments and collectivities overseas, by code."""
        return tuple(self._areas.departments.values())

    def regions(self) -> tuple[Region, ...]:
        """Regions and collectivities overseas, by code."""
        return tuple(self._areas.regions.values())

    @cached_property
    def overseas(self) -> frozenset[str]:
        """Codes of departments and collectivities across a sea: those that INSEE numbers 97 and 98."""
        return frozenset(code for code in self._areas.departments if is_overseas(code))

    def departments_of(self, region: str) -> tuple[Department, ...]:
        """Departments of a region's code, by code; empty when unknown."""
        return tuple(one for one in self._areas.departments.values() if one.region == region)

    def codes_holding(self, code: str) -> tuple[str, str, str]:
        """Codes of what holds a commune: (whole city, department, region). The city is the commune
        itself but for a municipal arrondissement. Raises KeyError for an unknown code.
        """
        commune = self.commune(code)
        if commune is None:
            raise KeyError(code)
        return commune.city, commune.department, commune.region

    # Post codes

    def communes_of_postcode(self, post_code: str) -> tuple[Commune, ...]:
        """Communes of a post code, most populous first; 75012, 75116, 69003 give the
        arrondissement.
        """
        return self._communes(self._post_codes.get(post_code, ()))

    def postcodes_with_prefix(self, prefix: str) -> tuple[str, ...]:
        """Known post codes that start so, sorted."""
        codes = list(self._post_codes)
        start = bisect_left(codes, prefix)
        return tuple(codes[start : bisect_left(codes, prefix + "~", lo=start)])

    def department_of_postcode(self, post_code: str) -> str | None:
        """Code of the department of a post code: that of its most populous commune; of a post code
        in no table (CEDEX), what its digits tell; else None.
        """
        rows = self._post_codes.get(post_code)
        code = self._table.department[rows[0]] if rows else department_of_unlisted(post_code)
        return code if code in self._areas.departments else None

    # Groupings of communes

    def communes_of_department(self, code: str) -> frozenset[str]:
        """Codes of its communes, no municipal arrondissements."""
        return self._groupings.of_department.get(code, frozenset())

    def departments_in(self, one: Grouping) -> frozenset[str]:
        """Codes of the departments that a grouping holds some of."""
        rows = (self._table.row_of[code] for code in one.communes)
        return frozenset(one.departments).union(self._table.department[row] for row in rows)

    def all_communes(self, one: Grouping) -> frozenset[str]:
        return self._groupings.communes(one)

    def around(self, cities: frozenset[str]) -> tuple[Place, ...]:
        return self._groupings.around(cities)

    # All of them

    def communes(self, least: int = 0) -> Iterator[Commune]:
        """Every commune and municipal arrondissement of at least so many inhabitants, by code."""
        return (
            self._table.read(row)
            for row, people in enumerate(self._table.population)
            if people >= least
        )

    def commune_names(self) -> Iterator[str]:
        """Distinct official names of communes (no arrondissements), for building dictionaries."""
        pairs = zip(self._table.name, self._table.parent, strict=True)
        return iter(dict.fromkeys(name for name, parent in pairs if not parent))

    @cached_property
    def words(self) -> Packed:
        """Every folded word of the names of communes, departments and regions, in order."""
        areas = (one.name for held in (self.departments(), self.regions()) for one in held)
        return Packed(
            sorted(
                {
                    word
                    for key in normalise_all((*self.commune_names(), *areas))
                    for word in key.split()
                }
            )
        )

    # Names

    def names_of_towns(self, least: int) -> dict[str, int]:
        """Keys of official names that first mean a town of so many people, and how many it has; the
        largest first.
        """
        return self._names.of_towns(least)

    def by_name(
        self,
        name: str,
        *,
        hint_department: str | None = None,
        hint_region: str | None = None,
        hint_postcode: str | None = None,
    ) -> tuple[Commune, ...]:
        """Communes of that name in any spelling, with or without article; hints are codes (a post
        code may be partial).

        First those that fit the hints best, then by population. "CEDEX 03" is ignored; "Paris 12e",
        "Lyon 3" give the arrondissement; the name of a former commune gives today's, when no
        commune bears it.
        """
        hinted = hint_department or hint_region or hint_postcode
        fit = self._fit(hint_department, hint_region, hint_postcode) if hinted else None
        return self._communes(self._names.by_name(name, fit))

    def _fit(self, department: str | None, region: str | None, post_code: str | None) -> Fit:
        """How far a row meets the hints. A post code that is the commune's own outweighs the other
        two together.
        """
        table = self._table
        near = self.department_of_postcode(post_code) if post_code else None

        def fit(row: int) -> int:
            own = post_code is not None and any(
                c.startswith(post_code) for c in table.post_codes[row].split()
            )
            return (
                8 * own
                + 4 * (table.department[row] == department)
                + 2 * (table.region[row] == region)
                + (table.department[row] == near)
            )

        return fit

    def by_name_fuzzy(self, name: str, limit: int = 5) -> tuple[Commune, ...]:
        """Communes whose name (of 7 letters or more) is at most one edit away: nearest, then most
        populous, first.
        """
        return self._communes(self._names.near(name, limit))

    def by_prefix(self, prefix: str, limit: int = 10) -> tuple[Commune, ...]:
        """Communes whose name, with or without article, starts so; most populous first."""
        return self._communes(self._names.by_prefix(prefix, limit))

    def fuller(self, word: str, least: int = KNOWN) -> tuple[Commune, ...]:
        """Towns of at least `least` inhabitants whose name goes on after a word ("Aix":
        Aix-en-Provence), the most populous first.
        """
        opening = normalise(word) + " "
        found = self.by_prefix(word, MAX_FULLER)
        return tuple(
            one
            for one in found
            if one.population >= least and normalise(one.name).startswith(opening)
        )

    def shortened(self, name: str) -> Commune | None:
        """The town that all mean by its name cut short ("Clermont": Ferrand), before villages of
        that name; None where none outweighs them and other towns.
        """
        villages = () if " " in normalise(name) else self.by_name(name)
        towns = self.fuller(name) if villages else ()
        if not towns or (len(towns) > 1 and towns[0].population < 2 * towns[1].population):
            return None
        most = max(one.population for one in villages)
        return towns[0] if most < KNOWN and towns[0].population >= OUTWEIGHS * most else None

    def by_prefix_fuzzy(self, prefix: str, limit: int = 10) -> tuple[Commune, ...]:
        """Towns whose name, with or without article, starts so but for a typo; most populous first."""
        return self._communes(self._names.near_prefix(prefix, limit))

    def arrondissement(self, city: str, number: int) -> Commune | None:
        """The arrondissement of a city, as a commune: ("paris", 12) is Paris 12e Arrondissement."""
        row = self._names.arrondissement(city, number)
        return None if row is None else self._table.commune(row)

    def department_by_name(self, name: str) -> Department | None:
        """The department of an official or English name, in any spelling, with or without article."""
        return self.department(self._areas.department_of.get(area_key(name), ""))

    def region_by_name(self, name: str) -> Region | None:
        """The region of an official, customary or English name ("PACA", "Île de France",
        "Brittany").
        """
        return self.region(self._areas.region_of.get(area_key(name), ""))

    def area_names(self) -> Iterator[tuple[Place, str]]:
        return self._areas.named()

    def opens(self, words: str) -> bool:
        """Whether a name that the look-ups above answer to opens with this word, or these two
        (keys, articles apart).

        What opens no name needs no look-up: with this, reading a phrase costs one only where a name
        may stand.
        """
        return (
            words in self._names.openings
            or words in self._areas.openings
            or words in self._groupings.openings
        )

    # Groupings of communes

    def grouping(self, place: Place | str) -> Grouping | None:
        """The intercommunal body, arrondissement or area of a place or its code."""
        known = self.parse_place(place) if isinstance(place, str) else place
        return None if known is None else self._groupings.of.get(known)

    def groupings(self) -> Iterator[Grouping]:
        """All groupings of communes, analysts' areas first."""
        return iter(self._groupings.of.values())

    def groupings_by_name(self, name: str) -> tuple[Grouping, ...]:
        """The groupings of an official or usual name, in any spelling, with or without article;
        analysts' areas first.
        """
        return self._groupings.by_key(normalise(name))

    def grouping_names(self) -> Iterator[tuple[Place, str, str]]:
        """Each grouping with each of its names and that name's key."""
        return iter(self._groupings.named)

    def bodies_by_town(self) -> Iterator[tuple[Place, str]]:
        """Each intercommunal body with the name of its most populous commune."""
        rows = self._table.row_of
        return (
            (place, self._table.name[rows[town]])
            for town, place in self._groupings.around_town.items()
        )

    def communes_in(self, place: Place | str) -> frozenset[str]:
        """Codes of the communes of a place, as cities; empty for the country and for what is
        unknown.
        """
        known = self.parse_place(place) if isinstance(place, str) else place
        if known is None:
            return frozenset()
        if grouping := self.grouping(known):
            return self.all_communes(grouping)
        if known.type == "department":
            return self.communes_of_department(known.code)
        if known.type == "region":
            departments = self.departments_of(known.code)
            return frozenset().union(
                *(self.communes_of_department(one.code) for one in departments)
            )
        if known.type == "postcode":
            return frozenset(commune.city for commune in self.communes_of_postcode(known.code))
        commune = self.commune(known.code) if known.type == "commune" else None
        return frozenset({commune.city}) if commune else frozenset()

    def inside(self, place: Place) -> tuple[Place, ...]:
        """The groupings that lie in a place, itself among them."""
        return self._groupings.inside(self.communes_in(place))

    def main_towns(self, place: Place, limit: int) -> tuple[Commune, ...]:
        """The communes of a grouping that have a point, most populous first."""
        table = self._table
        rows = np.array(sorted(table.row_of[code] for code in self.communes_in(place)), int)
        located = rows[~np.isnan(table.lat[rows])].tolist()
        largest = heapq.nlargest(
            limit, located, key=table.population.__getitem__
        )  # equals stay by code
        return tuple(map(table.commune, largest))

    # Points

    def nearest(self, lat: float, lon: float) -> tuple[Commune, float] | None:
        """The commune (or arrondissement) whose point is nearest, and the kilometres to it, however
        many.

        None when the point is none: not finite, or a latitude beyond a pole.
        """
        if not _is_point(lat, lon):
            return None
        commune = self._table.commune(self._points.nearest(lat, lon))
        assert commune.point is not None
        return commune, haversine_km(lat, lon, *commune.point)

    def department_at(self, lat: float, lon: float) -> str | None:
        """Code of the department that holds a point (degrees), by outlines good to a kilometre;
        None outside France.

        Nearer to the border than that, a neighbour's town may be taken for ours (Kehl, Monaco).
        """
        if not _is_point(lat, lon):
            return None
        code = self._outlines.at(lat, lon)
        if code is None and (near := self.nearest(lat, lon)):
            commune, distance = near
            outlined = commune.department in self._outlines.codes
            code = (
                commune.department if distance <= (ISLET_KM if outlined else OVERSEAS_KM) else None
            )
        return code

    def roads_from(self, lat: float, lon: float) -> "Roads":
        """The estimates of minutes by car from a point in degrees."""
        return Roads(self._table, lat, lon, self._points.nearest(lat, lon))

    # Places

    def parse_place(self, code: str) -> Place | None:
        """The place of a code: `commune:69123`, `postcode:01150`, `epci:…`, `area:…`,
        `department:69`, `country`… None when it is unknown.

        A former commune's code becomes today's.
        """
        kind, _, own = code.strip().partition(":")
        own = own.strip()
        for type_ in GROUPINGS:
            if kind == type_ and own:
                known = Place(type_, own.lower() if type_ == "area" else own.upper())
                return known if self.grouping(known) else None
        own = own.upper()
        if kind == "country" and not own:
            return Place("country")
        if kind == "commune" and (commune := self.commune(own)):
            return Place("commune", commune.code)
        if kind == "postcode":
            return Place("postcode", own) if self.communes_of_postcode(own) else None
        if kind == "department":
            return Place("department", own) if self.department(own) else None
        return Place("region", own) if kind == "region" and self.region(own) else None

    def label(self, place: Place | str, lang: str = "fr") -> str:
        """Lyon (69) · Paris 12e (75) · Rhône (69) · Bretagne · 01150 · toute la France. An unknown
        text is its own.
        """
        known = self.parse_place(place) if isinstance(place, str) else place
        return str(place) if known is None else self._label(known, lang)

    def _label(self, place: Place, lang: str) -> str:
        """Proper names are the same in both languages; the department tells namesakes apart."""
        if place.type == "country":
            return _COUNTRY_LABEL.get(lang, _COUNTRY_LABEL["fr"])
        if place.type == "commune" and (commune := self.commune(place.code)):
            name = commune.name.removesuffix(_ARRONDISSEMENT) if commune.parent else commune.name
            return f"{name} ({commune.department})"  # "Paris 12e (75)" for Paris 12e Arrondissement
        if place.type == "department" and (department := self.department(place.code)):
            return f"{department.name} ({department.code})"
        if place.type == "region" and (region := self.region(place.code)):
            return region.name
        if grouping := self.grouping(place):
            return (
                f"arrondissement {of(grouping.name)}"
                if place.type == "arrondissement"
                else grouping.name
            )
        return place.code

    def ancestors(self, code: Place | str) -> tuple[str, ...]:
        """Place codes that hold a place: commune:69383 → commune:69123, epci:200046977, …,
        department:69, region:84.

        A post code has the departments and regions of all its communes; what is unknown has none.
        """
        place = self.parse_place(code) if isinstance(code, str) else code
        return (
            () if place is None else self._groupings.remembered(Gazetteer._ancestors, self, place)
        )

    def _ancestors(self, place: Place) -> tuple[str, ...]:
        """What holds all of a place, from near to far. Analysts' areas hold what lies in them, like
        any other.
        """
        if place.type == "department" and (department := self.department(place.code)):
            return (*map(str, self.around(self.communes_in(place))), f"region:{department.region}")
        if place.type == "region":
            return tuple(map(str, self.around(self.communes_in(place))))
        if place.type == "commune" and (commune := self.commune(place.code)):
            city = (f"commune:{commune.parent}",) if commune.parent else ()
            held = (str(one) for one in self.around(frozenset({commune.city})))
            return (*city, *held, f"department:{commune.department}", f"region:{commune.region}")
        if place.type == "postcode":
            coded = self.communes_of_postcode(place.code)
            held_by = dict.fromkeys(f"department:{commune.department}" for commune in coded)
            regions_of = dict.fromkeys(f"region:{commune.region}" for commune in coded)
            return (*held_by, *regions_of)
        if grouping := self.grouping(place):
            communes = self.all_communes(grouping)
            held = (str(one) for one in self.around(communes) if one != place)
            departments = self.departments_in(grouping)
            regions = {found.region for code in departments if (found := self.department(code))}
            alone = (("department", departments), ("region", regions))
            return (
                *held,
                *(f"{type_}:{next(iter(codes))}" for type_, codes in alone if len(codes) == 1),
            )
        return ()

    # Indices, each built when first needed

    @cached_property
    def _groupings(self) -> Groupings:
        return Groupings.load(self._table)

    @cached_property
    def _post_codes(self) -> dict[str, list[int]]:
        """Rows of the table by post code, ascending; of each the most populous commune first."""
        table, found = self._table, dict[str, list[int]]()
        divided = set(table.parent)
        for row in sorted(range(len(table)), key=lambda row: (-table.population[row], row)):
            if table.code[row] not in divided:  # 69003 is the arrondissement, not Lyon as a whole
                for code in table.post_codes[row].split():
                    found.setdefault(code, []).append(row)
        for code, commune in CUSTOMARY.items():
            found.setdefault(code, [table.row_of[commune]])
        return dict(sorted(found.items()))

    def _communes(self, rows: Iterable[int]) -> tuple[Commune, ...]:
        return tuple(map(self._table.commune, rows))

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self._table)

    @cached_property
    def _points(self) -> Points:
        return Points(self._table)

    @cached_property
    def _outlines(self) -> Outlines:
        return Outlines.load()


def _is_point(lat: float, lon: float) -> bool:
    return math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90


def gazetteer() -> Gazetteer:
    """The process-wide gazetteer; loaded at the first call."""
    return Gazetteer.load()


@cache
def nuts_places() -> Mapping[str, str]:
    """A NUTS code → its place. A former region is told as that of today, which holds it."""
    return dict(read_rows("nuts.tsv", ("code", "place")))


def place_of_nuts(code: str) -> str:
    """The place of a code; "" = France, or no such code."""
    return nuts_places().get(code.strip().upper(), "")
