"""What a run of tokens may name, as found in the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.gazetteer import Commune, Department, Grouping, Region


@dataclass(frozen=True, slots=True)
class Named:
    """What tokens `first`..`last` name. `communes`: namesakes, the most populous first; at most one of the others,
    besides. `groupings`: bodies of communes and areas of that name."""

    first: int
    last: int
    communes: tuple[Commune, ...] = ()
    department: Department | None = None
    region: Region | None = None
    groupings: tuple[Grouping, ...] = ()

    @property
    def areas(self) -> bool:
        """Whether it may name a department, a region or a grouping."""
        return bool(self.department or self.region or self.groupings)
