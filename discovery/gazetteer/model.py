"""What the gazetteer knows: communes, departments, regions, and places as search parameters name them.

Codes are those of INSEE's Code Officiel Géographique; points are WGS 84 degrees, latitude first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PlaceType = Literal["commune", "postcode", "department", "region", "country"]


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, or a municipal arrondissement of Paris, Lyon or Marseille (then `parent` is the city's code).

    `population` is 0 where the source has none; `lat`, `lon` are None where the commune has no known point.
    `former_codes` are INSEE codes that now mean this commune (merged, delegated, associated communes).
    """

    code: str
    name: str
    department: str
    region: str
    population: int
    lat: float | None
    lon: float | None
    post_codes: tuple[str, ...]
    parent: str | None = None
    former_codes: tuple[str, ...] = ()

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude) in degrees, or None."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    @property
    def city(self) -> str:
        """The code of the city it belongs to: the parent of an arrondissement, else its own."""
        return self.parent or self.code


@dataclass(frozen=True, slots=True)
class Department:
    """A department, or a collectivity overseas that INSEE numbers like one (975, 977, 978, 98x)."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region; a collectivity overseas is its own region (code 975, 977, …)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place as parameters name it: `commune:69123`, `postcode:01150`, `department:69`, `region:84`, `country`.

    `code` is empty for the country.
    """

    type: PlaceType
    code: str = ""

    def __str__(self) -> str:
        return f"{self.type}:{self.code}" if self.code else self.type
