"""Two rankings in one list, so that a click on it tells which of them had put the better supplier forward. Pure.

Team draft (Radlinski, Kurup, Joachims 2008, "How does clickthrough data reflect retrieval quality?", CIKM): round by
round each ranking places its best supplier that is not yet in the list, a coin says which of them first. What both
begin with alike is nobody's: a click there tells of neither (Radlinski, Craswell 2010, SIGIR).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

ONE, OTHER, BOTH = "A", "B", "="
"""Whose a place of the list is."""

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Drafted(Generic[T]):
    """Two rankings drafted into one.

    `teams`: of each place of `ranked`, whose it is, one letter each.
    """

    ranked: tuple[T, ...]
    teams: str


def draft(one: Sequence[T], other: Sequence[T], seed: int) -> Drafted[T]:
    """All members of two rankings, each once, drafted by turns (team-draft interleaving: Radlinski, Kurup, Joachims
    2008).

    The same seed draws the same coins, so that a longer piece of the same rankings (equally long ones) begins with
    the same list.
    """
    alike = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    alike = min(len(one), len(other)) if alike is None else alike
    ranked, teams = dict.fromkeys(one[:alike]), [BOTH] * alike
    coin = Random(seed)  # noqa: S311 - nothing secret
    left = {ONE: iter(one[alike:]), OTHER: iter(other[alike:])}
    while left:
        first = ONE if coin.getrandbits(1) else OTHER
        for team in (first, OTHER if first == ONE else ONE):
            found = next((member for member in left.get(team, ()) if member not in ranked), None)
            if found is None:
                left.pop(team, None)
                continue
            ranked[found] = None
            teams.append(team)
    return Drafted(tuple(ranked), "".join(teams))
