"""Where sample suppliers sit and work: real communes, in proportion to their people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians, sin, sqrt
from typing import Any

from discovery.gazetteer import Commune, Gazetteer, gazetteer
from indexer.generate.draws import Draws, Weighted

KM_PER_DEGREE = 111.19
"""Of latitude: the mean Earth radius times π / 180."""
SPREAD_KM = 2.5
"""Suppliers stand around the commune's point, not on it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Communes to be drawn by their people."""

    communes: Weighted[Commune]
    pointless: tuple[Commune, ...]
    of_department: dict[str, tuple[Commune, ...]]
    gazetteer: Gazetteer

    def seat(self, draws: Draws) -> Commune:
        """A commune to sit in; now and then one of those overseas that have no known point."""
        if self.pointless and draws.chance(0.004):
            return draws.pick(self.pointless)
        return draws.weighted(self.communes)

    def city(self, commune: Commune) -> str:
        """The name of the city that a commune is, or is a part of."""
        parent = self.gazetteer.commune(commune.parent) if commune.parent else None
        return parent.name if parent else commune.name

    def department(self, commune: Commune) -> str:
        """The name of a commune's department."""
        department = self.gazetteer.department(commune.department)
        return department.name if department else commune.department

    def zone(self, scope: str, commune: Commune, draws: Draws) -> dict[str, Any]:
        """A zone of that scope, as the canonical format writes it."""
        if scope == "radius":
            return {"scope": scope, "radius_km": draws.pick((10, 15, 20, 25, 30, 30, 40, 50, 50, 60, 80, 100, 150))}
        if scope == "places":
            return {"scope": scope, "places": self._around(commune, draws)}
        return {"scope": scope}

    def _around(self, commune: Commune, draws: Draws) -> list[str]:
        own = f"department:{commune.department}"
        share = draws.share()
        if share < 0.5:
            return [own]
        if share < 0.7:
            near = [f"department:{each.code}" for each in self.gazetteer.departments_of(commune.region)]
            return list(dict.fromkeys([own, *draws.sample(near, draws.between(1, 3))]))
        if share < 0.82:
            return [f"region:{commune.region}"]
        others = draws.sample(self.of_department[commune.department], draws.between(1, 6))
        return list(dict.fromkeys(f"commune:{each.code}" for each in (commune, *others)))


@cache
def places() -> Places:
    """Where invented suppliers sit: towns by how many live there. Read once."""
    known = gazetteer()
    cities_in_parts = {commune.parent for commune in known.communes() if commune.parent}
    communes = [each for each in known.communes() if each.code not in cities_in_parts and each.post_codes]
    of_department: dict[str, list[Commune]] = {}
    for commune in communes:
        of_department.setdefault(commune.department, []).append(commune)
    return Places(
        Weighted((each, float(each.population)) for each in communes if each.point),
        tuple(each for each in communes if each.point is None),
        {code: tuple(found) for code, found in of_department.items()},
        known,
    )


def point_near(commune: Commune, draws: Draws) -> tuple[float, float] | None:
    """A point (degrees, 5 decimals) spread evenly over the disc around the commune's own; None when it has none."""
    distance, angle = SPREAD_KM * sqrt(draws.share()), 2 * pi * draws.share()
    if commune.point is None:
        return None
    lat, lon = commune.point
    north, east = distance * cos(angle) / KM_PER_DEGREE, distance * sin(angle) / KM_PER_DEGREE
    return round(lat + north, 5), round(lon + east / cos(radians(lat)), 5)
