"""Groups that cover a lot that nobody covers alone: greedy set cover over trade, place and people. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[str, str]
"""A trade at a place."""
MOST = 4
"""Suppliers of a group: more of them do not answer as one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Suppliers that answer together, who brings most first: they could lead. `brings`: id → cells that nobody before
    them brings. `uncovered`: cells that none of them does. `short`: people that would still be needed."""

    brings: Mapping[str, tuple[Cell, ...]]
    uncovered: tuple[Cell, ...] = ()
    short: float = 0.0


def covering(cells: Mapping[Cell, Sequence[str]], people: Mapping[str, float], needed: float = 0.0) -> Group | None:
    """The group that covers most; None where somebody does it all alone, or nobody does any of it. `cells`: who does
    each, the best first; `people`: of a supplier, 0 = not known; `needed`: people in all."""
    holders = {cell: frozenset(ids) for cell, ids in cells.items()}
    ranked = list(dict.fromkeys(id_ for ids in cells.values() for id_ in ids))
    left = {cell for cell, ids in holders.items() if ids}
    if not left or any(people.get(id_, 0) >= needed and all(id_ in ids for ids in holders.values()) for id_ in ranked):
        return None
    brings: dict[str, tuple[Cell, ...]] = {}
    short, whole = needed, len(left)
    while (left or short > 0) and len(brings) < MOST:
        gains = {
            id_: sum(id_ in holders[cell] for cell in left) / whole
            + (min(people.get(id_, 0.0), short) / needed if short > 0 else 0.0)
            for id_ in ranked
            if id_ not in brings
        }
        best = max(gains, key=lambda id_: gains[id_], default="")
        if not best or gains[best] <= 0:
            break
        brings[best] = tuple(cell for cell in cells if cell in left and best in holders[cell])
        left -= set(brings[best])
        short = max(short - people.get(best, 0.0), 0.0)
    return Group(brings, tuple(cell for cell in cells if cell in left or not holders[cell]), short)
