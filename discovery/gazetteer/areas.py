"""Departments and regions: by code, by any of their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from discovery.gazetteer.model import Department, Place, Region
from discovery.gazetteer.names import normalise, without_article
from discovery.gazetteer.table import DataError, read_rows


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
        self._department_of = {area_key(d.name): d.code for d in self.departments.values()}
        self._region_of = {area_key(r.name): r.code for r in self.regions.values()}
        self._aliases: list[tuple[Place, str]] = []
        for place, name in aliases:
            kind, _, code = place.partition(":")
            known, names = {
                "department": (self.departments.keys(), self._department_of),
                "region": (self.regions.keys(), self._region_of),
            }.get(kind, (frozenset[str](), {}))
            if code not in known:
                raise DataError(f"data/aliases.tsv: {place} is no department nor region.")
            if names.setdefault(area_key(name), code) != code:
                raise DataError(f"data/aliases.tsv: {name} already names {kind}:{names[area_key(name)]}.")
            self._aliases.append((Place("department" if kind == "department" else "region", code), name))

    @classmethod
    def load(cls) -> Areas:
        """Read the departments and regions of the package. Raises DataError when its files are not what they should
        be."""
        return cls(
            [Department(*row) for row in read_rows("departments.tsv", ("code", "name", "region"))],
            [Region(*row) for row in read_rows("regions.tsv", ("code", "name"))],
            [(place, name) for place, name in read_rows("aliases.tsv", ("place", "name"))],
        )

    def keys(self) -> Iterator[str]:
        """The key of every name there is, without article."""
        yield from self._department_of
        yield from self._region_of

    def named(self) -> Iterator[tuple[Place, str]]:
        """Each department and region with each of its names: official, customary, English. A collectivity overseas
        that is both is named once."""
        yield from ((Place("department", one.code), one.name) for one in self.departments.values())
        for one in self.regions.values():
            if one.code not in self.departments or self.departments[one.code].region != one.code:
                yield Place("region", one.code), one.name
        yield from self._aliases

    def department_by_name(self, name: str) -> Department | None:
        """The department of a name, in any spelling, with or without article; None when none bears it."""
        return self.departments.get(self._department_of.get(area_key(name), ""))

    def region_by_name(self, name: str) -> Region | None:
        """The region of a name, in any spelling, with or without article; None when none bears it."""
        return self.regions.get(self._region_of.get(area_key(name), ""))

    def departments_of(self, region: str) -> tuple[Department, ...]:
        """The departments of a region, by its code."""
        return tuple(department for department in self.departments.values() if department.region == region)
