""" "Near" without a distance: the circle chosen for people, and the wider ones offered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discovery.config.default_radius import Near


@dataclass(frozen=True, slots=True)
class Circle:
    """The circle that "near" came to mean.

    `radius_km`: chosen. `counts`: of each circle that was tried, smallest first, the suppliers that answer in it.
    `wider`: those offered beside it, each with its count.
    """

    radius_km: int
    counts: Mapping[int, int]
    wider: tuple[tuple[int, int], ...]


def choose(counts: Sequence[int], near: Near, doing: Sequence[int] = ()) -> Circle:
    """Choose the smallest circle with enough suppliers, else the largest.

    `counts`: for each of `near.radii_km`, how many suppliers answer in that circle. `doing`: how many of them do
    what is needed, by what they declare or what is known of them, which decides where anybody does. Raises
    ValueError when the lengths differ.
    """
    tried = dict(zip(near.radii_km, counts, strict=True))
    deciding = dict(zip(near.radii_km, doing, strict=True)) if any(doing) else tried
    chosen = next((km for km, count in deciding.items() if count >= near.enough), near.radii_km[-1])
    wider: dict[int, int] = {}
    for km, count in tried.items():
        if km > chosen and count > tried[chosen]:
            wider.setdefault(count, km)  # of two that hold the same, the smaller
    return Circle(chosen, tried, tuple((km, count) for count, km in wider.items())[: near.offered])
