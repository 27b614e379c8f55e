"""Ranking profiles: numbers that analysts own, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """How many of a query's words must match: all of them up to `all_up_to`, then at least `share` of them."""

    all_up_to: int
    share: float

    def required(self, words: int) -> int:
        """Number of words required out of `words` (at least 1 when there is one)."""
        if words <= self.all_up_to:
            return words
        return min(words, max(self.all_up_to, 1, math.ceil(round(words * self.share, 9))))


@dataclass(frozen=True, slots=True)
class Typos:
    """Words shorter than `minimum_length` are never corrected; a correction's clause is multiplied by `weight`."""

    minimum_length: int
    weight: float


@dataclass(frozen=True, slots=True)
class DistanceDecay:
    weight: float
    offset_km: float
    scale_km: float
    decay: float


@dataclass(frozen=True, slots=True)
class FreshnessDecay:
    weight: float
    offset_days: int
    scale_days: int
    decay: float


@dataclass(frozen=True, slots=True)
class Profile:
    """`fields` maps text fields to boosts. `relax_below`: words that find fewer, over the whole index, are relaxed."""

    name: str
    labels: Mapping[str, str]
    fields: tuple[tuple[str, float], ...]
    tie_breaker: float
    strict: Match
    lenient: Match
    relax_below: int
    equivalence_weight: float
    typos: Typos
    distance: DistanceDecay
    completeness: float
    certifications: float
    freshness: FreshnessDecay
    same_activity: float
