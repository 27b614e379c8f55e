"""Places that analysts name: areas that no office keeps, other names of those that one does. Pure.

`Entries` is what the files say, as it stands; `resolve_places.resolve` makes `NamedPlaces` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from marshmallow import ValidationError
from marshmallow.validate import Length

from discovery.declared import Sentence, Slug, declared
from discovery.gazetteer.model import Grouping, Place

_Name = Annotated[str, Length(min=2)]


@declared()
class AreaEntry:
    """An area as analysts wrote it.

    `members`: codes of places. `why`: what makes it a place of its own, or who drew it.
    """

    slug: Slug
    name: _Name
    members: Annotated[tuple[str, ...], Length(min=1)]
    why: Sentence
    names: tuple[_Name, ...] = ()


@declared()
class Adjectives:
    """How a town's adjective names what is around it. `of`: code of a commune → (masculine, feminine) forms.

    `body`, `around`: patterns with {m} or {f}, of the intercommunal body and of the arrondissement that hold the town.
    """

    body: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    of: Mapping[str, Annotated[tuple[str, ...], Length(equal=2)]] = field(default_factory=dict)

    def parsed(self) -> Adjectives:
        """Refuse a pattern that has no place for an adjective."""
        for pattern in (*self.body, *self.around):
            if "{m}" not in pattern and "{f}" not in pattern:
                raise ValidationError(f"'{pattern}' has neither {{m}} nor {{f}}", "body")
        return self


@declared()
class AreasFile:
    """`places/areas.yaml`."""

    areas: tuple[AreaEntry, ...]


@declared()
class NamesFile:
    """`places/names.yaml`. `names`: code of a grouping → names that people give it besides."""

    names: Mapping[str, tuple[_Name, ...]] = field(default_factory=dict)
    adjectives: Adjectives = field(default_factory=Adjectives)


@dataclass(frozen=True, slots=True)
class Entries:
    """Both files as written."""

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
