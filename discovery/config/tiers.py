"""What a supplier's score begins with: by what it does the trade asked for, and how it serves the place asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TradeTiers:
    """For each need of a request, of the ways in which a supplier meets it the first alone: an activity of the trade
    that serves the where; one that does not; evidence; words only. Each at least the next."""

    here: float = 0.0
    elsewhere: float = 0.0
    evidence: float = 0.0
    mention: float = 0.0


@dataclass(frozen=True, slots=True)
class PlaceTiers:
    """What each way of serving the place is worth.

    Of the ways in which a supplier serves the where the first alone: its seat; a declared zone; a presumed one; all
    of France. Each at least the next.
    """

    seat: float = 0.0
    near: float = 0.0
    presumed: float = 0.0
    national: float = 0.0


@dataclass(frozen=True, slots=True)
class CircleTiers:
    """Instead of the place's, with a trade recognised, where all are found alike around a centre (in a circle, by their
    seat; around a focus, anywhere): what the nearest have by `kilometres`, and besides who comes there, by a declared
    zone, a presumed one, or all of France. Each at least the next; without kilometres the place's steps stand."""

    kilometres: float = 0.0
    near: float = 0.0
    presumed: float = 0.0
    national: float = 0.0

    @property
    def place(self) -> PlaceTiers:
        """The tiers of places within a circle, where all sit near and a seat tells nothing (0)."""
        return PlaceTiers(near=self.near, presumed=self.presumed, national=self.national)
