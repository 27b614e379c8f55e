"""Of one segment and some targets: who sits in them, which activities serve them. Arrays that caches keep."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.engine.embedded.arrays import Bools, Ints


@dataclass(frozen=True)
class Seats:
    """Who sits in some targets.

    `located`: whether each document is seated in the targets.
    """

    located: Bools

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, for the cache that keeps them."""
        return self.located.nbytes


@dataclass(frozen=True)
class Zones:
    """Activities that serve the targets: their numbers in no order; by activity, whether it is one; by document,
    whether it has one."""

    activities: Ints
    among: Bools
    owners: Bools

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, for the cache that keeps them."""
        return self.activities.nbytes + self.among.nbytes + self.owners.nbytes


@dataclass(frozen=True)
class Served:
    """Which activities serve some targets.

    By zones that are declared, and by those that are presumed.
    """

    declared: Zones
    presumed: Zones

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, for the cache that keeps them."""
        return self.declared.nbytes + self.presumed.nbytes


@dataclass(frozen=True)
class Place:
    """How the documents of a segment stand to some targets.

    `located` by document (None = all of them). `presumed` None: such zones don't count. Not to be written to.

    Country zones serve everywhere, unless national is `exclude`; the caller adds them.
    """

    located: Bools | None
    zones: Zones
    presumed: Zones | None
