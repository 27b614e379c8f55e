"""Places that analysts name: areas that no office keeps, other names of those that one does. Pure.

`Entries` is what the files say, as it stands; `resolve_places.resolve` makes `NamedPlaces` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from discovery.gazetteer.model import Grouping, Place


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """An area as analysts wrote it.

    `members`: codes of places. `why`: what makes it a place of its own, or who drew it.
    """

    slug: str
    name: str
    members: tuple[str, ...]
    why: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjectives:
    """How a town's adjective names what is around it. `of`: code of a commune → (masculine, feminine) forms.

    `body`, `around`: patterns with {m} or {f}, of the intercommunal body and of the arrondissement that hold the town.
    """

    body: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    of: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entries:
    """The files as written. `names`: code of a grouping → names that people give it besides."""

    areas: tuple[AreaEntry, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    adjectives: Adjectives = field(default_factory=Adjectives)


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """The places that analysts own.

    `areas`: groupings of type area. `names`: other names of official groupings.
    """

    areas: tuple[Grouping, ...] = ()
    names: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
