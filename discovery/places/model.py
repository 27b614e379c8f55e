"""What the gazetteer knows: communes, departments, regions, and places as search parameters name
them.

Codes are those of INSEE's Code Officiel Géographique; points are WGS 84 degrees, latitude first.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from discovery.model import dataclass, field

PlaceType = Literal[
    "commune",
    "postcode",
    "epci",
    "ept",
    "arrondissement",
    "department",
    "region",
    "area",
    "country",
]
GROUPINGS: tuple[PlaceType, ...] = ("epci", "ept", "arrondissement", "area")
"""Types of places made of communes: intercommunal bodies (établissements publics de coopération
intercommunale), those within Greater Paris (établissements publics territoriaux), arrondissements
of departments, analysts' areas.
"""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, or a municipal arrondissement of Paris, Lyon or Marseille (then `parent` is the
    city's code).

    `population` is 0 where the source has none; `lat`, `lon` are None where the commune has no
    known point. `former_codes` are INSEE codes that now mean this commune (merged, delegated,
    associated communes).
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


def is_overseas(department: str) -> bool:
    """Whether a department's code, or a post code, is of those across a sea, which begin with 97 or
    98.
    """
    return department.startswith(("97", "98"))


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
    """A place as parameters name it: `commune:69123`, `postcode:01150`, `epci:200046977`,
    `arrondissement:693`, `department:69`, `region:84`, `area:pays-d-auge`, `country`.

    `code` is empty for the country.
    """

    type: PlaceType
    code: str = ""

    def __str__(self) -> str:
        return f"{self.type}:{self.code}" if self.code else self.type


@dataclass(frozen=True)
class Grouping:
    """A place made of communes. `kind`: the DGCL's, of an intercommunal body: CC, CA, CU, METRO,
    MET69, EPT.

    `departments`: codes of those that an area holds whole. `members`: codes of its other communes
    (cities, never municipal arrondissements), separated by blanks: split when asked, since most are
    never asked for. `names`: others than `name`.
    """

    place: Place
    name: str
    members: str
    kind: str = ""
    names: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()

    @cached_property
    def communes(self) -> frozenset[str]:
        """Codes of its communes outside of `departments`."""
        return frozenset(self.members.split())


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """The places that analysts own. `areas`: groupings of type area. `names`: other names of
    official groupings.
    """

    areas: tuple[Grouping, ...] = ()
    names: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
