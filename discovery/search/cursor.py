"""Where a walk through all hits of a search stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.engine.port import Position

WALKED = ("id", "name", "updated", "listed", "distance")
"""Sorts that can be walked: who changes meanwhile moves nobody else."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a walk goes on.

    `position`: of the last hit given. `relaxed`: the walk began with the lenient reading of the words, and goes on
    so however many suppliers the strict one finds by now. `mark`: of the search (`search_mark.mark`).
    """

    position: Position
    relaxed: bool
    mark: str
