"""What the activities and seats of candidates can do, from which every coverage and reading of `national` follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded.arrays import Bools
from discovery.engine.port import Coverage, National


@dataclass(frozen=True, slots=True)
class ActivityMatch:
    """By candidate: whether one of its activities that meet the sector and service filters exists at all, is
    offered over all of France, serves the where by another zone that is declared or presumed; and whether the seat
    lies there."""

    exists: Bools | None
    country: Bools
    zone: Bools | None
    presumed: Bools | None
    seat: Bools | None
    """`exists` None: no activity is needed. `zone` None: no where. `presumed` None: such zones don't count.
    `seat` None: everyone's is in it."""

    def matches(self, coverage: Coverage, national: National, size: int) -> Bools:
        """Whether each candidate passes the activity filters and the where; a fresh array."""
        if self.zone is None:
            if national is National.ONLY:
                return self.country.copy()
            return np.ones(size, dtype=np.bool_) if self.exists is None else self.exists.copy()
        serves = self._serves(coverage, national, size)
        if not coverage.by_seat:
            return serves
        if national is National.ONLY:
            needed: Bools | None = self.country
        else:
            needed = self.exists
        if self.seat is None:
            located = np.ones(size, dtype=np.bool_) if needed is None else needed.copy()
        else:
            located = self.seat.copy() if needed is None else self.seat & needed
        return np.logical_or(located, serves, out=located)

    def _serves(self, coverage: Coverage, national: National, size: int) -> Bools:
        """Whether each candidate has an activity that serves the where; a fresh array."""
        serves = np.zeros(size, dtype=np.bool_)
        if not coverage.by_zone:
            return serves
        for zone, counts in (
            (self.zone, coverage is not Coverage.PRESUMED and national is not National.ONLY),
            (self.presumed, national is not National.ONLY),
            (self.country, coverage is not Coverage.PRESUMED and national is not National.EXCLUDE),
        ):
            if counts and zone is not None:
                serves |= zone
        return serves
