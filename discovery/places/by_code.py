"""Places by their codes: communes, departments, regions, post codes, and what holds what."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from discovery.places.groupings import Groupings
from discovery.places.model import Commune, Department, Grouping, NamedPlaces, Place, Region, is_overseas
from discovery.places.names import normalise, openings, without_article
from discovery.places.table import CommuneTable, DataError, read_rows


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
                raise DataError(f"data/aliases.tsv: {name} already names {kind}:{names[area_key(name)]}.")
            self._aliases.append((Place("department" if kind == "department" else "region", code), name))

    @classmethod
    def load(cls) -> "Areas":
        """Read the departments and regions of the package. Raises DataError when its files are not what they should
        be."""
        return cls(
            [Department(*row) for row in read_rows("departments.tsv", ("code", "name", "region"))],
            [Region(*row) for row in read_rows("regions.tsv", ("code", "name"))],
            [(place, name) for place, name in read_rows("aliases.tsv", ("place", "name"))],
        )

    @cached_property
    def openings(self) -> frozenset[str]:
        """What opens a name that is looked up here (`names.openings`)."""
        return openings((*self.department_of, *self.region_of))

    def named(self) -> Iterator[tuple[Place, str]]:
        """Each department and region with each of its names: official, customary, English. A collectivity overseas
        that is both is named once."""
        yield from ((Place("department", one.code), one.name) for one in self.departments.values())
        for one in self.regions.values():
            if one.code not in self.departments or self.departments[one.code].region != one.code:
                yield Place("region", one.code), one.name
        yield from self._aliases


CUSTOMARY = {"75000": "75056", "69000": "69123", "13000": "13055"}
"""Codes that no letter bears but that people type for the whole of Paris, Lyon and Marseille."""


def rows_of_post_codes(table: CommuneTable) -> dict[str, list[int]]:
    """Rows of the table by post code, ascending; of each the most populous commune first."""
    found: dict[str, list[int]] = {}
    divided = set(table.parent)
    for row in sorted(range(len(table)), key=lambda row: (-table.population[row], row)):
        if table.code[row] not in divided:  # 69003 is the arrondissement, not Lyon as a whole
            for code in table.post_codes[row].split():
                found.setdefault(code, []).append(row)
    for code, commune in CUSTOMARY.items():
        found.setdefault(code, [table.row_of[commune]])
    return dict(sorted(found.items()))


def department_of_unlisted(post_code: str) -> str:
    """The department that the first digits of a post code tell: for CEDEX codes, which no table lists.

    A few codes cross a border, so a listed code should be looked up instead. Corsica: 200 and 201 are 2A.
    """
    if post_code.startswith("20"):
        return "2A" if post_code[2:3] in ("0", "1") else "2B"
    return post_code[:3] if is_overseas(post_code) else post_code[:2]


class CodeLookup:
    """The half of the gazetteer that needs no index of names and no outlines; see `Gazetteer`."""

    def __init__(self, table: CommuneTable, areas: Areas) -> None:
        self._table = table
        self._areas = areas
        self.named = NamedPlaces()
        self.edition = 0

    def commune(self, code: str) -> Commune | None:
        """The commune (or municipal arrondissement) of an INSEE code; a former code gives today's commune."""
        row = self._table.row_of.get(code)
        if row is None:
            row = self._table.row_of_former.get(code)
        return None if row is None else self._table.commune(row)

    def department(self, code: str) -> Department | None:
        """The department of a code ("69", "2A"); None when there is none."""
        return self._areas.departments.get(code)

    def region(self, code: str) -> Region | None:
        """The region of a code ("84"); None when there is none."""
        return self._areas.regions.get(code)

    def departments(self) -> tuple[Department, ...]:
        """Departments and collectivities overseas, by code."""
        return tuple(self._areas.departments.values())

    def regions(self) -> tuple[Region, ...]:
        """Regions and collectivities overseas, by code."""
        return tuple(self._areas.regions.values())

    def departments_of(self, region: str) -> tuple[Department, ...]:
        """Departments of a region's code, by code; empty when unknown."""
        return tuple(one for one in self._areas.departments.values() if one.region == region)

    def codes_holding(self, code: str) -> tuple[str, str, str]:
        """(city, department, region) codes of a commune's code. Raises KeyError when unknown."""
        commune = self.commune(code)
        if commune is None:
            raise KeyError(code)
        return commune.city, commune.department, commune.region

    # Post codes

    def communes_of_postcode(self, post_code: str) -> tuple[Commune, ...]:
        """Communes of a post code, most populous first; 75012, 75116, 69003 give the arrondissement."""
        return self._communes(self._post_codes.get(post_code, ()))

    def postcodes_with_prefix(self, prefix: str) -> tuple[str, ...]:
        """Known post codes that start so, sorted."""
        codes = self._sorted_post_codes
        start = bisect_left(codes, prefix)
        return tuple(codes[start : bisect_left(codes, prefix + "~", lo=start)])

    def department_of_postcode(self, post_code: str) -> str | None:
        """Code of the department of a post code: that of its most populous commune; of a post code in no table
        (CEDEX), what its digits tell; else None."""
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
        """Codes of a grouping's communes, those of its departments too."""
        return self._groupings.communes(one)

    def around(self, cities: frozenset[str]) -> tuple[Place, ...]:
        """The groupings that hold every one of some communes (codes)."""
        return self._groupings.around(cities)

    # Indices, each built when first needed

    @cached_property
    def _groupings(self) -> Groupings:
        return Groupings.load(self._table)

    @cached_property
    def _post_codes(self) -> dict[str, list[int]]:
        return rows_of_post_codes(self._table)

    @cached_property
    def _sorted_post_codes(self) -> list[str]:
        return list(self._post_codes)

    def _communes(self, rows: Iterable[int]) -> tuple[Commune, ...]:
        return tuple(map(self._table.commune, rows))
