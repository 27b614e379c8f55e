"""Ranking profiles: numbers that analysts own, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from discovery.config.tiers import CircleTiers, PlaceTiers, TradeTiers
from discovery.schema.signals import SHARES, DocumentSignals

MAX_PINNED = 5
"""Suppliers pinned for one query: what one screen shows, and what a score can hold (`engine.port.PIN_STEP`)."""


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
    """Words shorter than `minimum_length` are never corrected; a correction's clause is multiplied by `weight`
    (0 = nothing is corrected)."""

    minimum_length: int
    weight: float


@dataclass(frozen=True, slots=True)
class Frequent:
    """A word is frequent in an index when `share` of its suppliers hold it, and no fewer than `at_least`."""

    share: float = 0.01
    at_least: int = 5

    def documents(self, total: int) -> int:
        """How many of `total` suppliers hold a frequent word, at least."""
        return max(self.at_least, round(total * self.share))


@dataclass(frozen=True, slots=True)
class TextWeight:
    """What the words add at most, with a need (`weight`) and where no trade is recognised (`alone`); a word that scores
    `full` on average adds all of it."""

    weight: float
    alone: float
    full: float


@dataclass(frozen=True, slots=True)
class DistanceDecay:
    """What the nearest have, with a need (`weight`) and where no trade is recognised (`alone`). One part is halved
    every `near_km`, the other (`far_share` of it) every `far_km`."""

    weight: float
    alone: float
    offset_km: float
    near_km: float
    far_km: float
    far_share: float


@dataclass(frozen=True, slots=True)
class FreshnessDecay:
    """What a fresh record adds, and how it falls with age: as a Gaussian, to `decay` at offset + scale."""

    weight: float
    offset_days: int
    scale_days: int
    decay: float


@dataclass(frozen=True, slots=True)
class Responsiveness:
    """What is taken from a supplier that was asked `asked` times or more and answered less than `share` of them, as a
    deployer's file tells (`DISCOVERY_RESPONSES`); without a file, from nobody."""

    weight: float = 0.0
    asked: int = 5
    share: float = 0.2


@dataclass(frozen=True, slots=True)
class Named:
    """Suppliers named for some queries: the words that a phrase leaves, case and accents aside."""

    queries: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile(DocumentSignals):
    """A ranking: every number of a file of `mappings/profiles/`.

    `fields` maps text fields to boosts. `relax_below`: words that find fewer, over the whole index, are relaxed.

    `trade`, `place`, `circle`: what a score begins with. `sea`: what is left of the score of who sits across the sea
    from the place asked for. `rotation`: equals change places from day to day. `pins` put matches first, in their
    order, and `buries` last; neither ever adds a supplier.
    """

    name: str
    labels: Mapping[str, str] = field(hash=False)
    fields: tuple[tuple[str, float], ...]
    tie_breaker: float
    strict: Match
    lenient: Match
    relax_below: int
    equivalence_weight: float
    typos: Typos
    trade: TradeTiers
    place: PlaceTiers
    circle: CircleTiers
    sea: float
    text: TextWeight
    distance: DistanceDecay
    freshness: FreshnessDecay
    frequent: Frequent = Frequent()
    responsiveness: Responsiveness = Responsiveness()
    rotation: bool = False
    pins: tuple[Named, ...] = ()
    buries: tuple[Named, ...] = ()

    def without(self, layers: Iterable[str]) -> Profile:
        """The profile with some of `LAYERS` switched off. Raises KeyError for an unknown one."""
        found = self
        for layer in layers:
            found = LAYERS[layer](found)
        return found


def _weightless(signal: str, profile: Profile) -> Profile:
    changed: dict[str, Any] = {signal: 0.0}
    return replace(profile, **changed)


_TIERS: dict[str, Callable[[Profile], Profile]] = {
    "trade": lambda profile: replace(profile, trade=TradeTiers()),
    "place": lambda profile: replace(profile, place=PlaceTiers(), circle=CircleTiers(profile.circle.kilometres)),
    "sea": lambda profile: replace(profile, sea=1.0),
}
_SIGNALS: dict[str, Callable[[Profile], Profile]] = {
    "distance": lambda profile: replace(
        profile, distance=replace(profile.distance, weight=0.0, alone=0.0), circle=CircleTiers()
    ),
    **{name: partial(_weightless, name) for name in SHARES},
    "freshness": lambda profile: replace(profile, freshness=replace(profile.freshness, weight=0.0)),
    "responsiveness": lambda profile: replace(profile, responsiveness=Responsiveness()),
}

LAYERS: Mapping[str, Callable[[Profile], Profile]] = {
    "tiers": lambda profile: profile.without(_TIERS),
    **_TIERS,
    "signals": lambda profile: profile.without(_SIGNALS),
    **_SIGNALS,
    "equivalences": lambda profile: replace(profile, equivalence_weight=0.0),
    "typos": lambda profile: replace(profile, typos=replace(profile.typos, weight=0.0)),
    "relaxation": lambda profile: replace(profile, relax_below=0),
    "rotation": lambda profile: replace(profile, rotation=False),
    "pins": lambda profile: replace(profile, pins=(), buries=()),
}
"""What `without=` can switch off, one at a time: each turns a profile into one that lacks the layer."""
