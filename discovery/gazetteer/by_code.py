"""Places by their codes: communes, departments, regions, post codes, and what holds what."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from discovery.gazetteer.areas import Areas
from discovery.gazetteer.groupings import Groupings
from discovery.gazetteer.model import Commune, Department, Grouping, Place, Region
from discovery.gazetteer.named_places import NamedPlaces
from discovery.gazetteer.postcodes import PostCodes, department_of_unlisted
from discovery.gazetteer.table import CommuneTable


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
        return self._areas.departments_of(region)

    def codes_holding(self, code: str) -> tuple[str, str, str]:
        """(city, department, region) codes of a commune's code. Raises KeyError when unknown."""
        commune = self.commune(code)
        if commune is None:
            raise KeyError(code)
        return commune.city, commune.department, commune.region

    # Post codes

    def communes_of_postcode(self, post_code: str) -> tuple[Commune, ...]:
        """Communes of a post code, most populous first; 75012, 75116, 69003 give the arrondissement."""
        return self._communes(self._post_codes.rows(post_code))

    def postcodes_with_prefix(self, prefix: str) -> tuple[str, ...]:
        """Known post codes that start so, sorted."""
        return self._post_codes.with_prefix(prefix)

    def department_of_postcode(self, post_code: str) -> str | None:
        """Code of the department of a post code: that of its most populous commune; of a post code in no table
        (CEDEX), what its digits tell; else None."""
        rows = self._post_codes.rows(post_code)
        code = self._table.department[rows[0]] if rows else department_of_unlisted(post_code)
        return code if code in self._areas.departments else None

    # Groupings of communes

    def grouping(self, place: Place) -> Grouping | None:
        """The intercommunal body, arrondissement or area of a place."""
        return self._groupings.of.get(place)

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
    def _post_codes(self) -> PostCodes:
        return PostCodes(self._table)

    def _communes(self, rows: Iterable[int]) -> tuple[Commune, ...]:
        return tuple(map(self._table.commune, rows))
