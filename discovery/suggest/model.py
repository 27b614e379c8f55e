"""What is suggested, and how well it answers what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Type = Literal["sector", "place", "kind", "code", "supplier"]
TYPES: tuple[Type, ...] = ("sector", "place", "kind", "code", "supplier")


class Fit(float, Enum):
    """How a name meets what was typed; its part of the score."""

    WHOLE = 1.0
    """Typed in full."""
    START = 0.8
    INSIDE = 0.55
    """A later word of the name starts so."""
    NEAR = 0.3
    """Through a typo."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that a buyer may mean.

    `parameter` and `value`: the filter it stands for; without parameter, `value` is a supplier's id.

    `name`: what replaces the phrase from `start` on. `matched`: the other name that was met, when `label` is not
    what was typed ("ménage"). `score` orders suggestions of one phrase, and means nothing else.
    """

    type: Type
    value: str
    label: str
    detail: str
    name: str
    start: int
    score: float
    parameter: str | None = None
    matched: str | None = None
    slug: str | None = None


def best(found: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """The `limit` best suggestions, those of one type side by side, the type of the best one first.

    Each once, though several of its names or several ends of the phrase may have led to it. While several types are
    met, one fills half of the list at most: what was meant is seldom certain after three letters.
    """
    ranked = sorted(found, key=lambda one: (-one.score, one.type, one.value))
    once: dict[tuple[str, str], Suggestion] = {}
    for one in ranked:
        once.setdefault((one.type, one.value), one)
    share = limit if len({kind for kind, _ in once}) == 1 else (limit + 1) // 2
    first: list[Suggestion] = []
    spare: list[Suggestion] = []
    for one in once.values():
        (first if sum(other.type == one.type for other in first) < share else spare).append(one)
    chosen = sorted([*first[:limit], *spare[: max(0, limit - len(first))]], key=lambda one: -one.score)
    order = list(dict.fromkeys(one.type for one in chosen))
    return sorted(chosen, key=lambda one: order.index(one.type))
